import Testing

@testable import ObjectStorageS3

struct KeyDecoderTests {
    private struct Digits: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 33
        }
    }

    /// Keys one after the other, with what was learnt of those before, and each by itself.
    private func expectSame(_ keys: [[UInt8]]) {
        var decoder = KeyDecoder()
        var isClean = true
        for key in keys {
            var (together, alone) = ([UInt8(ascii: "x")], [UInt8]())
            isClean = URIEncoding.decodeForm(key[...], into: &alone) && isClean
            let isRight = decoder.decode(key.span, into: &together)
            #expect(isRight == !alone.contains(0), "\(String(decoding: key, as: UTF8.self))")
            if isRight { #expect(together.dropFirst().elementsEqual(alone)) }
            #expect(decoder.isClean == isClean)
        }
    }

    @Test
    func `keys mean the same behind others as by themselves`() {
        expectSame(
            [
                "pg%2Fmain%2Fwals%2F01/0101", "pg%2Fmain%2Fwals%2F01/0102", "pg%2Fmain%2Fwals%2F", "pg%2Fmain%2Fwals%2",
                "pg%2Fmain%2Fwals%2F01/+", "pg%2Fmain%2Fwals%2F01/+1", "pg%2fmain%2Fwals%2F01/01", "", "+", "%", "%%20",
                "a%2", "a%2F", "a", "%00", "%00b", "%41", "%41b", "ab", "%4", "%2B%2B1", "%2B%2B", "++", "1",
            ].map { Array($0.utf8) }
        )
        var digits = Digits(state: 7)
        for _ in 0..<2000 {
            let keys = (0..<8).map { _ in
                (0..<Int.random(in: 0...7, using: &digits)).flatMap { _ in
                    Array(["%2F", "%", "+", "a", "b", "%0", "%00", "2"].randomElement(using: &digits)!.utf8)
                }
            }
            expectSame(keys)
            expectSame(keys.sorted { $0.lexicographicallyPrecedes($1) })
        }
    }
}

/// Random numbers that are the same for the same seed, on every machine (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// The numbers of one case: they depend on the run's seed, the target and the case alone.
    init(seed: UInt64, target: String, number: UInt64) {
        var mixed = SeededGenerator(seed: seed)
        state = mixed.next() ^ Self.digest(of: Array(target.utf8))
        state = next() ^ number
    }

    /// The numbers that an input decides for itself, so that it can be replayed without anything but its bytes.
    init(from input: [UInt8]) {
        state = Self.digest(of: input)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// Whether the one case of `count` came up.
    mutating func oneIn(_ count: Int) -> Bool {
        below(count) == 0
    }

    /// A number from 0 on below `count`, 0 where there is none.
    mutating func below(_ count: Int) -> Int {
        count > 0 ? Int.random(in: 0..<count, using: &self) : 0
    }

    /// A size up to `most`, small ones far more often than large ones.
    mutating func size(upTo most: Int) -> Int {
        let bits = below(Int.bitWidth - max(most, 1).leadingZeroBitCount) + 1
        return min(most, 1 + below(1 << bits))
    }

    /// FNV-1a over the beginning, the end and the length: a segment of WAL is long.
    private static func digest(of bytes: [UInt8]) -> UInt64 {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(bytes.count)
        for byte in bytes.prefix(4096) { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for byte in bytes.suffix(4096) { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return digest
    }
}

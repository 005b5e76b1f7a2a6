internal import ObjectStorage

/// The body of an object out of an answer that is what was asked for.
struct ObjectBody {
    let bytes: [UInt8]

    /// Holds an answer against the range that was asked for.
    init(_ response: HTTPResponse, range: Range<Int64>?, failure: S3Failure) throws(ObjectStoreError) {
        // A body that ends with the connection cannot be told from one that was cut.
        guard response.isEndAnnounced else {
            throw failure.unexpected(response, wanted: "a body whose length is announced")
        }
        let wantedStatus = range == nil ? "200" : "206"
        guard response.status == 200 || response.status == 206 && range != nil else {
            throw failure.unexpected(response, wanted: wantedStatus)
        }
        guard let range else {
            if let broken = response.brokenDigest {
                throw failure.unexpected(response, wanted: "bytes whose \(broken)")
            }
            bytes = response.body
            return
        }
        // rclone answers a part with status 200: whether it is one, only this header says.
        if let header = response.header("content-range") {
            let part = ContentRange(header)
            guard let part, part.bytes.lowerBound == range.lowerBound,
                part.bytes.upperBound == min(range.upperBound, part.size ?? range.upperBound),
                part.bytes.count == response.body.count
            else {
                throw failure.unexpected(
                    response,
                    wanted: "bytes \(range.lowerBound)..<\(range.upperBound)",
                    isRetryable: false
                )
            }
            bytes = response.body
            return
        }
        // A server may ignore a range; the limit has kept the whole object small.
        guard response.status == 200 else { throw failure.unexpected(response, wanted: "a Content-Range") }
        guard range.lowerBound < response.body.count else {
            throw failure.outside(range, size: Int64(response.body.count))
        }
        bytes = Array(response.body[Int(range.lowerBound)..<min(Int(clamping: range.upperBound), response.body.count)])
    }
}

/// The part that an answer holds: `bytes 0-99/1234`.
struct ContentRange: Hashable, Sendable {
    var bytes: Range<Int64>
    /// The size of the whole object, nil for `*`.
    var size: Int64?

    init?(_ text: String) {
        guard text.hasPrefix("bytes ") else { return nil }
        let halves = text.utf8.dropFirst(6).split(separator: 0x2F, omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        let ends = halves[0].split(separator: 0x2D, omittingEmptySubsequences: false)
        guard ends.count == 2, let first = decimal(ends[0]), let last = decimal(ends[1]), first <= last, last < .max
        else { return nil }
        bytes = first..<(last + 1)
        if !halves[1].elementsEqual("*".utf8) {
            guard let size = decimal(halves[1]), last < size else { return nil }
            self.size = size
        }
    }
}

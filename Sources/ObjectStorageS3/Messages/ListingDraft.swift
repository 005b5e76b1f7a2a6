internal import ObjectStorage

/// What the elements of a ListObjectsV2 page add up to, whoever reads them.
struct ListingDraft {
    // 10,000: ten times what is asked for; Ceph can be configured to 5,000.
    private static let entryLimit = 10_000
    // 16 KiB, after decoding.
    private static let keyLimit = 16384

    /// The objects, their keys as they stand.
    private var page = ObjectPage(capacity: 1000)
    private var prefixes: [[UInt8]] = []
    private var longestKey = 0

    private var isTruncated: Bool?
    private var isURLEncoded = false
    private var keyCount: Int64?
    private var nextToken: [UInt8]?
    private var nextMarker: [UInt8]?
    private var name: [UInt8]?
    private var prefix: [UInt8]?
    private var startAfter: [UInt8]?
    private var token: [UInt8]?

    /// Adds an object; its key is not decoded yet.
    mutating func addObject(
        key: Span<UInt8>,
        size: Int64,
        lastModified: Int64,
        etag: Span<UInt8>
    ) throws(XMLFailure) {
        page.append(key: key, size: size, lastModified: lastModified, etag: etag)
        longestKey = max(longestKey, key.count)
        try checkEntryLimit()
    }

    /// Adds a name that a delimiter rolled up; it is not decoded yet.
    mutating func addCommonPrefix(_ name: [UInt8]) throws(XMLFailure) {
        prefixes.append(name)
        try checkEntryLimit()
    }

    private func checkEntryLimit() throws(XMLFailure) {
        guard page.count + prefixes.count <= Self.entryLimit else {
            throw XMLFailure.lasting("the page holds more than \(Self.entryLimit) entries")
        }
    }

    /// Takes what the page says of itself; elements that mean nothing to a client are passed over.
    mutating func takeField(_ name: Span<UInt8>, _ text: Span<UInt8>) throws(XMLFailure) {
        if name.isEqual("IsTruncated") {
            guard text.isEqual("true") || text.isEqual("false") else {
                throw XMLFailure("IsTruncated is \"\(excerpt(text))\", neither true nor false")
            }
            isTruncated = text.isEqual("true")
        } else if name.isEqual("EncodingType") {
            isURLEncoded = lowercased(text.text) == "url"
        } else if name.isEqual("KeyCount") {
            keyCount = decimal(text)
        } else if name.isEqual("NextContinuationToken") {
            nextToken = text.array
        } else if name.isEqual("NextMarker") {
            nextMarker = text.array
        } else if name.isEqual("Name") {
            self.name = text.array
        } else if name.isEqual("Prefix") {
            prefix = text.array
        } else if name.isEqual("StartAfter") {
            startAfter = text.array
        } else if name.isEqual("ContinuationToken") {
            token = text.array
        }
    }

    /// The page, its names decoded, now that it is known whether they are encoded: MinIO says so behind them.
    func finish() throws(XMLFailure) -> ParsedListing {
        guard let isTruncated else { throw XMLFailure("it does not say IsTruncated") }
        var page = try decodedPage()
        for prefix in prefixes {
            let name = decode(prefix)
            try check(name)
            page.commonPrefixes.append(ObjectKey(bytes: name))
        }
        let count = page.count + prefixes.count
        // Some servers count objects only.
        if let keyCount, keyCount != Int64(count), keyCount != Int64(page.count) {
            page.suspicions.append("the page says it holds \(keyCount) entries, and holds \(count)")
        }
        return ParsedListing(
            page: page,
            isTruncated: isTruncated,
            nextToken: nextToken,
            nextMarker: nextMarker.map { decode($0) },
            echo: .init(
                name: name,
                prefix: prefix.map(spelling),
                startAfter: startAfter.map(spelling),
                token: token.map(spelling)
            )
        )
    }

    private func decodedPage() throws(XMLFailure) -> ObjectPage {
        // Keys of WAL hold nothing that is encoded, and XML holds no zero.
        guard isURLEncoded, page.hasKey(containing: UInt8(ascii: "%"), or: UInt8(ascii: "+")) else {
            guard longestKey <= Self.keyLimit else { throw Self.keyTooLong }
            return page
        }
        var decoder = KeyDecoder()
        var decodedPage = try page.replacingKeys { (key, keys: inout [UInt8]) throws(XMLFailure) in
            let before = keys.count
            guard decoder.decode(key, into: &keys) else { throw Self.keyWithZero }
            guard keys.count - before <= Self.keyLimit else { throw Self.keyTooLong }
        }
        if !decoder.isClean {
            decodedPage.suspicions.append(
                "a key holds a percent sign without two digits behind it, though keys are encoded"
            )
        }
        return decodedPage
    }

    private static let keyTooLong = XMLFailure.lasting("a key is longer than \(keyLimit) bytes")
    private static let keyWithZero = XMLFailure.lasting("a key contains a zero byte")

    private func check(_ key: [UInt8]) throws(XMLFailure) {
        guard key.count <= Self.keyLimit else { throw Self.keyTooLong }
        guard !key.contains(0) else { throw Self.keyWithZero }
    }

    private func decode(_ bytes: [UInt8]) -> [UInt8] {
        isURLEncoded ? spelling(bytes).decoded : bytes
    }

    private func spelling(_ bytes: [UInt8]) -> ParsedListing.Spelling {
        var decoded: [UInt8] = []
        URIEncoding.decodeForm(bytes[...], into: &decoded)
        return .init(raw: bytes, decoded: decoded)
    }
}

/// The beginning of a text, for a message.
func excerpt(_ text: Span<UInt8>) -> String {
    // 60: enough to recognise it, little enough for one line.
    printable(text.array.prefix(60))
}

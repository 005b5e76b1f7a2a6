package import ObjectStorage

/// A page of ListObjectsV2 as the server wrote it, before it is held against the request.
package struct ParsedListing: Sendable {
    /// The objects and common prefixes, their names decoded.
    package var page: ObjectPage
    var isTruncated: Bool
    /// The bytes of the token, never decoded: Ceph sends a raw key here even where names are encoded.
    var nextToken: [UInt8]?
    /// The word of ListObjects (version 1), with which some servers answer version 2.
    var nextMarker: [UInt8]?
    /// What the server says that it was asked, nil where it does not say.
    var echo: Echo

    struct Echo: Hashable, Sendable {
        var name: [UInt8]?
        /// Both as they stand and decoded, because servers differ in which of them they encode.
        var prefix: Spelling?
        var startAfter: Spelling?
        var token: Spelling?
    }

    /// One text in the two ways it can be meant.
    struct Spelling: Hashable, Sendable {
        var raw: [UInt8]
        var decoded: [UInt8]

        func canMean(_ bytes: [UInt8]) -> Bool { raw == bytes || decoded == bytes }
    }
}

/// Reads ListObjectsV2 into columns, without a `String` or a dictionary for any key.
///
/// A value, so that Swift checks once per element and not once per field that nobody else is at it.
package struct ListingParser {
    // 10,000: ten times what is asked for; Ceph can be configured to 5,000.
    private static let entryLimit = 10_000
    // 16 KiB, after decoding.
    private static let keyLimit = 16384

    /// Where in a document an element is.
    private enum Place {
        case root
        case object
        case commonPrefix
        case elsewhere
    }

    private struct Entry {
        var keyEnd: Int
        var etagEnd: Int
        var size: Int64
        var lastModified: Int64
    }

    private var place = Place.root
    private var keys: [UInt8] = []
    private var etags: [UInt8] = []
    private var entries: [Entry] = []
    private var prefixes: [[UInt8]] = []

    // The object being read; nil is "not seen yet".
    private var keyStart = 0
    private var hasKey = false
    private var size: Int64?
    private var lastModified: Timestamp?
    private var commonPrefix: [UInt8]?

    private var isTruncated: Bool?
    private var isURLEncoded = false
    private var keyCount: Int64?
    private var nextToken: [UInt8]?
    private var nextMarker: [UInt8]?
    private var name: [UInt8]?
    private var prefix: [UInt8]?
    private var startAfter: [UInt8]?
    private var token: [UInt8]?

    private init() {}

    /// Reads a whole page, or nothing of it.
    package static func parse(_ document: [UInt8]) throws(XMLFailure) -> ParsedListing {
        let receiver = Receiver()
        try SAXParser.parse(document, to: receiver)
        return try receiver.parser.finish()
    }

    /// Hands over what the XML parser tells.
    private final class Receiver: XMLHandler {
        var parser = ListingParser()

        func open(_ name: Span<UInt8>, depth: Int) throws(XMLFailure) {
            try parser.open(name, depth: depth)
        }

        func close(_ name: Span<UInt8>, depth: Int, text: Span<UInt8>) throws(XMLFailure) {
            try parser.close(name, depth: depth, text: text)
        }
    }

    private mutating func open(_ name: Span<UInt8>, depth: Int) throws(XMLFailure) {
        switch depth {
        case 1:
            guard name.isEqual("ListBucketResult") else {
                throw XMLFailure("its root element is <\(excerpt(name))>, not <ListBucketResult>")
            }
        case 2 where name.isEqual("Contents"):
            place = .object
            keyStart = keys.count
            (hasKey, size, lastModified) = (false, nil, nil)
        case 2:
            place = name.isEqual("CommonPrefixes") ? .commonPrefix : .elsewhere
            commonPrefix = nil
        default:
            break
        }
    }

    private mutating func close(_ name: Span<UInt8>, depth: Int, text: Span<UInt8>) throws(XMLFailure) {
        switch (depth, place) {
        case (3, .object): try takeProperty(name, text)
        case (2, .object): try endObject()
        case (3, .commonPrefix):
            if name.isEqual("Prefix") { commonPrefix = text.array }
        case (2, .commonPrefix): try endCommonPrefix()
        case (2, _): try takeField(name, text)
        default: break
        }
    }

    private mutating func takeProperty(_ name: Span<UInt8>, _ text: Span<UInt8>) throws(XMLFailure) {
        if name.isEqual("Key") {
            guard !hasKey else { throw XMLFailure("an object has two keys") }
            hasKey = true
            unsafe text.withUnsafeBufferPointer { unsafe keys.append(contentsOf: $0) }
        } else if name.isEqual("Size") {
            guard let number = decimal(text) else {
                throw XMLFailure("the size of an object is \"\(excerpt(text))\", not a number of bytes")
            }
            size = number
        } else if name.isEqual("LastModified") {
            guard let time = Timestamp(rfc3339: text) else {
                throw XMLFailure("the time of an object is \"\(excerpt(text))\", not an RFC 3339 time")
            }
            lastModified = time
        } else if name.isEqual("ETag") {
            unsafe text.withUnsafeBufferPointer { unsafe etags.append(contentsOf: normalisedETag($0)) }
        }
    }

    private mutating func endObject() throws(XMLFailure) {
        place = .root
        guard hasKey, keys.count > keyStart else { throw XMLFailure("an object has no key") }
        guard let size, let lastModified else { throw XMLFailure("an object has no size or no time") }
        entries.append(
            Entry(keyEnd: keys.count, etagEnd: etags.count, size: size, lastModified: lastModified.microseconds)
        )
        try checkEntryLimit()
    }

    private mutating func endCommonPrefix() throws(XMLFailure) {
        place = .root
        guard let commonPrefix, !commonPrefix.isEmpty else { throw XMLFailure("a common prefix has no name") }
        prefixes.append(commonPrefix)
        try checkEntryLimit()
    }

    private func checkEntryLimit() throws(XMLFailure) {
        guard entries.count + prefixes.count <= Self.entryLimit else {
            throw XMLFailure("the page holds more than \(Self.entryLimit) entries")
        }
    }

    private mutating func takeField(_ name: Span<UInt8>, _ text: Span<UInt8>) throws(XMLFailure) {
        place = .root
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

    /// Decodes the names, now that it is known whether they are encoded: MinIO says so behind them.
    private func finish() throws(XMLFailure) -> ParsedListing {
        guard let isTruncated else { throw XMLFailure("it does not say IsTruncated") }
        var page = ObjectPage(capacity: entries.count)
        var isClean = true
        var (keyStart, etagStart) = (0, 0)
        var decoded: [UInt8] = []
        for entry in entries {
            let raw = keys[keyStart..<entry.keyEnd]
            let etag = etags[etagStart..<entry.etagEnd]
            (keyStart, etagStart) = (entry.keyEnd, entry.etagEnd)
            if isURLEncoded {
                decoded.removeAll(keepingCapacity: true)
                isClean = URIEncoding.decodeForm(raw, into: &decoded) && isClean
                try check(decoded)
                page.append(key: decoded, size: entry.size, lastModified: entry.lastModified, etag: etag)
            } else {
                try check(raw)
                page.append(key: raw, size: entry.size, lastModified: entry.lastModified, etag: etag)
            }
        }
        for prefix in prefixes {
            let name = decode(prefix)
            try check(name)
            page.commonPrefixes.append(ObjectKey(bytes: name))
        }
        if !isClean {
            page.suspicions.append("a key holds a percent sign without two digits behind it, though keys are encoded")
        }
        let count = entries.count + prefixes.count
        // Some servers count objects only.
        if let keyCount, keyCount != Int64(count), keyCount != Int64(entries.count) {
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

    private func check(_ key: some Collection<UInt8>) throws(XMLFailure) {
        guard key.count <= Self.keyLimit else { throw XMLFailure("a key is longer than \(Self.keyLimit) bytes") }
        guard !key.contains(0) else { throw XMLFailure("a key contains a zero byte") }
    }

    private func decode(_ bytes: [UInt8]) -> [UInt8] {
        isURLEncoded ? spelling(bytes).decoded : bytes
    }

    private func spelling(_ bytes: [UInt8]) -> ParsedListing.Spelling {
        var decoded: [UInt8] = []
        URIEncoding.decodeForm(bytes[...], into: &decoded)
        return .init(raw: bytes, decoded: decoded)
    }

    private func excerpt(_ text: Span<UInt8>) -> String {
        // 60: enough to recognise it, little enough for one line.
        printable(text.array.prefix(60))
    }
}

/// An entity tag without the mark of a weak one and without quotes.
func normalisedETag<Bytes: BidirectionalCollection<UInt8>>(_ tag: Bytes) -> Bytes.SubSequence {
    var rest = tag[...]
    if rest.starts(with: [0x57, 0x2F]) { rest = rest.dropFirst(2) }
    if rest.count >= 2, rest.first == 0x22, rest.last == 0x22 { rest = rest.dropFirst().dropLast() }
    return rest
}

internal import ObjectStorage

/// Reads ListObjectsV2 with libxml2: whatever XML can say, and what only an XML parser may judge.
///
/// A value, so that Swift checks once per element and not once per field that nobody else is at it.
package struct ListingParser {
    /// Where in a document an element is.
    private enum Place {
        case root
        case object
        case commonPrefix
        case elsewhere
    }

    private var draft = ListingDraft()
    private var place = Place.root

    // The object being read; nil is "not seen yet".
    private var key: [UInt8]?
    private var etag: [UInt8] = []
    private var size: Int64?
    private var lastModified: Timestamp?
    private var commonPrefix: [UInt8]?

    private init() {}

    /// Reads a whole page, or nothing of it.
    package static func parse(_ document: [UInt8]) throws(XMLFailure) -> ParsedListing {
        let receiver = Receiver()
        try SAXParser.parse(document, to: receiver)
        return try receiver.parser.draft.finish()
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
            (key, size, lastModified) = (nil, nil, nil)
            etag.removeAll(keepingCapacity: true)
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
        case (2, _):
            place = .root
            try draft.takeField(name, text)
        default: break
        }
    }

    private mutating func takeProperty(_ name: Span<UInt8>, _ text: Span<UInt8>) throws(XMLFailure) {
        if name.isEqual("Key") {
            guard key == nil else { throw XMLFailure.lasting("an object has two keys") }
            key = text.array
        } else if name.isEqual("Size") {
            guard let number = decimal(text) else {
                throw XMLFailure.lasting("the size of an object is \"\(excerpt(text))\", not a number of bytes")
            }
            size = number
        } else if name.isEqual("LastModified") {
            guard let time = Timestamp(rfc3339: text) else {
                throw XMLFailure.lasting("the time of an object is \"\(excerpt(text))\", not an RFC 3339 time")
            }
            lastModified = time
        } else if name.isEqual("ETag") {
            unsafe text.withUnsafeBufferPointer { unsafe etag.append(contentsOf: normalisedETag($0)) }
        }
    }

    private mutating func endObject() throws(XMLFailure) {
        place = .root
        guard let key, !key.isEmpty else { throw XMLFailure.lasting("an object has no key") }
        guard let size, let lastModified else { throw XMLFailure.lasting("an object has no size or no time") }
        let etag = etag
        try draft.addObject(key: key.span, size: size, lastModified: lastModified.microseconds, etag: etag.span)
    }

    private mutating func endCommonPrefix() throws(XMLFailure) {
        place = .root
        guard let commonPrefix, !commonPrefix.isEmpty else { throw XMLFailure.lasting("a common prefix has no name") }
        try draft.addCommonPrefix(commonPrefix)
    }
}

/// An entity tag without the mark of a weak one and without quotes.
func normalisedETag<Bytes: BidirectionalCollection<UInt8>>(_ tag: Bytes) -> Bytes.SubSequence {
    var rest = tag[...]
    if rest.starts(with: [0x57, 0x2F]) { rest = rest.dropFirst(2) }
    if rest.count >= 2, rest.first == 0x22, rest.last == 0x22 { rest = rest.dropFirst().dropLast() }
    return rest
}

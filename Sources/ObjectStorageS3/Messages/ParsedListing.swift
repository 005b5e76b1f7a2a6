package import ObjectStorage

/// A page of ListObjectsV2 as the server wrote it, before it is held against the request.
package struct ParsedListing: Hashable, Sendable {
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

extension ParsedListing {
    /// Reads a whole page, or nothing of it.
    package static func parse(_ document: [UInt8]) throws(XMLFailure) -> ParsedListing {
        if let listing = ListingScanner.parse(document) { return listing }
        return try ListingParser.parse(document)
    }
}

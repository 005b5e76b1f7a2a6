internal import ObjectStorage

/// Reads the one form of ListObjectsV2 that stores write, several times as fast as libxml2 reads XML.
///
/// It knows elements without attributes, one level of them in another, text of printable ASCII, and the quotes of an
/// entity tag. Whatever else stands in a document it leaves to ``ListingParser``: it answers nil and has decided
/// nothing. What it does answer is what that parser would have answered.
package struct ListingScanner: ~Escapable {
    private var bytes: ByteScanner
    private var draft = ListingDraft()
    private var days = DayCache()

    @_lifetime(copy document)
    private init(_ document: Span<UInt8>) {
        bytes = ByteScanner(document)
    }

    /// Reads a whole page; nil where it is not of the usual form, or not right.
    package static func parse(_ document: [UInt8]) -> ParsedListing? {
        var scanner = ListingScanner(document.span)
        // What is wrong is the other parser's to say.
        return try? scanner.read() ? scanner.draft.finish() : nil
    }

    @_lifetime(self: copy self)
    private mutating func read() throws(XMLFailure) -> Bool {
        if bytes.take("<?xml version=") {
            guard bytes.take("\"1.0\" encoding=\"UTF-8\"?>") || bytes.take("'1.0' encoding='UTF-8'?>") else {
                return false
            }
            bytes.skipBlanks()
        }
        guard
            bytes.take("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">")
                || bytes.take("<ListBucketResult>")
        else { return false }
        while true {
            bytes.skipBlanks()
            if bytes.take("<Contents>") {
                guard try readObject() else { return false }
            } else if bytes.take("<CommonPrefixes><Prefix>") {
                guard let name = bytes.plainText(), !name.isEmpty, bytes.take("</Prefix></CommonPrefixes>") else {
                    return false
                }
                try draft.addCommonPrefix(bytes.content(name).array)
            } else if bytes.take("</ListBucketResult>") {
                bytes.skipBlanks()
                return bytes.isAtEnd
            } else {
                guard let element = bytes.element() else { return false }
                // Those two have more than text in them, and were not of the form above.
                let name = bytes.content(element.name)
                guard !name.isEqual("Contents"), !name.isEqual("CommonPrefixes") else { return false }
                try draft.takeField(name, bytes.content(element.text))
            }
        }
    }

    /// Reads what follows of an object up to its end.
    @_lifetime(self: copy self)
    private mutating func readObject() throws(XMLFailure) -> Bool {
        var key: Range<Int>?
        var etag: Range<Int>?
        var size: Int64?
        var lastModified: Int64?
        while true {
            bytes.skipBlanks()
            if bytes.take("<Key>") {
                guard key == nil, let text = bytes.plainText(), bytes.take("</Key>") else { return false }
                key = text
            } else if bytes.take("<LastModified>") {
                guard lastModified == nil, let text = bytes.plainText(), bytes.take("</LastModified>"),
                    let time = days.microseconds(of: bytes.content(text))
                else { return false }
                lastModified = time
            } else if bytes.take("<ETag>") {
                guard etag == nil, let text = entityTag(), bytes.take("</ETag>") else { return false }
                etag = text
            } else if bytes.take("<Size>") {
                guard size == nil, let text = bytes.plainText(), bytes.take("</Size>"),
                    let number = decimal(bytes.content(text))
                else { return false }
                size = number
            } else if bytes.take("<StorageClass>") {
                guard bytes.plainText() != nil, bytes.take("</StorageClass>") else { return false }
            } else if bytes.take("</Contents>") {
                break
            } else {
                guard skipProperty() else { return false }
            }
        }
        guard let key, !key.isEmpty, let size, let lastModified else { return false }
        try draft.addObject(
            key: bytes.content(key),
            size: size,
            lastModified: lastModified,
            etag: bytes.content(etag ?? 0..<0)
        )
        return true
    }

    /// The tag without its quotes, where it is quoted as S3 does it.
    @_lifetime(self: copy self)
    private mutating func entityTag() -> Range<Int>? {
        if bytes.take("&quot;") {
            guard let text = bytes.text(endingAt: UInt8(ascii: "&")) else { return nil }
            return bytes.take("&quot;") ? text : nil
        }
        guard bytes.take("\"") else { return nil }
        guard let text = bytes.text(endingAt: UInt8(ascii: "\"")) else { return nil }
        return bytes.take("\"") ? text : nil
    }

    /// Passes over a property that does not matter: text, or elements with text (`Owner`).
    @_lifetime(self: copy self)
    private mutating func skipProperty() -> Bool {
        guard !bytes.take("<Owner>") else {
            bytes.skipBlanks()
            while !bytes.take("</Owner>") {
                guard bytes.element() != nil else { return false }
                bytes.skipBlanks()
            }
            return true
        }
        guard let element = bytes.element() else { return false }
        // One that matters, in another form than above.
        let name = bytes.content(element.name)
        return !name.isEqual("Key") && !name.isEqual("Size") && !name.isEqual("LastModified") && !name.isEqual("ETag")
    }
}

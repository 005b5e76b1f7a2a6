import ObjectStorage
import ObjectStorageS3

/// The two readers of the pages of a listing, which must agree, and that of error answers.
struct ListingTarget: FuzzTarget {
    private let mutator: Mutator

    init(_ corpus: Corpus) throws {
        let listings = try corpus.files(in: "scenarios") { $0.hasSuffix("listing.tsv") }
        let words = [
            "<Contents>", "</Contents>", "<Key>", "</Key>", "<Key/>", "<Size>9223372036854775807</Size>",
            "<Size>9223372036854775808</Size>", "<ETag>", "&quot;", "&#x0;", "&#x10FFFF;", "&amp;", "&x;", "%", "%2F",
            "%zz", "+", "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>", "<!DOCTYPE a [", "<!ENTITY x \"&x;&x;\">",
            "<CommonPrefixes><Prefix>a</Prefix></CommonPrefixes>", "<EncodingType>url</EncodingType>",
            "<IsTruncated>true</IsTruncated>", "<NextContinuationToken>", "<KeyCount>-1</KeyCount>", "xmlns:a=\"b\" ",
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?>", "<?xml version=\"1.0\" encoding=\"EUC-JP\"?>", "\u{FEFF}",
            "<LastModified>2026-11-20T20:30:00.123456789Z</LastModified>", "\u{0}", "</", "/>",
        ]
        mutator = Mutator(
            corpus: listings.map(Self.document) + [Array("<Error><Code>SlowDown</Code></Error>".utf8)],
            words: words.map { Array($0.utf8) },
            sizeLimit: 32_768,
            blockSize: 64,
            boundary: UInt8(ascii: ">")
        )
    }

    /// The listing of a fixture, as S3 would write it.
    private static func document(_ listing: [UInt8]) -> [UInt8] {
        let rows = listing.split(separator: 0x0A).prefix(40).map { $0.split(separator: 0x09) }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult><Name>b</Name><Prefix></Prefix>"
        text += "<KeyCount>\(rows.count)</KeyCount><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>"
        for row in rows where row.count == 4 && row[0].first != UInt8(ascii: "#") {
            let fields = row.map { String(decoding: $0, as: UTF8.self) }
            text += "<Contents><Key>\(fields[0])</Key><LastModified>\(fields[2])</LastModified>"
            text += "<ETag>&quot;\(fields[3])&quot;</ETag><Size>\(fields[1])</Size></Contents>"
        }
        return Array("\(text)</ListBucketResult>".utf8)
    }

    func input(_ random: inout SeededGenerator) -> [UInt8] {
        mutator.input(&random)
    }

    func check(_ input: [UInt8]) throws(Violation) {
        switch parse(input) {
        case .success(let listing):
            if let scanned = ListingScanner.parse(input) {
                try expect(scanned == listing, "the two readers of listings do not agree")
            }
            try hold(listing.page, in: input)
            try expect(S3ErrorResponse.parse(input) == nil, "a document is a listing and an error")
        case .failure(let error):
            try expect(ListingScanner.parse(input) == nil, "a listing that libxml2 refuses was read: \(error.message)")
            _ = S3ErrorResponse.parse(input)
            try expect(error.message.utf8.count < 1000, "a message of \(error.message.utf8.count) bytes")
        }
    }

    private func parse(_ document: [UInt8]) -> Result<ParsedListing, XMLFailure> {
        do throws(XMLFailure) {
            return .success(try ListingParser.parse(document))
        } catch {
            return .failure(error)
        }
    }

    private func hold(_ page: ObjectPage, in input: [UInt8]) throws(Violation) {
        for index in page.indices {
            let object = page.summary(at: index)
            try expect(object.size >= 0, "an object of \(object.size) bytes")
            let length = object.key.bytes.count
            try expect((1...16_384).contains(length), "a key of \(length) bytes")
            // 4: bytes that a character of another encoding takes in UTF-8 at most.
            try expect(length <= input.count * 4, "a key longer than the document")
        }
    }
}

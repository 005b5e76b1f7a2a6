import ObjectStorage
import Testing

@testable import ObjectStorageS3

struct ListingParserTests {
    private let time = "<LastModified>2026-11-20T20:30:00.123Z</LastModified>"

    private func parse(_ content: String, head: String = "") throws(XMLFailure) -> ParsedListing {
        try ListingParser.parse(
            Array("\(head)<ListBucketResult><IsTruncated>false</IsTruncated>\(content)</ListBucketResult>".utf8)
        )
    }

    private func object(_ key: String, size: String = "1", extra: String = "") -> String {
        "<Contents><Key>\(key)</Key><Size>\(size)</Size>\(time)\(extra)</Contents>"
    }

    private func keys(_ parsed: ParsedListing) -> [ObjectKey] {
        parsed.page.indices.map { parsed.page.summary(at: $0).key }
    }

    @Test
    func `reads what AWS writes`() throws {
        let document = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>backups</Name><Prefix>a%2F</Prefix>\
            <KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>\
            <NextContinuationToken>a+b%2F=</NextContinuationToken><Contents><Key>a/%C3%BC+1</Key>\
            <LastModified>2026-11-20T20:30:00.123Z</LastModified><ETag>&quot;d41d8&quot;</ETag><Size>7</Size>\
            <Owner><ID>x</ID></Owner><StorageClass>STANDARD</StorageClass></Contents>\
            <CommonPrefixes><Prefix>a/x%2F</Prefix></CommonPrefixes></ListBucketResult>
            """
        let parsed = try ListingParser.parse(Array(document.utf8))
        let wanted = ObjectSummary(key: "a/ü 1", size: 7, lastModified: 1_795_206_600_123_000, etag: "d41d8")
        #expect(parsed.page.summary(at: 0) == wanted)
        #expect(parsed.page.commonPrefixes == ["a/x/"])
        #expect(parsed.page.suspicions.isEmpty)
        #expect(parsed.isTruncated)
        #expect(parsed.nextToken == Array("a+b%2F=".utf8))
        #expect(parsed.echo.prefix?.canMean(Array("a/".utf8)) == true)
    }

    @Test
    func `decides at the end whether keys are encoded`() throws {
        #expect(keys(try parse(object("a+b%20c"))) == ["a+b%20c"])
        #expect(keys(try parse(object("a+b%20c") + "<EncodingType>url</EncodingType>")) == ["a b c"])
        #expect(keys(try parse("<EncodingType>URL</EncodingType>" + object("a%2Bb"))) == ["a+b"])
    }

    @Test(arguments: ["\u{FEFF}", "\n", " \r\n\t", "\u{FEFF}\n<?xml version=\"1.0\"?>", "<!-- a -->", "<?pi?>"])
    func `takes what stands before the root`(head: String) throws {
        #expect(keys(try parse(object("a"), head: head)) == ["a"])
    }

    @Test
    func `takes prefixed names, character data sections and attributes`() throws {
        let document = """
            <s3:ListBucketResult xmlns:s3="x"><s3:IsTruncated a="1">false</s3:IsTruncated><s3:Contents>\
            <s3:Key><![CDATA[a&b]]>&lt;&#x0A;</s3:Key><s3:Size>1</s3:Size>\(time)</s3:Contents></s3:ListBucketResult>
            """
        #expect(keys(try ListingParser.parse(Array(document.utf8))) == ["a&b<\n"])
    }

    @Test(arguments: [
        ("", "empty"), ("<html><body/></html>", "root element is <html>"), ("<Error/>", "root element is <Error>"),
        ("<ListBucketResult/>", "does not say IsTruncated"),
        ("<ListBucketResult><IsTruncated>maybe</IsTruncated></ListBucketResult>", "neither true nor false"),
        ("<ListBucketResult><IsTruncated>true</IsTruncated>", "not well-formed"),
        ("<ListBucketResult></ListBucketResult><x/>", "not well-formed"),
        ("<!DOCTYPE a [<!ENTITY x \"y\">]><ListBucketResult>&x;</ListBucketResult>", "document type"),
        ("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><ListBucketResult/>", "document type"),
        ("<ListBucketResult>&nope;</ListBucketResult>", "not well-formed"),
        ("<ListBucketResult>\u{1}</ListBucketResult>", "not well-formed"),
        (String(repeating: "<ListBucketResult>", count: 100_000), "nested deeper"),
        ("<ListBucketResult><Name>\(String(repeating: "x", count: 70_000))</Name></ListBucketResult>", "bytes of text"),
    ])
    func `refuses what is no listing`(document: String, message: String) {
        let error = #expect(throws: XMLFailure.self) { try ListingParser.parse(Array(document.utf8)) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test
    func `refuses bytes that are not UTF-8`() {
        let document = Array("<ListBucketResult><Name>".utf8) + [0xFF, 0xFE] + Array("</Name></ListBucketResult>".utf8)
        #expect(throws: XMLFailure.self) { try ListingParser.parse(document) }
    }

    @Test(arguments: ["-1", "12abc", "", "18446744073709551616", "9223372036854775808", " 1"])
    func `refuses a size that is none`(size: String) {
        #expect(throws: XMLFailure.self) { try parse(object("a", size: size)) }
    }

    @Test(arguments: ["", "2026-13-45T00:00:00Z", "yesterday", "2026-02-29T00:00:00Z", "2026-11-20T20:30:00"])
    func `refuses a time that is none`(time: String) {
        let object = "<Contents><Key>a</Key><Size>1</Size><LastModified>\(time)</LastModified></Contents>"
        #expect(throws: XMLFailure.self) { try parse(object) }
    }

    @Test(arguments: [
        "<Contents><Key>a</Key><Size>1</Size></Contents>", "<Contents><Size>1</Size></Contents>",
        "<Contents><Key></Key><Size>1</Size></Contents>", "<CommonPrefixes/>",
        "<EncodingType>url</EncodingType><CommonPrefixes><Prefix>a%00</Prefix></CommonPrefixes>",
    ])
    func `refuses an entry with parts missing`(content: String) {
        #expect(throws: XMLFailure.self) { try parse(content) }
    }

    @Test
    func `notes what contradicts itself`() throws {
        #expect(try parse(object("a") + "<KeyCount>5</KeyCount>").page.suspicions.count == 1)
        let broken = try parse(object("a%ZZ%") + "<EncodingType>url</EncodingType>")
        #expect(keys(broken) == ["a%ZZ%"])
        #expect(broken.page.suspicions.count == 1)
    }

    @Test(arguments: [("\"a\"", "a"), ("a", "a"), ("W/\"a-2\"", "a-2"), ("", ""), ("\"", "\"")])
    func `takes the quotes off an entity tag`(tag: String, wanted: String) {
        #expect(Array(normalisedETag(tag.utf8)) == Array(wanted.utf8))
    }

    @Test
    func `every cut of a listing is refused`() {
        let document = Array("<ListBucketResult><IsTruncated>false</IsTruncated>\(object("a"))</ListBucketResult>".utf8)
        for count in 0..<document.count {
            #expect(throws: XMLFailure.self) { try ListingParser.parse(Array(document.prefix(count))) }
        }
    }
}

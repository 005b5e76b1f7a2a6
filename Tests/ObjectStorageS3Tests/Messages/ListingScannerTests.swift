import ObjectStorage
import Testing

@testable import ObjectStorageS3

struct ListingScannerTests {
    private let head = """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
        """
    private let fields = """
        <Name>b</Name><Prefix>p/</Prefix><StartAfter/><KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys>\
        <EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>\
        <NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=</NextContinuationToken>
        """

    private func object(
        key: String = "p/a",
        time: String = "2026-11-20T20:30:00.123Z",
        etag: String = "&quot;d41d8cd98f00b204e9800998ecf8427e&quot;",
        extra: String = "<StorageClass>STANDARD</StorageClass>"
    ) -> String {
        "<Contents><Key>\(key)</Key><LastModified>\(time)</LastModified><ETag>\(etag)</ETag>"
            + "<Size>7</Size>\(extra)</Contents>"
    }

    private func document(_ content: String) -> [UInt8] {
        Array("\(head)\(fields)\(content)</ListBucketResult>\n".utf8)
    }

    @Test
    func `reads the usual form as libxml2 does`() throws {
        let forms = [
            "", object(), object() + object(key: "p/b%2Fc+d", time: "2026-11-20T23:59:59Z"),
            object(etag: "\"abc-2\""), object(etag: "\"\"", extra: "<Owner><ID>x</ID><DisplayName/></Owner>"),
            "\n  " + object(extra: "\n <StorageClass/>\n") + "\n",
            "<CommonPrefixes><Prefix>p/x/</Prefix></CommonPrefixes>",
            object(time: "2026-11-20T20:30:00.123Z") + object(key: "p/b", time: "2026-11-20T00:00:00.000Z")
                + object(key: "p/c", time: "2026-11-21T00:00:00.999Z")
                + object(key: "p/d", time: "2028-02-29T12:34:56Z"),
            object(time: "2026-12-31T23:59:60Z") + object(key: "p/b", time: "2026-12-31T23:59:59.5Z"),
            object(key: "p/\(String(repeating: "k", count: 2000))"),
        ]
        for form in forms {
            let scanned = ListingScanner.parse(document(form))
            #expect(scanned != nil, "\(form)")
            #expect(try scanned == ListingParser.parse(document(form)), "\(form)")
        }
    }

    /// Either it is right in another form, or it is wrong: both are for libxml2 to say.
    @Test
    func `leaves everything else to libxml2`() {
        let forms = [
            object(key: "p/&amp;"), object(key: "p/ü"), object(key: "p/a\u{7F}"), object(key: "p/a\n"), object(key: ""),
            object(key: "p/<![CDATA[a]]>"), object(key: "p/]]>"), object(key: "p/a>"), object(etag: "abc"),
            object(etag: "W/&quot;abc&quot;"), object(etag: "&quot;a&amp;b&quot;"),
            object(time: "2026-13-01T00:00:00Z"),
            object(time: "2026-11-20 20:30:00Z"), object(extra: "<Size>7</Size>"), object(extra: "<Key>p/b</Key>"),
            object(extra: "<Size a='1'>7</Size>"), object(extra: "<a:Size>7</a:Size>"), object(extra: "<!-- x -->"),
            object(extra: "<Restore><A>1</A></Restore>"), object(extra: "text"), "text", "<Contents/>", "<Contents >",
            "<!-- x -->", "<?pi?>", "<CommonPrefixes/>", "<IsTruncated>maybe</IsTruncated>",
            "<Owner><ID>1</ID></Owner>", "<Contents><Key>p/a</Key></Contents>", "</ListBucketResult>",
        ]
        for form in forms { #expect(ListingScanner.parse(document(form)) == nil, "\(form)") }
        let whole = document(object())
        for count in 0..<whole.count - 1 { #expect(ListingScanner.parse(Array(whole.prefix(count))) == nil) }
        for start in ["\u{FEFF}", "\n", "<?xml version=\"1.1\"?>", "<!DOCTYPE a>", "<Error>"] {
            #expect(ListingScanner.parse(Array(start.utf8) + whole) == nil)
        }
    }

    /// Every byte of a page, replaced by each of these.
    @Test(arguments: Array("<>&\"' /\0\u{1}\n+%A0;é".utf8) + [0xFF])
    func `whatever it reads, libxml2 reads the same`(byte: UInt8) throws {
        let page = document(object() + object(key: "p/b%2Fc", extra: "<Owner><ID>x</ID></Owner>"))
        var scanned = 0
        for index in page.indices {
            var changed = page
            changed[index] = byte
            guard let listing = ListingScanner.parse(changed) else { continue }
            scanned += 1
            #expect(try listing == ListingParser.parse(changed), "byte \(index) as \(byte)")
        }
        #expect(scanned < page.count)
    }
}

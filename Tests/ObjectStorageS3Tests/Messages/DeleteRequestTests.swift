import ObjectStorage
import Testing

@testable import ObjectStorageS3

struct DeleteRequestTests {
    @Test
    func `is one line that asks to hear of each key`() {
        let document = DeleteRequest.document(["a b/ü+%\n<&>.gz", "x]]>\"'&amp;"])
        #expect(
            String(decoding: document, as: UTF8.self)
                == "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>a b/ü+%&#xA;&lt;&amp;&gt;.gz</Key>"
                + "</Object><Object><Key>x]]&gt;\"'&amp;amp;</Key></Object><Quiet>false</Quiet></Delete>"
        )
    }

    @Test
    func `says of a thousand keys what it was given`() throws {
        let keys = (0..<1000).map { ObjectKey("wals/0000000100000000/<\($0)>&") }
        let document = DeleteRequest.document(keys)
        // The reader of answers takes each key back out of the text between the tags.
        let answer = String(decoding: document, as: UTF8.self)
            .replacing("<Delete ", with: "<DeleteResult ").replacing("</Delete>", with: "</DeleteResult>")
            .replacing("Object>", with: "Deleted>")
        #expect(try DeleteResult.parse(Array(answer.utf8)).entries.map(\.key) == keys)
    }

    @Test(
        arguments: ["a", "a b", "odd/🐘", "bu\u{308}cher", "a//b", "a\tb\nc", "a\u{7F}b", "a\u{A0}b", "]]>"]
            as [ObjectKey]
    )
    func `carries text`(key: ObjectKey) {
        #expect(DeleteRequest.canCarry(key))
    }

    @Test(arguments: [
        "", "a\u{0}", "a\u{1}b", "a\t", "a\n", "a\rb", "a\u{1F}", "a\u{FFFE}", "a\u{1FFFF}", " a", "a ", "a\u{A0}",
        "\u{2003}a", ObjectKey(bytes: [0x61, 0xFF]), ObjectKey(bytes: [0xED, 0xA0, 0x80]),
    ])
    func `leaves alone what XML or its readers would change`(key: ObjectKey) {
        #expect(!DeleteRequest.canCarry(key))
    }
}

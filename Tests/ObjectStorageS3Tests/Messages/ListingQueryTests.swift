import ObjectStorage
import Testing

@testable import ObjectStorageS3

struct ListingQueryTests {
    private func admit(_ fields: String, _ request: ListRequest) throws -> ObjectPage {
        let document = "<ListBucketResult><IsTruncated>false</IsTruncated>\(fields)</ListBucketResult>"
        return try ListingQuery(request, bucket: "b").admit(ListingParser.parse(Array(document.utf8)))
    }

    @Test(
        arguments: [
            ("a", true), ("p/a", false), ("q", nil), ("p", true), ("p/", false),
        ] as [(ObjectKey, Bool?)]
    )
    func `starts only within the prefix`(start: ObjectKey, isLeftOut: Bool?) throws {
        let query = try ListingQuery(ListRequest(prefix: "p/", startAfter: start), bucket: "b")
        #expect(query.isEmpty == (isLeftOut == nil))
        if let isLeftOut {
            #expect(query.items.contains { $0.name == Array("start-after".utf8) } != isLeftOut)
        }
    }

    @Test(arguments: [
        "<Name>c</Name>", "<Prefix>q/</Prefix>", "<StartAfter>p/b</StartAfter>",
    ])
    func `refuses the answer to another request`(fields: String) {
        #expect(throws: XMLFailure.self) { try admit(fields, ListRequest(prefix: "p/", startAfter: "p/a")) }
    }

    @Test(arguments: [
        "<Name>b</Name>", "<Name/>", "<Prefix>p%2F</Prefix>", "<Prefix>p/</Prefix>", "<StartAfter>p%2Fa</StartAfter>",
        "<StartAfter/>",
    ])
    func `takes every way to repeat the request`(fields: String) throws {
        #expect(try admit(fields, ListRequest(prefix: "p/", startAfter: "p/a")).count == 0)
    }

    @Test
    func `goes on with the server's token`() throws {
        let request = ListRequest(prefix: "", continuation: ListingPosition.token([0x5D, 0x2B]).token)
        let items = try ListingQuery(request, bucket: "b").items
        #expect(items.last == QueryItem("continuation-token", [0x5D, 0x2B]))
    }

    @Test
    func `refuses the token of another store`() {
        let request = ListRequest(prefix: "", continuation: ContinuationToken(bytes: [1, 2]))
        let error = #expect(throws: ObjectStoreError.self) { try ListingQuery(request, bucket: "b") }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test
    func `refuses to go on from nowhere`() {
        let document = "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"
        #expect(throws: XMLFailure.self) {
            try ListingQuery(ListRequest(prefix: ""), bucket: "b").admit(ListingParser.parse(Array(document.utf8)))
        }
    }
}

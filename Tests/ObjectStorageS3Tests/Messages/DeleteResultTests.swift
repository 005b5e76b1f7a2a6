import ObjectStorage
import Testing

@testable import ObjectStorageS3

struct DeleteResultTests {
    private func parse(_ content: String, root: String = "DeleteResult") throws(XMLFailure) -> DeleteResult {
        try DeleteResult.parse(Array("<?xml version=\"1.0\"?>\n<\(root)>\(content)</\(root)>".utf8))
    }

    private func outcomes(_ content: String, of keys: [ObjectKey]) throws -> [DeletionOutcome] {
        try parse(content).outcomes(of: keys) { key, found in
            ObjectStoreError(.accessDenied, "\(key): \(found.code) \(found.message)")
        }
    }

    private func deleted(_ key: String, _ more: String = "") -> String {
        "<Deleted><Key>\(key)</Key>\(more)</Deleted>"
    }

    private func error(_ key: String, _ code: String) -> String {
        "<Error><Key>\(key)</Key><Code>\(code)</Code><Message>why</Message></Error>"
    }

    @Test
    func `reads what stores write`() throws {
        // AWS, with a namespace; the error has a version that is empty.
        let aws = """
            <?xml version="1.0" encoding="UTF-8"?>
            <DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Deleted><Key>a&amp;b</Key></Deleted>\
            <Error><Key>c</Key><VersionId></VersionId><Code>AccessDenied</Code><Message>Access Denied</Message></Error>\
            </DeleteResult>
            """
        let denied = S3ErrorResponse(code: "AccessDenied", message: "Access Denied")
        let parsed = try DeleteResult.parse(Array(aws.utf8))
        #expect(parsed.entries.map(\.key) == ["a&b", "c"])
        #expect(parsed.entries.map(\.word) == [.deleted, .failed(denied)])
        // Garage names an object that was not there in an error, and has line ends between its elements.
        #expect(
            try outcomes("\n  \(error("c", "NoSuchKey"))\n  \(deleted("a"))\n", of: ["a", "c"]) == [.deleted, .deleted]
        )
        // MinIO writes empty versions for buckets that have none.
        let minio = "<VersionId></VersionId><DeleteMarkerVersionId></DeleteMarkerVersionId>"
        #expect(try outcomes(deleted("a", minio), of: ["a"]) == [.deleted])
        // Prefixed elements, and R2's answer without any namespace.
        #expect(try outcomes("<s3:Deleted xmlns:s3=\"x\"><s3:Key>a</s3:Key></s3:Deleted>", of: ["a"]) == [.deleted])
    }

    @Test(arguments: [
        "<DeleteMarker>true</DeleteMarker><DeleteMarkerVersionId>v1</DeleteMarkerVersionId>",
        "<DeleteMarker>true</DeleteMarker>", "<DeleteMarkerVersionId>null</DeleteMarkerVersionId>",
        "<VersionId>v1</VersionId>",
    ])
    func `sees that a bucket keeps versions`(more: String) throws {
        #expect(try outcomes(deleted("a", more) + deleted("b"), of: ["a", "b"]) == [.hidden, .deleted])
    }

    @Test(arguments: ["<DeleteMarker>false</DeleteMarker>", "<VersionId>null</VersionId>", "<VersionId/>"])
    func `takes no version for none`(more: String) throws {
        #expect(try outcomes(deleted("a", more), of: ["a"]) == [.deleted])
    }

    @Test
    func `says nothing of what the store does not mention`() throws {
        #expect(try outcomes("", of: ["a", "b"]) == [.unknown, .unknown])
        let partial = try outcomes(error("b", "AccessDenied"), of: ["a", "b"])
        #expect(partial == [.unknown, .failed(ObjectStoreError(.accessDenied, "b: AccessDenied why"))])
    }

    @Test
    func `believes no contradiction`() throws {
        #expect(try outcomes(deleted("a") + error("a", "AccessDenied"), of: ["a"]) == [.unknown])
        #expect(try outcomes(error("a", "AccessDenied") + deleted("a"), of: ["a"]) == [.unknown])
        #expect(try outcomes(deleted("a") + deleted("a"), of: ["a"]) == [.deleted])
        // Nor a third word that seems to settle it.
        #expect(try outcomes(deleted("a") + error("a", "AccessDenied") + deleted("a"), of: ["a"]) == [.unknown])
    }

    @Test
    func `names a key that nobody asked for`() throws {
        for foreign in ["x", "A", "b\u{FC}cher"] {
            let error = #expect(throws: DeleteResult.ForeignKey.self) {
                try parse(deleted("a") + deleted(foreign)).outcomes(of: ["a", "bu\u{308}cher"]) { _, _ in
                    ObjectStoreError(.server, "")
                }
            }
            #expect(error?.key == ObjectKey(foreign))
        }
    }

    @Test(arguments: [
        ("<Deleted></Deleted>", "an entry names no key"), ("<Deleted><Key></Key></Deleted>", "an entry names no key"),
        ("<Deleted><Key>a</Key><Key>b</Key></Deleted>", "an entry names two keys"),
        ("<Error><Code>InternalError</Code></Error>", "it says InternalError of no key"),
        ("<Error><Message>x</Message></Error>", "an entry names no key"),
        ("<Deleted><Key>a\u{1}</Key></Deleted>", "it is not well-formed XML"),
    ])
    func `refuses an entry without one key`(content: String, message: String) {
        let error = #expect(throws: XMLFailure.self) { try parse(content) }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    @Test
    func `refuses another document`() {
        let error = #expect(throws: XMLFailure.self) { try parse("", root: "ListBucketResult") }
        #expect(error?.message == "its root element is <ListBucketResult>, not <DeleteResult>")
        #expect(throws: XMLFailure.self) { try DeleteResult.parse([]) }
        #expect(throws: XMLFailure.self) { try DeleteResult.parse(Array("<!DOCTYPE x><DeleteResult/>".utf8)) }
    }

    @Test
    func `refuses a flood`() {
        let error = #expect(throws: XMLFailure.self) { try parse((0..<2001).map { deleted("\($0)") }.joined()) }
        #expect(error?.message == "the answer holds more than 2000 entries")
    }

    @Test
    func `takes nothing out of a document that was cut`() {
        let document = Array("<DeleteResult>\(deleted("a"))\(error("b", "AccessDenied"))</DeleteResult>".utf8)
        for count in document.indices {
            #expect(throws: XMLFailure.self) { try DeleteResult.parse(Array(document.prefix(count))) }
        }
    }
}

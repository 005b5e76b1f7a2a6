import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// What a bucket says of versions and locks, by recorded answers.
struct ProtectionTests {
    private static let namespace = "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""

    private func protection(
        versioning: [HostileServer.Step],
        objectLock: [HostileServer.Step]
    ) async throws -> (DeletionProtection, questions: [String]) {
        let server = try Misbehaviour { question in
            question.query["versioning"] != nil ? versioning : objectLock
        }
        let protection = try await server.store.protection()
        return (protection, server.server.questions.map { "\($0.method) \($0.target)" })
    }

    private func document(_ root: String, _ content: String = "") -> [HostileServer.Step] {
        .answer(200, [:], "<\(root) \(Self.namespace)>\(content)</\(root)>")
    }

    @Test
    func `AWS names versions and the default of locks`() async throws {
        let (found, questions) = try await protection(
            versioning: document("VersioningConfiguration", "<Status>Enabled</Status>"),
            objectLock: document(
                "ObjectLockConfiguration",
                "<ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode>"
                    + "<Days>30</Days></DefaultRetention></Rule>"
            )
        )
        #expect(found.versioning == .enabled)
        #expect(found.objectLock == .enabled(.init(mode: "COMPLIANCE", period: "30 days")))
        #expect(questions == ["GET /backups?versioning=", "GET /backups?object-lock="])
    }

    @Test
    func `years, no default, and versions that were suspended`() async throws {
        let lock = "<ObjectLockEnabled>Enabled</ObjectLockEnabled>"
        let rule = "<Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Years>2</Years></DefaultRetention></Rule>"
        let suspended = document("VersioningConfiguration", "<Status>Suspended</Status>")
        let (one, _) = try await protection(
            versioning: suspended,
            objectLock: document("ObjectLockConfiguration", lock)
        )
        #expect(one == DeletionProtection(versioning: .suspended, objectLock: .enabled(nil)))
        let (other, _) = try await protection(
            versioning: suspended,
            objectLock: document("ObjectLockConfiguration", lock + rule)
        )
        #expect(other.objectLock == .enabled(.init(mode: "GOVERNANCE", period: "2 years")))
    }

    @Test(arguments: ["ObjectLockConfigurationNotFoundError", "NoSuchObjectLockConfiguration"])
    func `a bucket with neither says so`(code: String) async throws {
        let (found, _) = try await protection(
            versioning: document("VersioningConfiguration"),
            objectLock: .error(404, code)
        )
        #expect(found == .none)
    }

    @Test(
        arguments: [
            // Garage, R2 and SeaweedFS; a key with few rights; a proxy.
            (501, "NotImplemented"), (403, "AccessDenied"), (405, "MethodNotAllowed"), (400, "InvalidArgument"),
        ]
    )
    func `a store that does not say so is no failure, and no answer`(status: Int, code: String) async throws {
        let (found, questions) = try await protection(
            versioning: .error(status, code),
            objectLock: .error(status, code)
        )
        #expect(found == DeletionProtection(versioning: .unknown(code), objectLock: .unknown(code)))
        #expect(questions.count == 2)
    }

    @Test
    func `a store that lists instead, writes a page or fails says nothing`() async throws {
        let (found, _) = try await protection(
            versioning: Misbehaviour.good,
            objectLock: .answer(404, [:], "<html>no such page</html>")
        )
        #expect(
            found.versioning
                == .unknown("an answer that cannot be read: its root element is <ListBucketResult>")
        )
        guard case .unknown(let reason) = found.objectLock else {
            Issue.record("\(found.objectLock)")
            return
        }
        #expect(reason.contains("404"), "\(reason)")
        let (failing, questions) = try await protection(
            versioning: .error(500, "InternalError"),
            objectLock: document("ObjectLockConfiguration", "<ObjectLockEnabled>Maybe</ObjectLockEnabled>")
        )
        guard case .unknown(let failure) = failing.versioning else {
            Issue.record("\(failing.versioning)")
            return
        }
        #expect(failure.contains("InternalError"))
        #expect(questions.count > 2)
        #expect(failing.objectLock == .unknown("an answer that cannot be read: it says Maybe of ObjectLockEnabled"))
    }
}

import Foundation
import ObjectStorage
import TestSupport
import Testing

struct ConformanceTests {
    private static let memory = MemoryObjectStore(
        // 2026-11-20T20:30:00Z.
        ObjectStoreSuite.objects().mapValues { .init($0, lastModified: 1_795_206_600_000_000) }
    )
    private static let files: ObjectStoreSuite.Abilities = .all.subtracting(.anyKey)
    private static let folder = Result {
        try TemporaryFolder.make("bucket", holding: ObjectStoreSuite.objects(files)).appending(path: "bucket")
    }

    @Test(arguments: ObjectStoreSuite.checks())
    func `memory keeps the contract`(check: ObjectStoreSuite.Check) async throws {
        try await check.run(against: Self.memory)
    }

    @Test(arguments: ObjectStoreSuite.checks(files))
    func `a directory keeps the contract`(check: ObjectStoreSuite.Check) async throws {
        let store = try DirectoryObjectStore(path: Self.folder.get().path())
        try await check.run(against: store, Self.files)
    }

    @Test(arguments: ObjectStoreSuite.checks())
    func `a repeating store keeps the contract`(check: ObjectStoreSuite.Check) async throws {
        try await check.run(against: RetryingObjectStore(Self.memory))
    }

    @Test(arguments: ObjectStoreSuite.deletionChecks())
    func `memory keeps the contract of deleting`(check: ObjectStoreSuite.DeletionCheck) async throws {
        try await check.run(against: MemoryObjectStore(ObjectStoreSuite.deletableObjects().mapValues { .init($0) }))
    }

    @Test(arguments: ObjectStoreSuite.deletionChecks(files))
    func `a directory keeps the contract of deleting`(check: ObjectStoreSuite.DeletionCheck) async throws {
        let folder = try TemporaryFolder.make("bucket", holding: ObjectStoreSuite.deletableObjects(Self.files))
        try await check.run(against: DirectoryObjectStore(path: folder.appending(path: "bucket").path()))
    }

    @Test(arguments: ObjectStoreSuite.deletionChecks())
    func `a repeating store keeps the contract of deleting`(check: ObjectStoreSuite.DeletionCheck) async throws {
        let memory = MemoryObjectStore(ObjectStoreSuite.deletableObjects().mapValues { .init($0) })
        try await check.run(against: RetryingObjectStore(memory))
    }
}

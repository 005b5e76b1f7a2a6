import Foundation
import ObjectStorage
import TestSupport
import Testing

/// What a server was really asked: nothing is deleted but by an apply that was consented to.
struct RequestLogTests {
    private let log: URL
    private let server: LoopbackServer
    private let objects: [ObjectKey: [UInt8]]

    init() throws {
        let objects = try BucketFolder.objects(of: "healthy-gzip")
        log = try TemporaryFolder.make().appending(path: "requests")
        server = try LoopbackServer.moto(bucket: "backups", objects: objects, log: log)
        self.objects = objects
    }

    private func run(_ arguments: String..., on other: LoopbackServer? = nil) throws -> CommandRun {
        let server = other ?? server
        let keys = try #require(server.keys)
        return try CommandRun(
            arguments + ["s3://backups", "--quiet"],
            environment: [
                "S3_ACCESS_KEY_ID": keys.accessKeyID, "S3_SECRET_ACCESS_KEY": keys.secretAccessKey,
                "S3_ENDPOINT": server.endpoint(),
            ]
        )
    }

    private var methods: Set<Substring> {
        get throws {
            let lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
            return Set(lines.compactMap { $0.split(separator: " ").first })
        }
    }

    @Test
    func `what only looks never asks for a deletion`() throws {
        for command in ["audit", "backups", "wals", "windows", "check", "usage"] { _ = try run(command) }
        #expect(try run("retention", "plan", "--policy", "REDUNDANCY 1").status == 0)
        #expect(try run("retention", "plan", "--policy", "REDUNDANCY 0").status == 5)
        #expect(try run("retention", "apply", "--policy", "REDUNDANCY 0", "--yes").status == 5)
        let other = "sha256:" + String(repeating: "0", count: 64)
        #expect(try run("retention", "apply", "--policy", "REDUNDANCY 1", "--plan-digest", other).status == 5)
        #expect(try run("retention", "apply", "--policy", "REDUNDANCY 1", "--plan-digest", "sha256:0").status == 64)
        #expect(try run("retention", "apply", "--policy", "REDUNDANCY 1").status == 64)
        #expect(try methods == ["GET"])
    }

    @Test
    func `what cannot be planned is not deleted either`() throws {
        let log = try TemporaryFolder.make().appending(path: "requests")
        let broken = try LoopbackServer.moto(
            bucket: "backups",
            objects: BucketFolder.objects(of: "broken-backups"),
            log: log
        )
        #expect(try run("retention", "plan", "--policy", "REDUNDANCY 1", on: broken).status == 5)
        let apply = try run("retention", "apply", "--policy", "REDUNDANCY 1", "--yes", on: broken)
        #expect(apply.status == 5)
        #expect(apply.errors.contains("backup.info"), "\(apply.errors)")
        let lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
        #expect(Set(lines.compactMap { $0.split(separator: " ").first }) == ["GET"])
    }

    @Test
    func `a plan says that locks and versions keep what is deleted`() throws {
        let locked = try LoopbackServer.moto(bucket: "backups", objects: objects, isVersioned: true, lockDays: 30)
        let plan = try run("retention", "plan", "--policy", "REDUNDANCY 1", on: locked)
        #expect(plan.status == 0)
        let text = plan.output.replacing("\n", with: " ")
        #expect(text.contains("the bucket keeps versions: what is deleted is only hidden"), "\(text)")
        #expect(text.contains("the bucket locks objects for 30 days (COMPLIANCE)"), "\(text)")
        let apply = try run("retention", "apply", "--policy", "REDUNDANCY 1", "--yes", on: locked)
        #expect(apply.status == 0)
        #expect(apply.output.contains("14 objects only hidden"))
        let plain = try run("retention", "plan", "--policy", "REDUNDANCY 1")
        #expect(!plain.output.contains("the bucket"), "\(plain.output)")
    }

    @Test
    func `what a store will not delete is named, and the WAL behind it stays`() throws {
        let guarded = try LoopbackServer.moto(bucket: "backups", objects: objects, undeletable: "*/data.tar.gz")
        let apply = try run("retention", "apply", "--policy", "REDUNDANCY 1", "--yes", on: guarded)
        #expect(apply.status == 2)
        #expect(apply.output.contains("deleted 0 objects of 14"), "\(apply.output)")
        #expect(apply.output.contains("could not be deleted:"))
        #expect(apply.output.contains("data.tar.gz"))
        #expect(apply.output.contains("WAL was left alone"))
        #expect(apply.output.hasSuffix("not done: some of the plan is still there; run it again\n"))
    }

    @Test
    func `where a bucket keeps versions an apply says that no space is freed`() throws {
        let versioned = try LoopbackServer.moto(bucket: "backups", objects: objects, isVersioned: true)
        let run = try run("retention", "apply", "--policy", "REDUNDANCY 1", "--yes", on: versioned)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("deleted 0 objects of 14"))
        #expect(run.output.contains("14 objects only hidden: the bucket keeps versions, so no space is freed"))
        #expect(run.output.contains("done: nothing of the plan is listed any more, everything else still is"))
    }

    @Test
    func `an apply asks for one`() throws {
        let run = try run("retention", "apply", "--policy", "REDUNDANCY 1", "--yes")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("deleted 14 objects of 14"))
        #expect(try methods.isSuperset(of: ["GET", "POST"]))
    }
}

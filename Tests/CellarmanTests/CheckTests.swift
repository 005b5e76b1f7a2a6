import Foundation
import TestSupport
import Testing

struct CheckTests {
    private func check(_ arguments: String...) throws -> CommandRun {
        // Where the files are as young as the working copy, a hole may be an upload under way.
        try CommandRun(["check", "--now", "2036-01-01T00:00:00Z"] + arguments)
    }

    @Test
    func `where backup.info was cut off before its tablespaces nobody can tell`() throws {
        let folder = try TemporaryFolder.make().appending(path: "archive")
        try FileManager.default.copyItem(at: packageRoot.appending(path: "Fixtures/buckets/healthy-gzip"), to: folder)
        let whole = try check(folder.path(), "--target-immediate")
        #expect(whole.status == 0, "\(whole.output)")
        let base = folder.appending(path: "homelab-cluster/example-db/example-db/base")
        for path in try FileManager.default.subpathsOfDirectory(atPath: base.path()) where path.hasSuffix("backup.info")
        {
            let file = base.appending(path: path)
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            let kept = lines.prefix { !$0.hasPrefix("systemid=") }
            try #require(kept.contains("status=DONE"))
            try Data(kept.joined(separator: "\n").utf8).write(to: file)
        }
        let cut = try check(folder.path(), "--target-immediate")
        #expect(cut.status == 4, "\(cut.output)")
        let audit = try CommandRun(["audit", folder.path()])
        #expect(audit.output.contains("does not say what"), "\(audit.output)")
    }

    @Test
    func `a target that can be reached ends with 0 and says where recovery lands`() throws {
        let run = try check("Fixtures/buckets/healthy-gzip", "--target-immediate")
        #expect(run.status == 0)
        #expect(run.output.hasPrefix("reachable: "))
        #expect(run.output.contains("lands at"))
    }

    @Test
    func `a target that cannot be reached ends with 3 and says why`() throws {
        let run = try check("Fixtures/buckets/healthy-gzip", "--target-time", "2036-01-01T00:00:00Z")
        #expect(run.status == 3)
        #expect(run.output.hasPrefix("unreachable (after-last-transaction): "))
    }

    @Test
    func `a recovery without target that a gap cuts short says what is lost`() throws {
        let location = "Fixtures/buckets/gap-between-backups"
        let oldest = try CommandRun(["backups", location]).output.split(separator: "\n")[2].split(separator: " ")[1]
        let run = try check(location, "--backup-id", String(oldest))
        #expect(run.status == 0)
        #expect(run.output.contains("before the end of the archive"))
        #expect(run.output.contains("is lost to this recovery"))
    }

    @Test
    func `a target behind a gap names what is missing`() throws {
        let location = "Fixtures/buckets/gap-between-backups"
        let oldest = try CommandRun(["backups", location]).output.split(separator: "\n")[2].split(separator: " ")[1]
        let run = try check(location, "--backup-id", String(oldest), "--target-lsn", "0/1800000", "-o", "json")
        #expect(run.status == 3)
        #expect(run.output.contains("\"code\" : \"wal-gap\""))
        #expect(run.output.contains("\"first\" : \"000000010000000000000013\""))
    }

    @Test(arguments: [
        ["--target-time", "2026-11-20 21:00:00Z"], ["--target-lsn", "nowhere"], ["--target-xid", "-1"],
        ["--target-timeline", "0"], ["--target-immediate", "--target-xid", "5"],
    ])
    func `a malformed target ends with 64`(arguments: [String]) throws {
        #expect(try CommandRun(["check", "Fixtures/buckets/healthy-gzip"] + arguments).status == 64)
    }

    @Test
    func `many servers need a name`() throws {
        let run = try check("Fixtures/buckets/many-servers")
        #expect(run.status == 64)
        #expect(run.errors.contains("--server"))
    }
}

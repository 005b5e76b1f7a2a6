import Foundation
import TestSupport
import Testing

struct RetentionTests {
    private func plan(_ scenario: String, _ arguments: String...) throws -> CommandRun {
        try CommandRun(
            ["retention", "plan", "Fixtures/buckets/\(scenario)", "--now", "2026-11-21T06:00:00Z"] + arguments
        )
    }

    private func document(_ run: CommandRun) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    }

    private func digest(_ run: CommandRun) throws -> String {
        try #require(document(run)["digest"] as? String)
    }

    @Test
    func `a plan says what goes, in the order of deletion`() throws {
        let run = try plan("healthy-gzip", "--policy", "REDUNDANCY 1", "--keys", "-o", "json")
        #expect(run.status == 0)
        let servers = try #require(document(run)["servers"] as? [[String: Any]])
        let keys = try #require(servers[0]["keys"] as? [String])
        #expect(keys.count == 14)
        let infos = keys.indices.filter { keys[$0].hasSuffix("backup.info") }
        // Data before backup.info, then WAL, and last the backup.info by which a run that was killed is taken up again.
        #expect(infos.map { keys[$0].contains("20261121T003740") } == [false, true])
        #expect(keys[0].contains("20261121T003740/data.tar"))
        #expect(keys[infos[0] - 1].contains("20261121T003746/data.tar"))
        #expect(keys[(infos[0] + 1)..<infos[1]].allSatisfy { $0.contains("/wals/") })
        #expect(infos[1] == keys.count - 1)
        let delete = try #require(servers[0]["delete"] as? [String: Any])
        #expect(delete["objects"] as? Int == 14)
    }

    @Test
    func `a plan reads from the policy to its digest`() throws {
        let text = try plan("healthy-gzip", "--policy", "REDUNDANCY 1").output
        let digest = text.split(separator: "\n").last ?? ""
        #expect(digest.hasPrefix("digest sha256:") && digest.count == 78)
        #expect(
            text.dropLast(digest.count + 1) == """
                policy REDUNDANCY 1, minimum redundancy 0, at 2026-11-21T06:00:00Z

                homelab-cluster/example-db/example-db
                backup           status    action  why
                20261121T003740  OBSOLETE  delete  not among the newest 1
                20261121T003746  OBSOLETE  delete  not among the newest 1
                20261121T003751  VALID     keep    among the newest 1
                WAL: 3 segments to keep, 8 to delete
                  00000001000000000000000D to 000000010000000000000014
                deletes 14 objects, 773 KiB
                1 window of backups that stay: the same before and after
                info     retention-policy: the policy means more than it says: of backups without a keep annotation
                         only the newest finished one stays

                14 objects to delete, 773 KiB; nothing was deleted

                """
        )
    }

    @Test
    func `the digest is that of what goes and what stays`() throws {
        let one = try digest(plan("healthy-gzip", "--policy", "REDUNDANCY 1", "-o", "json"))
        #expect(one.hasPrefix("sha256:"))
        #expect(try digest(plan("healthy-gzip", "--policy", "redundancy 1", "-o", "json")) == one)
        #expect(try digest(plan("healthy-gzip", "--policy", "REDUNDANCY 2", "-o", "json")) != one)
    }

    @Test
    func `a plan that is not safe ends with 5`() throws {
        let run = try plan("broken-backups", "--policy", "REDUNDANCY 1")
        #expect(run.status == 5)
        #expect(run.output.contains("retention-refused"))
        #expect(run.output.contains("keep    backup.info cannot be read"))
        #expect(run.output.contains("REFUSED, would delete "))
        #expect(run.output.contains("0 objects to delete, 0 B; 1 plan refused; nothing was deleted"))
    }

    @Test
    func `months are told in days`() throws {
        let run = try plan("healthy-gzip", "--policy", "6m")
        #expect(run.status == 0)
        #expect(run.output.contains("a month counts 31 days"))
    }

    @Test(arguments: [["--policy", "30"], ["--policy", "0d"], ["--policy", "30d", "--include", "everything"], []])
    func `a malformed policy ends with 64`(arguments: [String]) throws {
        let run = try CommandRun(["retention", "plan", "Fixtures/buckets/healthy-gzip"] + arguments)
        #expect(run.status == 64)
    }

    /// A copy of an archive that may be deleted from.
    private func copy(_ scenario: String) throws -> String {
        let folder = try TemporaryFolder.make()
        let copy = folder.appending(path: scenario)
        try FileManager.default.copyItem(at: packageRoot.appending(path: "Fixtures/buckets/\(scenario)"), to: copy)
        return copy.path()
    }

    private func files(below path: String) throws -> Set<String> {
        Set(try FileManager.default.subpathsOfDirectory(atPath: path).filter { !$0.hasSuffix("wals") })
    }

    private func apply(_ location: String, _ arguments: String...) throws -> CommandRun {
        try CommandRun(["retention", "apply", location, "--policy", "REDUNDANCY 1"] + arguments)
    }

    @Test
    func `apply deletes what was planned, logs it, and has nothing to do afterwards`() throws {
        let location = try copy("healthy-gzip")
        let planned = try CommandRun(["retention", "plan", location, "--policy", "REDUNDANCY 1", "-o", "json"])
        let log = location + ".jsonl"
        let run = try apply(location, "--plan-digest", try digest(planned), "--log", log)
        #expect(run.status == 0)
        #expect(run.output.hasSuffix("done: nothing of the plan is listed any more, everything else still is\n"))
        #expect(
            run.errors == "cellarman: deleting 2 backups (20261121T003740, 20261121T003746) and 8 WAL segments of "
                + "homelab-cluster/example-db/example-db: 14 objects, 773 KiB\n"
        )
        let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
        let asked = lines.filter { $0.contains("\"outcome\":\"asked\"") }
        let deleted = lines.filter { $0.contains("\"outcome\":\"deleted\"") }
        #expect(lines.count == 28)
        #expect(asked.map { $0.replacing("asked", with: "deleted") } == deleted)
        #expect(try apply(location, "--yes").output == "nothing to delete\n")
    }

    @Test(arguments: ["/dev/full", "/", "/dev/null/log"])
    func `apply deletes nothing that it cannot log`(log: String) throws {
        let location = try copy("healthy-gzip")
        let before = try files(below: location)
        let run = try apply(location, "--yes", "--log", log)
        #expect(run.status == 2)
        #expect(run.errors.contains("error: the log \(log) cannot be written: "), "\(run.errors)")
        #expect(log != "/dev/full" || run.errors.contains("No space left on device; nothing was deleted"))
        #expect(try files(below: location) == before)
    }

    @Test
    func `apply deletes nothing on another digest, a refusal, or without consent`() throws {
        let location = try copy("promotions")
        let before = try files(below: location)
        #expect(try apply(location, "--plan-digest", "sha256:" + String(repeating: "0", count: 64)).status == 5)
        #expect(try apply(location).status == 64)
        #expect(try CommandRun(["retention", "apply", location, "--policy", "REDUNDANCY 0", "--yes"]).status == 5)
        #expect(try files(below: location) == before)
        let broken = try copy("broken-backups")
        let all = try files(below: broken)
        #expect(try apply(broken, "--yes").status == 5)
        #expect(try files(below: broken) == all)
    }

    @Test
    func `apply deletes from a real S3 server what the plan of its directory says`() throws {
        let location = try copy("healthy-gzip")
        let bucket = URL(fileURLWithPath: location)
        let server = try LoopbackServer.rclone(directory: bucket.deletingLastPathComponent())
        let keys = try #require(server.keys)
        let environment = [
            "S3_ACCESS_KEY_ID": keys.accessKeyID, "S3_SECRET_ACCESS_KEY": keys.secretAccessKey,
            "S3_ENDPOINT": server.endpoint(),
        ]
        let policy = ["--policy", "REDUNDANCY 1", "--now", "2026-11-21T06:00:00Z", "--keys", "-o", "json"]
        let planned = try document(CommandRun(["retention", "plan", location] + policy))
        let planOfServer = try document(
            CommandRun(["retention", "plan", "s3://healthy-gzip"] + policy, environment: environment)
        )
        func goes(_ document: [String: Any]) throws -> [String] {
            let servers = try #require(document["servers"] as? [[String: Any]])
            return try #require(servers[0]["keys"] as? [String])
        }
        #expect(try goes(planOfServer) == goes(planned))
        let before = try files(below: location)
        let run = try CommandRun(
            ["retention", "apply", "s3://healthy-gzip", "--policy", "REDUNDANCY 1", "--yes", "--quiet"],
            environment: environment
        )
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("deleted 14 objects of 14"))
        let gone = try before.subtracting(files(below: location)).filter { $0.contains(".") || $0.contains("/wals/0") }
        #expect(try Set(goes(planned)).isSubset(of: gone))
    }
}

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
        #expect(infos.map { keys[$0].contains("20261121T003740") } == [true, false])
        // Data before backup.info, and WAL behind all backups.
        #expect(keys[infos[0] - 1].contains("20261121T003740/data.tar"))
        #expect(keys[(infos[1] + 1)...].allSatisfy { $0.contains("/wals/") })
        let delete = try #require(servers[0]["delete"] as? [String: Any])
        #expect(delete["objects"] as? Int == 14)
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
        #expect(run.output.contains("deletes 0 objects"))
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
}

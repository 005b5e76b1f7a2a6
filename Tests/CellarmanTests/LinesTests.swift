import Foundation
import TestSupport
import Testing

/// `-o ndjson`: a line for each server, and one for all the rest.
struct LinesTests {
    private func documents(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    private func same(_ left: Any?, _ right: Any?) throws -> Bool {
        guard let left, let right else { return false }
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .fragmentsAllowed]
        return try JSONSerialization.data(withJSONObject: left, options: options)
            == JSONSerialization.data(withJSONObject: right, options: options)
    }

    /// All fixtures as servers of one location.
    private static let arguments = ["Fixtures/buckets", "--now", "2026-11-21T06:00:00Z"]

    @Test(arguments: [["audit", "--evidence", "names"], ["windows"], ["usage"]])
    func `has in its lines what the document has`(command: [String]) throws {
        let whole = try CommandRun(command + Self.arguments + ["-o", "json"])
        let lines = try CommandRun(command + Self.arguments + ["-o", "ndjson"])
        #expect(lines.status == whole.status)
        var report = try #require(documents(whole.output.replacing("\n", with: " ")).first)
        let servers = try #require(report.removeValue(forKey: "servers") as? [Any])
        #expect(servers.count > 10)
        let found = try documents(lines.output)
        #expect(found.count == servers.count + 1)
        for (line, server) in zip(found, servers) {
            #expect(line.keys.elementsEqual(["server"]))
            #expect(try same(line["server"], server))
        }
        #expect(try same(found.last?["report"], report))
    }

    @Test
    func `other answers are one line`() throws {
        let location = "Fixtures/buckets/healthy-gzip"
        for command in [
            ["check", location], ["retention", "plan", location, "--policy", "30d"], ["explain", "wal-gap"],
            ["audit", location, "--plan-only"], ["config", "show"],
        ] {
            let run = try CommandRun(command + ["-o", "ndjson"])
            #expect(try documents(run.output).count == 1, "\(command)")
        }
        let failed = try CommandRun(["audit", "nowhere", "-qo", "ndjson"])
        #expect(failed.status == 2)
        #expect(try documents(failed.errors).first?["error"] != nil, "\(failed.errors)")
    }

    @Test
    func `prices may be given, and are checked`() throws {
        let run = try CommandRun(["audit", "Fixtures/buckets/healthy-gzip", "--request-prices", "5"])
        #expect(run.status == 64)
        #expect(run.errors.contains("--request-prices"), "\(run.errors)")
    }
}

import BarmanAudit
import BarmanCatalog
import Foundation
import ObjectStorage
import PostgresWAL
import TestSupport
import Testing

/// Holds the JSON against the keys that scripts rely on.
struct JSONFormatTests {
    private func document(_ scenario: String, _ sections: Set<ReportSection>) async throws -> [String: Any] {
        let bucket = try FixtureBucket(scenario)
        let report = AuditReport(
            on: try await bucket.catalog(),
            at: try ArchiveLocation(destinationPath: "s3://\(scenario)"),
            by: AuditReport.Tool(name: "test", version: "0"),
            options: AuditOptions(now: try #require(TimestampTZ.parse(bucket.expected.now)?.time)),
            requests: bucket.store.statistics
        )
        let text = try JSONFormat().render(report, sections: sections)
        return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func keys(_ value: Any?) throws -> Set<String> {
        Set(try #require(value as? [String: Any]).keys)
    }

    private func first(_ value: Any?) throws -> Any {
        try #require((value as? [Any])?.first)
    }

    @Test
    func `an audit has the promised keys`() async throws {
        let document = try await document("switch-segment-missing", Set(ReportSection.allCases))
        #expect(
            try keys(document) == [
                "schemaVersion", "tool", "generatedAt", "location", "status", "requests", "servers", "outside",
            ]
        )
        #expect(document["schemaVersion"] as? Int == 1)
        #expect(document["status"] as? String == "error")
        #expect(try keys(document["tool"]) == ["name", "version"])
        #expect(try keys(document["requests"]) == ["list", "get", "head", "delete", "retries", "bytesReceived"])
        let server = try #require(first(document["servers"]) as? [String: Any])
        #expect(
            try keys(server) == [
                "name", "prefix", "status", "systemIdentifier", "walSegmentSize", "backups", "timelines", "wal",
                "windows", "usage", "findings",
            ]
        )
        #expect(
            try keys(first(server["backups"])) == [
                "id", "name", "status", "timeline", "beginWAL", "endWAL", "beginLSN", "endLSN", "beginTime", "endTime",
                "postgresVersion", "systemIdentifier", "bytes", "objects", "keep", "restorable", "problems",
            ]
        )
        #expect(try keys(first(server["timelines"])) == ["timeline", "parent", "switchLSN", "reason", "history"])
        let wal = try #require(server["wal"] as? [String: Any])
        #expect(
            try keys(wal) == [
                "segments", "bytes", "firstSegment", "lastSegment", "runs", "gaps", "partials", "archiveHead",
            ]
        )
        #expect(try keys(first(wal["runs"])) == ["timeline", "first", "last", "segments", "bytes"])
        #expect(try keys(first(wal["gaps"])) == ["timeline", "first", "last", "segments"])
        #expect(try keys(wal["archiveHead"]) == ["segment", "lastModified"])
        let window = try #require(first(server["windows"]) as? [String: Any])
        #expect(
            try keys(window) == [
                "backup", "timeline", "path", "latest", "from", "to", "endsAt", "evidence", "restorable",
            ]
        )
        #expect(try keys(window["from"]) == ["time", "lsn"])
        let usage = try #require(server["usage"] as? [String: Any])
        #expect(try keys(usage) == ["objects", "bytes", "classes"])
        #expect(try keys(first(usage["classes"])) == ["class", "objects", "bytes"])
        #expect(
            try keys(first(server["findings"])) == [
                "code", "severity", "message", "hint", "timeline", "segment", "lastSegment",
            ]
        )
    }

    @Test(arguments: [FindingCode.allCases, [.walGap]])
    func `explanations have the promised keys`(codes: [FindingCode]) throws {
        let text = try JSONFormat().render(explaining: codes)
        let document = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(try keys(document) == ["schemaVersion", "codes"])
        #expect(document["schemaVersion"] as? Int == 1)
        let rows = try #require(document["codes"] as? [[String: String]])
        #expect(rows.map { $0["code"] } == codes.map(\.rawValue))
        for row in rows {
            #expect(Set(row.keys) == ["code", "severity", "meaning", "reason", "remedy"])
            #expect(row.values.allSatisfy { !$0.isEmpty })
        }
    }

    @Test
    func `what is not known is null, and not left out`() async throws {
        let document = try await document("bare", Set(ReportSection.allCases))
        let servers = try #require(document["servers"] as? [[String: Any]])
        let walOnly = try #require(servers.first { $0["name"] as? String == "wal-only" })
        #expect(walOnly["systemIdentifier"] is NSNull)
        let baseOnly = try #require(servers.first { $0["name"] as? String == "base-only" })
        let wal = try #require(baseOnly["wal"] as? [String: Any])
        #expect(wal["firstSegment"] is NSNull)
        #expect(wal["archiveHead"] is NSNull)
    }

    @Test(
        arguments: [
            ([.backups], "backups"), ([.windows], "windows"), ([.usage], "usage"), ([.wal], "wal"),
        ] as [(Set<ReportSection>, String)]
    )
    func `a command prints its part alone`(sections: Set<ReportSection>, key: String) async throws {
        let server = try first(await document("promotions", sections)["servers"])
        let expected: Set = ["name", "prefix", "systemIdentifier", "walSegmentSize", key]
        #expect(try keys(server) == (key == "wal" ? expected.union(["timelines"]) : expected))
    }
}

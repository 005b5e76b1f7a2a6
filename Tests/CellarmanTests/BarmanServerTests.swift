import Foundation
import TestSupport
import Testing

/// The home of a Barman server, whose directories have the names of a cloud archive.
struct BarmanServerTests {
    /// A fixture's archive with what Barman's server writes in place of tars.
    private func home() throws -> String {
        let folder = try TemporaryFolder.make().appending(path: "barman")
        let manager = FileManager.default
        try manager.copyItem(at: packageRoot.appending(path: "Fixtures/buckets/healthy-gzip"), to: folder)
        let server = folder.appending(path: "homelab-cluster/example-db/example-db")
        for backup in try manager.contentsOfDirectory(atPath: server.appending(path: "base").path()) {
            let directory = server.appending(path: "base/\(backup)")
            try manager.removeItem(at: directory.appending(path: "data.tar.gz"))
            let data = directory.appending(path: "data")
            try manager.createDirectory(at: data.appending(path: "global"), withIntermediateDirectories: true)
            try Data("15\n".utf8).write(to: data.appending(path: "PG_VERSION"))
            try Data(count: 8192).write(to: data.appending(path: "global/pg_control"))
            try Data(count: 8192).write(to: data.appending(path: "global/1262"))
        }
        try Data("x".utf8).write(to: server.appending(path: "wals/xlog.db"))
        try Data("{}".utf8).write(to: server.appending(path: "identity.json"))
        return folder.path()
    }

    @Test
    func `it is told as such, and nothing of it is judged`() throws {
        let home = try home()
        let audit = try CommandRun(["audit", home, "-o", "json"])
        #expect(audit.status == 1)
        let document = try #require(JSONSerialization.jsonObject(with: Data(audit.output.utf8)) as? [String: Any])
        let server = try #require((document["servers"] as? [[String: Any]])?.first)
        let findings = try #require(server["findings"] as? [[String: Any]])
        #expect(findings.map { $0["code"] as? String } == ["barman-server-home"])
        #expect((server["backups"] as? [Any])?.isEmpty == true)
        #expect((server["windows"] as? [Any])?.isEmpty == true)
        let check = try CommandRun(["check", home, "-o", "json"])
        #expect(check.status == 4)
        #expect(check.output.contains("\"code\" : \"barman-server-home\""))
    }

    @Test(arguments: ["exact", "barman"])
    func `nothing of it is deleted`(semantics: String) throws {
        let home = try home()
        let options = ["--policy", "REDUNDANCY 1", "--semantics", semantics]
        let plan = try CommandRun(["retention", "plan", home, "-o", "json"] + options)
        #expect(plan.status == 5)
        #expect(plan.errors.contains("the home of a Barman server"), "\(plan.errors)")
        let apply = try CommandRun(["retention", "apply", home, "--yes"] + options)
        #expect(apply.status == 5)
        let infos = FileManager.default.enumerator(atPath: home)?.compactMap { $0 as? String }
        #expect(infos?.count { $0.hasSuffix("backup.info") } == 3)
    }

    @Test
    func `a sign of it alone is enough, and a stray directory is none`() throws {
        let folder = try TemporaryFolder.make().appending(path: "archive")
        try FileManager.default.copyItem(at: packageRoot.appending(path: "Fixtures/buckets/healthy-gzip"), to: folder)
        let server = folder.appending(path: "homelab-cluster/example-db/example-db")
        try FileManager.default.createDirectory(
            at: server.appending(path: "base/notes/data"),
            withIntermediateDirectories: true
        )
        try Data("x".utf8).write(to: server.appending(path: "base/notes/data/readme"))
        #expect(try CommandRun(["audit", folder.path()]).output.contains("object-unknown"))
        try Data("x".utf8).write(to: server.appending(path: "wals/xlog.db"))
        #expect(try CommandRun(["audit", folder.path()]).output.contains("barman-server-home"))
    }
}

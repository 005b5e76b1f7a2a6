import Foundation
import TestSupport
import Testing

/// What a deletion meets in a directory, and on its command line, that nobody should trust it with.
struct RetentionInputTests {
    private let location: URL
    private var server: URL { location.appending(path: "homelab-cluster/example-db/example-db") }

    init() throws {
        location = try TemporaryFolder.make().appending(path: "archive")
        try FileManager.default.copyItem(
            at: packageRoot.appending(path: "Fixtures/buckets/healthy-gzip"),
            to: location
        )
    }

    private func retention(_ step: String, _ arguments: String...) throws -> CommandRun {
        try CommandRun(["retention", step, location.path(), "--policy", "REDUNDANCY 1"] + arguments)
    }

    private func files(below folder: URL) throws -> Set<String> {
        Set(try FileManager.default.subpathsOfDirectory(atPath: folder.path()))
    }

    @Test
    func `a server inside the WAL directory of another one loses nothing`() throws {
        let inner = server.appending(path: "wals")
        let copy = try TemporaryFolder.make().appending(path: "copy")
        try FileManager.default.copyItem(at: server, to: copy)
        for folder in ["base", "wals"] {
            try FileManager.default.copyItem(at: copy.appending(path: folder), to: inner.appending(path: folder))
        }
        let barman = try retention("apply", "--semantics", "barman", "--yes")
        #expect(barman.status == 5)
        #expect(barman.errors.contains("belongs to a server below"), "\(barman.errors)")
        // By its path, so that the inner one is not asked about.
        let run = try retention("apply", "--yes", "--server", "homelab-cluster/example-db/example-db")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("deleted 14 objects of 14"), "\(run.output)")
        for folder in ["base", "wals"] {
            #expect(
                try files(below: inner.appending(path: folder)) == files(below: copy.appending(path: folder))
            )
        }
    }

    @Test(
        arguments: [
            "base/20261121T003740", "base/20261121T003751/backup.info", "base/20261121T003740/annotations", "wals",
        ]
    )
    func `nothing is deleted where a link stands in the archive`(path: String) throws {
        let place = server.appending(path: path)
        let elsewhere = try TemporaryFolder.make().appending(path: "elsewhere")
        if FileManager.default.fileExists(atPath: place.path()) {
            try FileManager.default.moveItem(at: place, to: elsewhere)
        }
        try FileManager.default.createSymbolicLink(atPath: place.path(), withDestinationPath: elsewhere.path())
        let before = try files(below: location)
        #expect(try retention("plan").status == 5)
        let refused = try retention("plan", "-o", "json")
        #expect(refused.status == 5)
        #expect(refused.errors.contains("\"code\":\"planRefused\""), "\(refused.errors)")
        let run = try retention("apply", "--yes")
        #expect(run.status == 5)
        #expect(run.errors.contains("is a link or another special file"), "\(run.errors)")
        #expect(try files(below: location) == before)
        // The same where the location is the server itself.
        for location in [location, server] {
            let audit = try CommandRun(["audit", location.path(), "--evidence", "names", "-o", "json"])
            #expect(audit.status == 1)
            #expect(audit.output.contains("\"listing-suspect\""))
            #expect(
                try CommandRun(["retention", "plan", location.path(), "--policy", "REDUNDANCY 1"]).status == 5
            )
        }
    }

    @Test
    func `a link is not overlooked among a thousand that mean nothing`() throws {
        let manager = FileManager.default
        let many = location.appending(path: "aaa")
        try manager.createDirectory(at: many, withIntermediateDirectories: true)
        for number in 0..<1001 {
            let link = many.appending(path: "link\(number)").path()
            try manager.createSymbolicLink(atPath: link, withDestinationPath: "nowhere")
        }
        #expect(try retention("plan").status == 0)
        try manager.createSymbolicLink(
            atPath: server.appending(path: "base/20261121T003739").path(),
            withDestinationPath: "20261121T003740"
        )
        #expect(try retention("plan").status == 5)
    }

    @Test
    func `what lies unpacked in a backup is no server that Barman would take WAL of`() throws {
        let folder = server.appending(path: "base/20261121T003740/data/base/5")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data([1]).write(to: folder.appending(path: "16384"))
        let plan = try retention("plan", "--semantics", "barman")
        #expect(plan.status == 0, "\(plan.errors)")
    }

    @Test
    func `a backup.info cut off before its status is neither unfinished nor forgotten`() throws {
        let file = server.appending(path: "base/20261121T003740/backup.info")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        try #require(lines.contains { $0.hasPrefix("end_wal=") })
        try Data(lines.prefix { !$0.hasPrefix("pgdata=") }.joined(separator: "\n").utf8).write(to: file)
        let before = try files(below: server)
        let run = try retention("apply", "--include", "failed,unfinished,orphans", "--yes")
        #expect([0, 5].contains(run.status), "\(run.errors)")
        let gone = before.subtracting(try files(below: server))
        #expect(!gone.contains { $0.contains("20261121T003740") }, "\(gone)")
        #expect(!gone.contains { $0.hasPrefix("wals/") }, "\(gone)")
        let audit = try CommandRun(["audit", location.path(), "--evidence", "names"])
        #expect(audit.output.contains("it was cut off"), "\(audit.output)")
    }

    @Test
    func `a log behind a link that leads into the archive is not begun`() throws {
        let link = try TemporaryFolder.make().appending(path: "log").path()
        let inside = server.appending(path: "base/new.log").path()
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: inside)
        #expect(try retention("apply", "--yes", "--log", link).status == 64)
        #expect(!FileManager.default.fileExists(atPath: inside))
    }

    @Test
    func `a link beside the servers disturbs nobody, but is told`() throws {
        try FileManager.default.createSymbolicLink(
            atPath: location.appending(path: "latest").path(),
            withDestinationPath: "homelab-cluster"
        )
        let plan = try retention("plan")
        #expect(plan.status == 0)
        #expect(
            plan.errors == "cellarman: warning: links are not followed, and what latest may lead to was not looked at\n"
        )
    }

    @Test
    func `a log is no file of the archive, and no pipe without a reader`() throws {
        let info = server.appending(path: "base/20261121T003751/backup.info").path()
        let before = try String(contentsOfFile: info, encoding: .utf8)
        for path in [info, server.appending(path: "new.log").path()] {
            let run = try retention("apply", "--yes", "--log", path)
            #expect(run.status == 64)
            #expect(run.errors.contains("would lie in the archive that is deleted from"), "\(run.errors)")
        }
        #expect(try String(contentsOfFile: info, encoding: .utf8) == before)
        let pipe = try TemporaryFolder.make().appending(path: "pipe").path()
        #expect(unsafe mkfifo(pipe, 0o600) == 0)
        #expect(try retention("apply", "--yes", "--log", pipe).status == 2)
        #expect(try files(below: server.appending(path: "base")).contains("20261121T003740/backup.info"))
    }

    @Test
    func `what goes beside may be given several times`() throws {
        let both = try retention("plan", "--include", "failed", "--include", "orphans", "-o", "json")
        let one = try retention("plan", "--include", "failed,orphans", "-o", "json")
        func digest(_ run: CommandRun) throws -> String {
            let document = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
            return try #require(document?["digest"] as? String)
        }
        #expect(try digest(both) == digest(one))
        #expect(try digest(both) != digest(retention("plan", "--include", "orphans", "-o", "json")))
        #expect(try retention("plan", "--include", ",").status == 64)
    }
}

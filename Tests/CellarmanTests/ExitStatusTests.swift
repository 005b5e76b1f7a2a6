import TestSupport
import Testing

struct ExitStatusTests {
    private func run(_ arguments: String...) throws -> CommandRun {
        try CommandRun(arguments)
    }

    @Test
    func `a healthy archive ends with 0 and says nothing on standard error`() throws {
        let run = try run("audit", "Fixtures/buckets/healthy-gzip", "--now", "2026-12-01T00:00:00Z")
        #expect(run.status == 0)
        #expect(run.errors == "")
        #expect(run.output.hasPrefix("Fixtures/buckets/healthy-gzip: 1 server, 1 ok\n"))
    }

    @Test
    func `a damaged archive is a result, with status 1`() throws {
        let run = try run("audit", "Fixtures/buckets/gap-between-backups", "--now", "2036-12-01T00:00:00Z")
        #expect(run.status == 1)
        #expect(run.errors == "")
        #expect(run.output.contains("wal-gap: "))
    }

    @Test(arguments: [("info", 1), ("warning", 0), ("error", 0)] as [(String, Int32)])
    func `--fail-on decides what is bad enough`(severity: String, status: Int32) throws {
        let location = "Fixtures/buckets/promotions"
        #expect(try run("audit", location, "--now", "2036-12-01T00:00:00Z", "--fail-on", severity).status == status)
    }

    @Test
    func `ages are judged by the clock that is given`() throws {
        let location = "Fixtures/buckets/healthy-gzip"
        let run = try run("audit", location, "--now", "2036-12-01T00:00:00Z", "--max-backup-age", "26h")
        #expect(run.status == 1)
        #expect(run.output.contains("backup-too-old: "))
    }

    @Test(arguments: [
        (["audit", "/nonexistent"], "cellarman: error: cannot open directory /nonexistent: No such file or directory"),
        (["audit", "Sources"], "cellarman: error: no server below Sources: none of its "),
        (
            ["audit", "Fixtures/buckets/healthy-gzip", "--server", "wrong"],
            "cellarman: error: no server 'wrong' below Fixtures/buckets/healthy-gzip; "
                + "found: homelab-cluster/example-db/example-db\n"
        ),
    ])
    func `what cannot be looked at ends with 2 and one clear line`(arguments: [String], message: String) throws {
        let run = try CommandRun(arguments)
        #expect(run.status == 2)
        #expect(run.output == "")
        #expect(run.errors.hasPrefix(message))
        #expect(run.errors.contains("\n  hint: "))
    }

    @Test(arguments: [
        ["audit"], ["audit", "gs://bucket"], ["audit", "s3://"], ["audit", ".", "--now", "yesterday"],
        ["audit", ".", "--now", "2026-12-01T00:00:00"], ["audit", ".", "--grace", "5"], ["frobnicate"],
        ["audit", ".", "--concurrency", "0"], ["explain", "wal-gaps"],
    ])
    func `what is asked wrongly ends with 64`(arguments: [String]) throws {
        let run = try CommandRun(arguments)
        #expect(run.status == 64)
        #expect(run.output == "")
        #expect(!run.errors.isEmpty)
    }

    @Test(arguments: [
        ("2026-11-21T00:00:00", "it has no offset; add Z for UTC, or one such as +01:00"),
        ("yesterday", "expected a time with its offset, such as 2026-11-21T00:00:00Z"),
    ])
    func `a time that cannot be taken is refused with the reason`(time: String, reason: String) throws {
        let run = try run("audit", ".", "--now", time)
        #expect(run.status == 64)
        #expect(run.errors.hasPrefix("Error: The value '\(time)' is invalid for '--now <now>': \(reason)\n"))
    }

    @Test
    func `explanations come as JSON as well`() throws {
        let run = try run("explain", "wal-gap", "-o", "json")
        #expect(run.status == 0)
        #expect(run.output.hasPrefix("{\n  \"codes\" : [\n    {\n      \"code\" : \"wal-gap\",\n"))
        #expect(try self.run("explain", "--output", "json").output.contains("\"code\" : \"listing-suspect\""))
    }

    @Test(
        arguments: [
            (["audit", "/nonexistent", "-o", "json"], 2), (["audit", "gs://bucket", "--output", "json"], 64),
        ] as [([String], Int32)]
    )
    func `with -o json an error is one JSON object`(arguments: [String], status: Int32) throws {
        let run = try CommandRun(arguments)
        #expect(run.status == status)
        #expect(run.errors.hasPrefix("{\"error\":{\"code\":"))
        #expect(run.errors.split(separator: "\n").count == 1)
    }

    @Test(arguments: [["--help"], ["--version"], ["audit", "--help"], ["explain"], ["explain", "wal-gap"]])
    func `help and explanations are data, with status 0`(arguments: [String]) throws {
        let run = try CommandRun(arguments)
        #expect(run.status == 0)
        #expect(!run.output.isEmpty)
        #expect(run.errors == "")
    }
}

import Foundation
import TestSupport
import Testing

/// Holds the README against the code that it shows and the output that it promises.
struct ReadmeTests {
    private func readme() throws -> String {
        try String(contentsOf: packageRoot.appending(path: "README.md"), encoding: .utf8)
    }

    @Test
    func `the library example is code that compiles`() throws {
        let source = try String(
            contentsOf: packageRoot.appending(path: "Tests/CellarmanTests/ReadmeExample.swift"),
            encoding: .utf8
        )
        let example = try #require(
            try readme().split(separator: "```swift\n").dropFirst().first?.split(separator: "```").first
        )
        for line in example.split(separator: "\n") {
            let statement = line.trimmingCharacters(in: .whitespaces)
            #expect(source.contains(statement), "the README shows a line that no test compiles: \(statement)")
        }
    }

    @Test
    func `the library example does what it says`() async throws {
        let lines = try await ReadmeExample.run(
            packageRoot.appending(path: "Fixtures/buckets/gap-between-backups").path()
        )
        #expect(lines.count == 4)
        #expect(lines.last?.hasPrefix("error: 2 WAL segments missing on timeline 1: ") == true)
    }

    @Test
    func `the report in the README is what the command prints`() throws {
        let run = try CommandRun(["audit", "Fixtures/buckets/gap-between-backups"], environment: ["COLUMNS": "100"])
        // Ages change from day to day; everything else has to be there.
        let printed = run.output.split(separator: "\n").filter { !$0.contains(" ago ") && !$0.contains("requests") }
        let text = try readme()
        for line in printed {
            #expect(text.contains(line), "not in the README: \(line)")
        }
    }

    @Test(arguments: [("2026-11-21T00:37:06.755Z", 0), ("2026-11-21T00:37:09Z", 3)] as [(String, Int32)])
    func `the checks in the README are what the command prints`(time: String, status: Int32) throws {
        let location = "Fixtures/buckets/gap-between-backups"
        // Where the files are as young as the working copy, a hole may be an upload under way.
        let arguments = ["check", location, "--target-time", time, "--now", "2036-01-01T00:00:00Z"]
        let run = try CommandRun(arguments, environment: ["COLUMNS": "100"])
        #expect(run.status == status)
        #expect(try readme().contains("--target-time \(time)\n\(run.output)exit status \(status)\n"))
    }
}

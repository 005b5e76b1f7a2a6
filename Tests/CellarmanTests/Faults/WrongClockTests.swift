import Foundation
import ObjectStorage
import TestSupport
import Testing

/// A deletion where a clock is wrong, or where nobody knows.
struct WrongClockTests {
    private static let sketch = "1: 01-14 / base A 1: 03 / base B 1: 08 / base C 1: 0D"

    @Test(arguments: [40 * 86_400, -40 * 86_400, 900, -900, 3650 * 86_400])
    func `clocks that differ refuse, however far`(ahead: Int) throws {
        let bench = try LiarBench(Self.sketch)
        bench.bucket.setClock(ahead: ahead)
        for more in [[], ["--trust-clock"]] {
            let run = try bench.run(["retention", "apply", "--policy", "30d", "--yes"] + more)
            #expect(run.status == 5)
            #expect(run.errors.contains(ahead > 0 ? "ahead of the one here" : "behind the one here"), "\(run.errors)")
        }
        #expect(!bench.server.questions.contains { $0.method == "POST" })
    }

    @Test
    func `a store that does not tell the time refuses, unless somebody vouches for the clock`() throws {
        for field in [nil, ("Date", "yesterday"), ("Age", "1")] {
            let bench = try LiarBench(Self.sketch)
            if field?.0 != "Age" { bench.bucket.setClock(ahead: nil) }
            bench.lie { question, bucket in
                field.map { bucket.answer(question).adding($0.0, $0.1) } ?? bucket.answer(question)
            }
            let run = try bench.apply()
            #expect(run.status == 5)
            #expect(run.errors.contains("the time of s3://backups is not known"), "\(run.errors)")
            #expect(run.errors.contains("--trust-clock"))
            #expect(try bench.apply("REDUNDANCY 1", "--trust-clock").status == 0)
        }
    }

    @Test
    func `an old form of the date tells the time as well`() throws {
        let bench = try LiarBench(Self.sketch)
        bench.bucket.setClock(ahead: nil)
        bench.lie { question, bucket in
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.timeZone = TimeZone(identifier: "GMT")
            format.dateFormat = "EEEE, dd-MMM-yy HH:mm:ss 'GMT'"
            return bucket.answer(question).adding("Date", format.string(from: Date()))
        }
        #expect(try bench.apply().status == 0)
    }

    @Test
    func `a directory shows a wrong clock only by what was stored in the future`() throws {
        let folder = try TemporaryFolder.make().appending(path: "archive")
        try FileManager.default.copyItem(
            at: packageRoot.appending(path: "Fixtures/buckets/healthy-gzip"),
            to: folder
        )
        let arguments = ["retention", "apply", folder.path(), "--policy", "REDUNDANCY 2", "--yes"]
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects as? [URL]
        let tar = try #require(files?.first { $0.lastPathComponent == "data.tar.gz" })
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: 86_400)],
            ofItemAtPath: tar.path()
        )
        let refused = try CommandRun(arguments)
        #expect(refused.status == 5)
        #expect(refused.errors.contains("which is in the future by the clock here"), "\(refused.errors)")
        for file in files ?? [] {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 0)],
                ofItemAtPath: file.path()
            )
        }
        #expect(try CommandRun(arguments).status == 0)
    }

    @Test
    func `a deletion takes no other time than now`() throws {
        let bench = try LiarBench(Self.sketch)
        #expect(try bench.apply("REDUNDANCY 1", "--now", "2020-01-01T00:00:00Z").status == 64)
    }
}

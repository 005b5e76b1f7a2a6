import Foundation
import ObjectStorage
import Synchronization
import TestSupport
import Testing

/// A deletion on a store that does not keep its word: nothing goes that is needed.
struct NeededObjectTests {
    private static let sketch = "1: 01-14 / base A 1: 03 / base B 1: 08 / base C 1: 0D"
    private static let newest = "sketch/base/C/backup.info"

    private func code(_ run: CommandRun) throws -> String? {
        let document = try JSONSerialization.jsonObject(with: Data(run.errors.utf8)) as? [String: [String: Any]]
        return document?["error"]?["code"] as? String
    }

    // MARK: What is listed and not found

    @Test
    func `a listed backup.info that answers 404 stops every deletion`() throws {
        let bench = try LiarBench(Self.sketch)
        let before = bench.keys
        bench.lie { question, _ in question.reads(Self.newest) ? .error(404, "NoSuchKey") : nil }
        for more in [[], ["--include", "unfinished"]] {
            let run = try bench.run(["retention", "apply", "--policy", "REDUNDANCY 3", "--yes", "-o", "json"] + more)
            #expect(run.status == 2)
            #expect(try code(run) == "objectUnreadable")
        }
        #expect(try bench.run("retention", "plan", "--policy", "REDUNDANCY 3").status == 2)
        #expect(bench.keys == before)
        let audit = try bench.run("audit", "--evidence", "names")
        #expect(audit.status == 2)
        #expect(audit.output.contains("object-unreadable: backup.info of C could not be read"))
        #expect(!audit.output.contains("backup-unreadable"))
        let check = try bench.run("check", "--evidence", "names", "-o", "json")
        #expect(check.status == 2)
        #expect(check.output.contains("\"code\" : \"object-unreadable\""))
    }

    @Test
    func `one 404 in between changes nothing`() throws {
        let bench = try LiarBench(Self.sketch)
        let honest = try LiarBench(Self.sketch)
        #expect(try honest.apply().status == 0)
        let isFirst = Atomic(true)
        bench.lie { question, _ in
            question.reads(Self.newest) && isFirst.exchange(false, ordering: .relaxed) ? .error(404, "NoSuchKey") : nil
        }
        #expect(try bench.apply().status == 0)
        #expect(bench.keys == honest.keys)
    }

    @Test
    func `a listed history file that answers 404 leaves every target open`() throws {
        let bench = try LiarBench("1: 01-0A / 2 from 1@09: 09-14 / base A 1: 03 / base B 1: 05")
        bench.lie { question, _ in
            question.reads("sketch/wals/00000002.history") ? .error(404, "NoSuchKey") : nil
        }
        let check = try bench.run("check", "--evidence", "names", "-o", "json")
        #expect(check.status == 2)
        #expect(check.output.contains("\"verdict\" : \"undetermined\""))
        let audit = try bench.run("audit", "--evidence", "names")
        #expect(audit.output.contains("object-unreadable: the history file of timeline 2 could not be read"))
        #expect(!audit.output.contains("history-invalid"))
        #expect(try bench.apply().status == 2)
    }

    // MARK: What stays has to be there

    private static let losses: [(String, @Sendable (HostileBucket) -> Void)] = [
        ("its backup.info is gone", { $0.remove("sketch/base/C/backup.info") }),
        ("its tar is gone", { $0.remove("sketch/base/C/data.tar.gz") }),
        (
            "it has failed",
            { bucket in
                guard let object = bucket.contents["sketch/base/C/backup.info"], let body = object.body else { return }
                let text = String(decoding: body, as: UTF8.self).replacing("status=DONE", with: "status=FAIL")
                bucket.put("sketch/base/C/backup.info", .init(Array(text.utf8), lastModified: object.lastModified))
            }
        ),
        (
            "all of it is gone",
            { bucket in
                for key in bucket.contents.keys where "\(key)".hasPrefix("sketch/base/C/") { bucket.remove(key) }
            }
        ),
    ]

    /// The listing of the plan, that of the deletion, and what is read last before it.
    @Test(arguments: [999, 998, 0], 0..<4)
    func `a backup that stays and changes before the deletion stops it`(moment: Int, loss: Int) throws {
        let bench = try LiarBench(Self.sketch)
        let isDone = Atomic(false)
        let reads = Atomic(0)
        bench.lie { question, bucket in
            // It is read when the archive is looked at, and once more right before the deletion.
            let isRead = question.reads(Self.newest) && reads.wrappingAdd(1, ordering: .relaxed).newValue == 2
            let isTime = moment > 0 ? question.isListing(of: moment) : isRead
            if isTime, !isDone.exchange(true, ordering: .relaxed) { Self.losses[loss].1(bucket) }
            return nil
        }
        let run = try bench.apply()
        #expect(run.status == 5, "\(Self.losses[loss].0): \(run.output)\(run.errors)")
        #expect(!bench.server.questions.contains { $0.method == "POST" || $0.method == "DELETE" })
    }

    @Test
    func `a store that deletes more than it was asked ends with 2`() throws {
        for key in ["sketch/base/C/data.tar.gz", "sketch/wals/0000000100000000/000000010000000000000010.gz"] {
            let bench = try LiarBench(Self.sketch)
            bench.lie { question, bucket in
                if question.method == "POST" { bucket.remove(ObjectKey(key)) }
                return nil
            }
            let run = try bench.apply()
            #expect(run.status == 2)
            #expect(run.output.contains("it was to stay, but: "), "\(run.output)")
            #expect(run.output.contains("WARNING: what was to stay is gone or changed"))
        }
    }

    // MARK: Two listings

    @Test
    func `what only one of two listings has is asked for`() throws {
        let bench = try LiarBench(Self.sketch)
        let before = bench.keys
        // As SeaweedFS has done it: nothing below the server, everything below its parent.
        bench.lie { question, _ in
            question.isListing(of: 999) ? .listing("<KeyCount>0</KeyCount>") : nil
        }
        let run = try bench.run("retention", "apply", "--policy", "REDUNDANCY 1", "--yes", "-o", "json")
        #expect(run.status == 5)
        #expect(try code(run) == "listingSuspect")
        #expect(try bench.run("retention", "plan", "--policy", "REDUNDANCY 1").status == 5)
        #expect(bench.keys == before)
    }

    @Test
    func `what is gone in the second listing is a changed archive`() throws {
        let bench = try LiarBench(Self.sketch)
        bench.lie { question, bucket in
            if question.isListing(of: 999) {
                bucket.remove("sketch/wals/0000000100000000/000000010000000000000010.gz")
            }
            return nil
        }
        let run = try bench.run("retention", "apply", "--policy", "REDUNDANCY 1", "--yes", "-o", "json")
        #expect(run.status == 5)
        #expect(try code(run) == "planStale")
        #expect(bench.keys.contains("sketch/base/A/backup.info"))
    }

    // MARK: What the first listing lacks

    /// Backup B has an annotation, and the first listing does not show its `backup.info`, or no listing does.
    @Test(arguments: [true, false])
    func `a backup.info that was not listed at first stops a deletion`(onlyFirst: Bool) throws {
        for more in [[], ["--include", "unfinished"], ["--include", "orphans"]] {
            let bench = try LiarBench(Self.sketch)
            if more.isEmpty { bench.bucket.put("sketch/base/B/annotations/keep", .init(Array("full".utf8))) }
            let before = bench.keys
            bench.lie { question, bucket in
                guard onlyFirst ? question.isListing(of: 1000) : question.isListing else { return nil }
                let others = bucket.contents.filter { $0.key != "sketch/base/B/backup.info" }
                return HostileBucket(others).answer(question)
            }
            let run = try bench.run(["retention", "apply", "--policy", "REDUNDANCY 1", "--yes"] + more)
            #expect(run.status == 5, "\(more): \(run.output)\(run.errors)")
            #expect(bench.keys == before)
        }
    }

    @Test
    func `a history file that was not listed at first stops a deletion`() throws {
        let bench = try LiarBench("1: 01-0C, 0E-14 / 2 from 1@06: 06-18 / base A 1: 05 / base B 1: 08 / base C 1: 0B")
        let before = bench.keys
        bench.lie { question, bucket in
            guard question.isListing(of: 1000) else { return nil }
            return HostileBucket(bucket.contents.filter { $0.key != "sketch/wals/00000002.history" }).answer(question)
        }
        let run = try bench.apply()
        #expect(run.status == 5, "\(run.output)\(run.errors)")
        #expect(bench.keys == before)
    }

    @Test
    func `a label that was not listed at first stops a deletion`() throws {
        let bench = try LiarBench(Self.sketch)
        let label: ObjectKey = "sketch/wals/0000000100000000/000000010000000000000005.00000060.backup"
        bench.bucket.put(label, .init(Array("LABEL: snapshot\n".utf8)))
        let before = bench.keys
        bench.lie { question, bucket in
            guard question.isListing(of: 1000) else { return nil }
            return HostileBucket(bucket.contents.filter { $0.key != label }).answer(question)
        }
        let run = try bench.apply()
        #expect(run.status == 5, "\(run.output)\(run.errors)")
        #expect(run.errors.contains("the label of a base backup that begins in"))
        #expect(bench.keys == before)
        // Where it is seen, WAL from its begin on stays.
        bench.lie { _, _ in nil }
        #expect(try bench.apply().status == 0)
        #expect(bench.keys.contains(label))
    }

    @Test
    func `an annotation of a backup that the first listing does not show stays`() throws {
        let bench = try LiarBench(Self.sketch)
        bench.bucket.put("sketch/base/C/annotations/keep", .init(Array("full".utf8)))
        let before = bench.keys
        bench.lie { question, bucket in
            guard question.isListing(of: 1000) else { return nil }
            let hidden: Set<ObjectKey> = ["sketch/base/C/backup.info", "sketch/base/C/data.tar.gz"]
            return HostileBucket(bucket.contents.filter { !hidden.contains($0.key) }).answer(question)
        }
        let run = try bench.apply("REDUNDANCY 1", "--include", "orphans")
        #expect(run.status == 5, "\(run.output)\(run.errors)")
        #expect(bench.keys == before)
    }

    // MARK: Other servers

    @Test
    func `what another server loses meanwhile is told`() throws {
        for lost in ["a/base/C/data.tar.gz", "b/base/C/data.tar.gz"] {
            var objects: [ObjectKey: MemoryObjectStore.Object] = [:]
            for (key, object) in try ArchiveSketch(Self.sketch).objects {
                objects[ObjectKey("a/\("\(key)".dropFirst("sketch/".count))")] = object
                // Nothing goes of this one.
                let isWAL = "\(key)" >= "sketch/wals/0000000100000000/00000001000000000000000D"
                if isWAL || "\(key)".hasPrefix("sketch/base/C/") {
                    objects[ObjectKey("b/\("\(key)".dropFirst("sketch/".count))")] = object
                }
            }
            let bench = try LiarBench(objects)
            bench.lie { question, bucket in
                if question.method == "POST" { bucket.remove(ObjectKey(lost)) }
                return nil
            }
            let run = try bench.apply()
            #expect(run.status == 2, "\(lost): \(run.output)\(run.errors)")
            #expect(run.output.contains("it was to stay, but: "), "\(run.output)")
        }
    }

    @Test
    func `a twin of a segment that stays, and an unfinished backup, are missed as well`() throws {
        let twin: ObjectKey = "sketch/wals/0000000100000000/000000010000000000000010.zst"
        for lost in [twin, "sketch/base/E/data.tar.gz"] {
            let bench = try LiarBench(Self.sketch)
            bench.bucket.put(twin, .init([1, 2, 3]))
            bench.bucket.put("sketch/base/E/backup.info", .init(Array("status=STARTED\n".utf8)))
            bench.bucket.put("sketch/base/E/data.tar.gz", .init([1, 2, 3]))
            bench.lie { question, bucket in
                if question.method == "POST" { bucket.remove(lost) }
                return nil
            }
            let run = try bench.apply("REDUNDANCY 2")
            #expect(run.status == 2, "\(lost): \(run.output)\(run.errors)")
        }
    }

    @Test
    func `the clock counts until the deletion begins, and a cache until it is done`() throws {
        let late = try LiarBench(Self.sketch)
        late.lie { question, bucket in
            guard question.isListing(of: 998) else { return nil }
            let shifted = HostileBucket(bucket.contents)
            shifted.setClock(ahead: 86_400)
            return shifted.answer(question)
        }
        #expect(try late.apply().status == 5)
        let cached = try LiarBench(Self.sketch)
        cached.lie { question, bucket in
            question.isListing(of: 996) ? bucket.answer(question).adding("X-Cache", "HIT") : nil
        }
        #expect(try cached.apply().status == 2)
    }

    @Test
    func `WAL of a backup that stays is looked for, whatever a cache lists`() throws {
        let bench = try LiarBench(Self.sketch)
        let stale = HostileBucket(bench.bucket.contents)
        bench.lie { question, _ in question.isListing ? stale.answer(question) : nil }
        bench.bucket.remove("sketch/wals/0000000100000000/00000001000000000000000D.gz")
        let before = bench.keys
        let run = try bench.apply()
        #expect(run.status == 5, "\(run.output)\(run.errors)")
        #expect(bench.keys == before)
    }

    // MARK: Caches

    @Test
    func `a cache that tells of itself stops a deletion and warns an audit`() throws {
        for field in [("Age", "300"), ("X-Cache-Status", "HIT")] {
            let bench = try LiarBench(Self.sketch)
            let before = bench.keys
            bench.lie { question, bucket in
                question.isListing ? bucket.answer(question).adding(field.0, field.1) : nil
            }
            let audit = try bench.run("audit", "--evidence", "names")
            #expect(audit.output.contains("warning  listing-suspect: a listing of s3://backups"), "\(audit.output)")
            let run = try bench.run("retention", "apply", "--policy", "REDUNDANCY 1", "--yes", "-o", "json")
            #expect(run.status == 5)
            #expect(try code(run).map { ["cachedAnswer", "clockSkew"].contains($0) } == true)
            #expect(bench.keys == before)
        }
    }

    @Test
    func `a cache that says nothing is found out by what is read`() throws {
        let bench = try LiarBench(Self.sketch)
        let stale = HostileBucket(bench.bucket.contents)
        bench.lie { question, _ in question.isListing ? stale.answer(question) : nil }
        bench.bucket.put("sketch/base/A/annotations/keep", .init(Array("full".utf8)))
        let before = bench.keys
        let run = try bench.apply()
        #expect(run.status == 5)
        #expect(run.errors.contains("backup A, which goes, was not annotated at first, and now is"), "\(run.errors)")
        #expect(bench.keys == before)
    }
}

import ObjectStorage
import Testing

extension ObjectStoreSuite {
    static let readingChecks: [Check] = [
        Check("reads objects with odd keys") { (store, objects) async throws in
            for key in oddKeys {
                #expect(try await store.get(key, limit: 1000) == objects[key])
                #expect(try await store.head(key).size == Int64(objects[key]?.count ?? -1))
            }
        },
        Check("reads objects with empty parts in their keys", needs: .anyKey) { (store, objects) async throws in
            for key in ["any//double", "any/key", "any/key/below", "any/trailing/"] as [ObjectKey] {
                #expect(try await store.get(key, limit: 1000) == objects[key])
            }
        },
        Check("says of an object what the listing says") { (store, _) async throws in
            let listed = try #require(try await walk(store, ListRequest(prefix: "range/ten")).objects.first)
            let head = try await store.head("range/ten-thousand")
            #expect(head.key == listed.key && head.size == listed.size)
            // HEAD has whole seconds.
            #expect(abs(head.lastModified - listed.lastModified) <= 1_000_000)
        },
        Check("reads an empty object") { (store, _) async throws in
            #expect(try await store.get("range/empty", limit: 10) == [])
            #expect(try await store.head("range/empty").size == 0)
        },
        Check("reads ranges") { (store, objects) async throws in
            let body = try #require(objects["range/ten-thousand"])
            for range in [0..<1, 0..<10_000, 17..<4711, 9_999..<10_000] as [Range<Int64>] {
                let wanted = Array(body[Int(range.lowerBound)..<Int(range.upperBound)])
                #expect(try await store.get("range/ten-thousand", range: range, limit: 10_000) == wanted)
            }
        },
        Check("cuts a range at the end of the object") { (store, objects) async throws in
            let body = try #require(objects["range/ten-thousand"])
            let found = try await store.get("range/ten-thousand", range: 9_990..<20_000, limit: 20_000)
            #expect(found == Array(body[9_990...]))
        },
        Check("reads a range without bytes") { (store, _) async throws in
            #expect(try await store.get("range/ten-thousand", range: 5..<5, limit: 10) == [])
        },
        Check("refuses a range behind the end") { (store, _) async throws in
            for start: Int64 in [10_000, 10_001, 1 << 40] {
                let error = await #expect(throws: ObjectStoreError.self) {
                    try await store.get("range/ten-thousand", range: start..<(start + 10), limit: 100)
                }
                #expect(error?.code == .invalidRange)
            }
        },
        Check("refuses what is larger than the limit") { (store, _) async throws in
            let error = await #expect(throws: ObjectStoreError.self) {
                try await store.get("range/ten-thousand", limit: 9_999)
            }
            #expect(error?.code == .tooLarge)
            #expect(try await store.get("range/ten-thousand", limit: 10_000).count == 10_000)
        },
        Check("says that an object is missing") { (store, _) async throws in
            for key in ["range/nothing", "nothing/at/all", "odd/a  b"] as [ObjectKey] {
                let got = await #expect(throws: ObjectStoreError.self) { try await store.get(key, limit: 10) }
                #expect(got?.code == .noSuchKey)
                let head = await #expect(throws: ObjectStoreError.self) { try await store.head(key) }
                #expect(head?.code == .noSuchKey)
            }
        },
        Check("answers many at a time") { (store, _) async throws in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<64 {
                    group.addTask {
                        try await store.get(manyKey(number), limit: 10) == [UInt8(number % 251)]
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        },
        Check("counts what it is asked") { (store, _) async throws in
            let before = store.statistics
            _ = try await store.list(ListRequest(prefix: "tree/"))
            _ = try await store.get("tree/b", limit: 100)
            _ = try await store.head("tree/b")
            let after = store.statistics
            #expect(after.list > before.list && after.get > before.get && after.head > before.head)
            #expect(after.bytesReceived >= before.bytesReceived + 6)
        },
    ]
}

public import ObjectStorage
public import Testing

/// The contract of ``DeletableObjectStore``: each check has objects of its own, so that a store can take them all.
extension ObjectStoreSuite {
    /// One sentence of the contract of deleting.
    public struct DeletionCheck: Sendable, CustomTestStringConvertible {
        /// What it checks.
        public let testDescription: String
        let needs: Abilities
        let body: @Sendable (any DeletableObjectStore) async throws -> Void

        init(
            _ description: String,
            needs: Abilities = [],
            body: @escaping @Sendable (any DeletableObjectStore) async throws -> Void
        ) {
            self.testDescription = description
            self.needs = needs
            self.body = body
        }

        /// Runs the check, once, against a store that holds ``ObjectStoreSuite/deletableObjects(_:)``.
        public func run(against store: any DeletableObjectStore) async throws {
            try await body(store)
        }
    }

    /// The checks that a store of these abilities has to pass.
    public static func deletionChecks(_ abilities: Abilities = .all) -> [DeletionCheck] {
        deletionChecks.filter { abilities.isSuperset(of: $0.needs) }
    }

    /// The objects that a store of these abilities has to hold before it is asked to delete.
    public static func deletableObjects(_ abilities: Abilities = .all) -> [ObjectKey: [UInt8]] {
        var keys: [ObjectKey] = ["some/a", "some/a.gz", "some/b", "some/b/", "some/c", "deep/x/y/z/one", "deep/x/two"]
        keys.removeAll { $0 == "some/b/" && !abilities.contains(.anyKey) }
        keys += oddKeys.map { below("odd-", $0) } + (0..<1005).map { tallied($0) }
        keys += ["order/a", "order/b", "order/c", "limit/a", "refused/a", "count/a", "count/b"]
        if abilities.contains(.anyKey) { keys += anyDeletableKeys + anyNeighbours }
        return Dictionary(uniqueKeysWithValues: keys.map { ($0, $0.bytes) })
    }

    /// Keys that XML or a careless reader of it would change.
    private static let anyDeletableKeys: [ObjectKey] = [
        "any/", "any//double", "any/key", "any/key/below", "any/bell\u{7}", "any/line\nend", "any/return\r",
        "any/ lead",
        "any/trail ", "any/tab\t", " any", "any/&amp;", "any/]]>",
    ]

    /// What those would be changed to.
    private static let anyNeighbours: [ObjectKey] = [
        "any/double", "any/line end", "any/return\n", "any/return", "any/lead", "any/trail", "any", "any/&",
    ]

    private static func below(_ prefix: String, _ key: ObjectKey) -> ObjectKey {
        ObjectKey(bytes: Array(prefix.utf8) + key.bytes)
    }

    private static func tallied(_ number: Int) -> ObjectKey {
        ObjectKey("thousand/\(10_000 + number)")
    }

    private static func keys(_ store: any ObjectStore, _ prefix: ObjectKey) async throws -> [ObjectKey] {
        try await walk(store, ListRequest(prefix: prefix)).objects.map(\.key)
    }

    private static let deletionChecks: [DeletionCheck] = [
        DeletionCheck("deletes what it is asked to, and nothing else") { (store) async throws in
            let before = try await keys(store, "some/")
            #expect(before.contains("some/a") && before.contains("some/b"))
            #expect(try await store.delete(["some/a", "some/b"]) == [.deleted, .deleted])
            #expect(try await keys(store, "some/") == before.filter { $0 != "some/a" && $0 != "some/b" })
            let error = await #expect(throws: ObjectStoreError.self) { try await store.head("some/a") }
            #expect(error?.code == .noSuchKey)
        },
        DeletionCheck("takes a key that is not there for deleted") { (store) async throws in
            #expect(try await store.delete(["nobody/has/this"]) == [.deleted])
            #expect(try await store.delete(["some/c/is/no/directory"]) == [.deleted])
        },
        DeletionCheck("deletes at different depths") { (store) async throws in
            #expect(try await store.delete(["deep/x/y/z/one"]) == [.deleted])
            #expect(try await keys(store, "deep/") == ["deep/x/two"])
            #expect(try await store.delete(["deep/x/two"]) == [.deleted])
            #expect(try await keys(store, "deep/").isEmpty)
        },
        DeletionCheck("deletes objects with odd keys") { (store) async throws in
            let odd = oddKeys.map { below("odd-", $0) }
            for key in odd {
                let before = try await keys(store, "odd-odd/")
                #expect(try await store.delete([key]) == [.deleted])
                #expect(try await keys(store, "odd-odd/") == before.filter { $0 != key })
            }
        },
        DeletionCheck("deletes objects whose keys are easily changed on the way", needs: .anyKey) {
            (store) async throws in
            #expect(try await store.delete(anyDeletableKeys) == anyDeletableKeys.map { _ in .deleted })
            let left = try await keys(store, "").filter { !$0.description.contains("/") || $0.hasPrefix("any/") }
            #expect(left == anyNeighbours.sorted())
        },
        DeletionCheck("takes a thousand keys at once") { (store) async throws in
            let outcomes = try await store.delete((0..<1000).map { tallied($0) })
            #expect(outcomes == Array(repeating: .deleted, count: 1000))
            #expect(try await keys(store, "thousand/") == (1000..<1005).map { tallied($0) })
        },
        DeletionCheck("refuses more than a thousand") { (store) async throws in
            let many = ["limit/a"] + (0..<1000).map { ObjectKey("limit/\($0)") }
            let error = await #expect(throws: ObjectStoreError.self) { try await store.delete(many) }
            #expect(error?.code == .tooLarge)
            #expect(
                error?.description
                    == "1001 objects of \(store.name) cannot be deleted in one call, which takes at most 1000"
            )
            #expect(try await keys(store, "limit/") == ["limit/a"])
        },
        DeletionCheck("answers in the order of the keys, also for one that comes twice") { (store) async throws in
            let asked: [ObjectKey] = ["order/c", "", "order/a", "order/nothing", "order/c"]
            let outcomes = try await store.delete(asked)
            #expect(outcomes.map { $0 == .deleted } == [true, false, true, true, true])
            #expect(try await keys(store, "order/") == ["order/b"])
        },
        DeletionCheck("refuses keys that stores read differently") { (store) async throws in
            let asked: [ObjectKey] = ["", "/", "/refused/a", "refused/../refused/a", "./refused/a", "refused/a/.."]
            for (key, outcome) in zip(asked, try await store.delete(asked)) {
                guard case .failed(let error) = outcome else {
                    Issue.record("\(key): \(outcome)")
                    continue
                }
                #expect(error.code == .unsupported && !error.isRetryable)
                #expect(
                    error.message == "object \"\(key)\" in \(store.name) is not deleted: "
                        + "stores disagree which object this key names"
                )
                #expect(error.hint == "delete it by hand with a tool of the store's provider")
            }
            #expect(try await keys(store, "refused/") == ["refused/a"])
        },
        DeletionCheck("is not asked for nothing, and counts what it is asked") { (store) async throws in
            let before = store.statistics.delete
            #expect(try await store.delete([]).isEmpty)
            #expect(try await store.delete(["count/a", "count/b"]) == [.deleted, .deleted])
            #expect(store.statistics.delete > before)
        },
    ]
}

import ObjectStorage
import Testing

extension ObjectStoreSuite {
    static let listingChecks: [Check] = [
        Check("lists everything in byte order", needs: .byteOrder) { (store, objects) async throws in
            let found = try await walk(store, ListRequest(prefix: ""))
            #expect(found.objects.map(\.key) == objects.keys.sorted())
        },
        Check("lists sizes and times") { (store, objects) async throws in
            for object in try await walk(store, ListRequest(prefix: "odd/")).objects {
                #expect(object.size == Int64(objects[object.key]?.count ?? -1))
                // 2020: no test ran before.
                #expect(object.lastModified > 1_577_836_800_000_000)
            }
        },
        Check("keeps odd keys as they are") { (store, _) async throws in
            let found = try await walk(store, ListRequest(prefix: "odd/"))
            #expect(Set(found.objects.map(\.key)) == Set(oddKeys))
            #expect(found.objects.count == oddKeys.count)
        },
        Check("pages past a thousand keys") { (store, _) async throws in
            let found = try await walk(store, ListRequest(prefix: "many/"))
            #expect(found.objects.map(\.key) == (0..<2345).map { manyKey($0) })
            #expect(found.pages == 3)
        },
        Check("makes small pages", needs: .smallPages) { (store, _) async throws in
            let found = try await walk(store, ListRequest(prefix: "odd/", maxKeys: 5))
            #expect(found.objects.map(\.key) == oddKeys.sorted())
            #expect(found.pages == 3)
        },
        Check("lists nothing below a prefix that nobody has") { (store, _) async throws in
            let found = try await walk(store, ListRequest(prefix: "nobody/has/this/"))
            #expect(found.objects.isEmpty && found.prefixes.isEmpty && found.pages == 1)
        },
        Check("lists below part of a name") { (store, _) async throws in
            let prefix = ObjectKey("many/0000000100000000/00000001000000000000092")
            let found = try await walk(store, ListRequest(prefix: prefix))
            #expect(found.objects.map(\.key) == (0x920...0x928).map { manyKey($0) })
        },
        Check("rolls up at a delimiter") { (store, _) async throws in
            let found = try await walk(store, ListRequest(prefix: "tree/", delimiter: UInt8(ascii: "/")))
            #expect(found.objects.map(\.key) == ["tree/a.b", "tree/a0", "tree/b"])
            #expect(found.prefixes == ["tree/a/"])
        },
        Check("rolls up the whole store") { (store, objects) async throws in
            let found = try await walk(store, ListRequest(prefix: "", delimiter: UInt8(ascii: "/")))
            let roots = Set(objects.keys.map { ObjectKey(bytes: Array($0.bytes.prefix { $0 != 0x2F } + [0x2F])) })
            #expect(found.objects.isEmpty)
            #expect(found.prefixes == roots.sorted())
        },
        Check("starts behind a key that is there", needs: .startAfter) { (store, _) async throws in
            let found = try await walk(store, ListRequest(prefix: "many/", startAfter: manyKey(2340)))
            #expect(found.objects.map(\.key) == (2341..<2345).map { manyKey($0) })
        },
        Check("starts behind a key that is not there", needs: .startAfter) { (store, _) async throws in
            let start = ObjectKey(bytes: manyKey(2340).bytes + [0x2E])
            let found = try await walk(store, ListRequest(prefix: "many/", startAfter: start))
            #expect(found.objects.map(\.key) == (2341..<2345).map { manyKey($0) })
        },
        Check("starts before and behind the prefix", needs: .startAfter) { (store, _) async throws in
            let before = try await walk(store, ListRequest(prefix: "tree/", startAfter: "a"))
            #expect(before.objects.count == 5)
            let behind = try await walk(store, ListRequest(prefix: "tree/", startAfter: "z"))
            #expect(behind.objects.isEmpty)
        },
        Check("starts behind a key with odd characters", needs: .startAfter) { (store, _) async throws in
            for (index, key) in oddKeys.sorted().enumerated() {
                let found = try await walk(store, ListRequest(prefix: "odd/", startAfter: key))
                #expect(found.objects.map(\.key) == Array(oddKeys.sorted()[(index + 1)...]))
            }
        },
        Check("keeps empty parts of a key", needs: .anyKey) { (store, _) async throws in
            let found = try await walk(store, ListRequest(prefix: "any/"))
            #expect(found.objects.map(\.key) == ["any//double", "any/key", "any/key/below", "any/trailing/"])
        },
    ]
}

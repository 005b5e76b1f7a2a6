public import ObjectStorage
public import Testing

/// The contract of ``ObjectStore``, as checks that every store has to pass that holds ``objects``.
public struct ObjectStoreSuite: Sendable {
    /// What not every store can do, through no fault of ours.
    public struct Abilities: OptionSet, Sendable {
        /// One bit for each ability.
        public let rawValue: Int

        /// The abilities of these bits.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Keys that no file system can hold: with empty parts, or one that is the directory of another.
        public static let anyKey = Abilities(rawValue: 1)
        /// Starting behind a key, even one that does not exist.
        public static let startAfter = Abilities(rawValue: 2)
        /// Listing across directories in byte order.
        public static let byteOrder = Abilities(rawValue: 4)
        /// Going on behind a page of fewer than all entries.
        public static let smallPages = Abilities(rawValue: 8)
        /// Everything.
        public static let all: Abilities = [.anyKey, .startAfter, .byteOrder, .smallPages]
    }

    /// One sentence of the contract.
    public struct Check: Sendable, CustomTestStringConvertible {
        /// What it checks.
        public let testDescription: String
        let needs: Abilities
        let body: @Sendable (any ObjectStore, [ObjectKey: [UInt8]]) async throws -> Void

        init(
            _ description: String,
            needs: Abilities = [],
            body: @escaping @Sendable (any ObjectStore, [ObjectKey: [UInt8]]) async throws -> Void
        ) {
            self.testDescription = description
            self.needs = needs
            self.body = body
        }

        /// Runs the check against a store that holds the suite's objects.
        public func run(against store: any ObjectStore, _ abilities: Abilities = .all) async throws {
            try await body(store, ObjectStoreSuite.objects(abilities))
        }
    }

    /// The checks that a store of these abilities has to pass.
    public static func checks(_ abilities: Abilities = .all) -> [Check] {
        (listingChecks + readingChecks).filter { abilities.isSuperset(of: $0.needs) }
    }

    /// The objects that a store of these abilities has to hold.
    public static func objects(_ abilities: Abilities = .all) -> [ObjectKey: [UInt8]] {
        var objects: [ObjectKey: [UInt8]] = [:]
        for key in oddKeys { objects[key] = Array("body of ".utf8) + key.bytes }
        for key in ["tree/a.b", "tree/a/c", "tree/a/d/e", "tree/a0", "tree/b"] as [ObjectKey] {
            objects[key] = key.bytes
        }
        // Three pages of what S3 grants.
        for number in 0..<2345 { objects[manyKey(number)] = [UInt8(number % 251)] }
        objects["range/ten-thousand"] = (0..<10_000).map { UInt8($0 % 251) }
        objects["range/empty"] = []
        if abilities.contains(.anyKey) {
            for key in ["any//double", "any/key", "any/key/below", "any/trailing/"] as [ObjectKey] {
                objects[key] = key.bytes
            }
        }
        return objects
    }

    static let oddKeys: [ObjectKey] = [
        "odd/a b", "odd/a+b", "odd/a%20b", "odd/100%", "odd/b\u{FC}cher", "odd/bu\u{308}cher", "odd/🐘",
        "odd/quote\"'", "odd/<&>", "odd/=?#;", "odd/~tilde", "odd/back\\slash", "odd/(1)!*,:@$",
    ]

    static func manyKey(_ number: Int) -> ObjectKey {
        let digits = String(number, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: 8 - digits.count) + digits
        return ObjectKey("many/0000000100000000/0000000100000000\(padded)")
    }

    /// All objects below a prefix, page by page, with the number of pages.
    static func walk(
        _ store: any ObjectStore,
        _ request: ListRequest
    ) async throws -> (objects: [ObjectSummary], prefixes: [ObjectKey], pages: Int) {
        var listing = ObjectListing(of: store, request)
        var (objects, prefixes, pages) = ([ObjectSummary](), [ObjectKey](), 0)
        while let page = try await listing.nextPage() {
            pages += 1
            objects += page.indices.map { page.summary(at: $0) }
            prefixes += page.commonPrefixes
            #expect(page.suspicions.isEmpty)
        }
        return (objects, prefixes, pages)
    }
}

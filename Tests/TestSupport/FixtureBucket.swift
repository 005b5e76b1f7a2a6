public import BarmanCatalog
internal import Foundation
public import ObjectStorage
internal import PostgresWAL

/// A bucket as real PostgreSQL and real Barman left it, with the listing that the store gave of it.
///
/// Keys, sizes and times come from the listing; bodies from the tree, in which doubled slashes are single.
public struct FixtureBucket: Sendable {
    /// The name of the scenario.
    public let scenario: String

    /// What must be found in it, as the real tools said.
    package let expected: FixtureExpectation

    /// The objects of the listing.
    public let store: MemoryObjectStore

    /// The directory that holds the tree.
    public var directory: String { Self.fixtures.appending(path: "buckets/\(scenario)").path() }

    /// The names of all scenarios.
    public static var scenarios: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: fixtures.appending(path: "scenarios").path()).sorted()
        }
    }

    /// Reads a scenario.
    public init(_ scenario: String) throws {
        self.scenario = scenario
        let folder = Self.fixtures.appending(path: "scenarios/\(scenario)")
        let decoder = JSONDecoder()
        expected = try decoder.decode(
            FixtureExpectation.self,
            from: Data(contentsOf: folder.appending(path: "expected.json"))
        )
        let listing = try String(contentsOf: folder.appending(path: "listing.tsv"), encoding: .utf8)
        var objects: [ObjectKey: MemoryObjectStore.Object] = [:]
        for line in listing.split(separator: "\n") where !line.hasPrefix("#") {
            let (key, object) = try Self.object(line, in: Self.fixtures.appending(path: "buckets/\(scenario)"))
            objects[key] = object
        }
        store = MemoryObjectStore(objects, name: "fixture \(scenario)")
    }

    /// The catalog of one `destinationPath` of the scenario, or of the whole bucket.
    public func catalog(of destinationPath: String? = nil) async throws -> BucketCatalog {
        let location = try ArchiveLocation(destinationPath: destinationPath ?? "s3://\(scenario)")
        return try await CatalogLoader(store: store).load(location)
    }

    private static let fixtures = packageRoot.appending(path: "Fixtures")

    private static func object(_ line: Substring, in tree: URL) throws -> (ObjectKey, MemoryObjectStore.Object) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count >= 3, let key = String(fields[0]).removingPercentEncoding, let size = Int64(fields[1]),
            let modified = TimestampTZ.parse(fields[2])?.time.unixMicroseconds
        else { throw CocoaError(.fileReadCorruptFile) }
        guard !key.hasSuffix("/") else { return (ObjectKey(key), .init([], lastModified: modified)) }
        let path = key.split(separator: "/").joined(separator: "/")
        let body = try Data(contentsOf: tree.appending(path: path))
        // Where two keys have one path in the tree, the listing tells which body is meant.
        guard Int64(body.count) == size else { return (ObjectKey(key), .init(size: size, lastModified: modified)) }
        return (ObjectKey(key), .init(Array(body), lastModified: modified))
    }
}

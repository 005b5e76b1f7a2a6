import BarmanCatalog
import Foundation
import ObjectStorage
import PostgresWAL
import TestSupport
import Testing

/// An archive that real Barman applied policies to: a line of `Tests/Differential/cases.jsonl`.
struct DifferentialCase: Decodable, Sendable, CustomTestStringConvertible {
    /// One run of `barman-cloud-backup-delete`.
    struct Run: Decodable, Sendable {
        var policy: String
        var minimum: Int
        var status: Int
        var gone: String
        var error: String?
    }

    var testDescription: String { "archive \(seed)" }

    var seed: Int
    var path: String
    var objects: [String]
    var texts: [String: String]
    var runs: [Run]

    /// What all cases share.
    struct Header: Decodable {
        var now: String
        var server: String
    }

    /// A file with other cases than those that are committed.
    static var other: URL? { ProcessInfo.processInfo.environment["CELLARMAN_CASES"].map { URL(filePath: $0) } }

    /// The cases, and the time that Barman's clock showed; from ``other`` where there is one.
    static func all() throws -> (now: TimestampTZ, cases: [DifferentialCase]) {
        let file = other ?? packageRoot.appending(path: "Tests/Differential/cases.jsonl")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { Data($0.utf8) }
        let decoder = JSONDecoder()
        let header = try decoder.decode(Header.self, from: lines[0])
        guard let now = TimestampTZ.parse(header.now)?.time else { throw CocoaError(.coderInvalidValue) }
        return (now, try lines.dropFirst().map { try decoder.decode(DifferentialCase.self, from: $0) })
    }

    /// The keys in byte order.
    var keys: [ObjectKey] {
        (objects.flatMap(Self.unfolded) + texts.keys).map { ObjectKey($0) }.sorted()
    }

    /// The keys that Barman deleted in a run.
    func gone(in run: Run) -> Set<ObjectKey> {
        let digits = run.gone.compactMap(\.hexDigitValue)
        return Set(keys.enumerated().filter { digits[$0.offset / 4] >> (3 - $0.offset % 4) & 1 == 1 }.map(\.element))
    }

    /// The archive as a store.
    var store: MemoryObjectStore {
        let store = MemoryObjectStore()
        for key in keys { store.put(key, .init(size: 1)) }
        for (key, text) in texts { store.put(ObjectKey(key), .init(Array(text.utf8))) }
        return store
    }

    /// The server as the loader finds it, nil where nothing of it is there.
    func catalog() async throws -> BackupCatalog? {
        let location = try ArchiveLocation(destinationPath: "s3://archive/\(path)")
        return try await CatalogLoader(store: store).load(location).servers.first { $0.name == "srv" }
    }

    /// The keys of `…/DIRECTORY/*FIRST-LAST.gz`, or the key itself.
    private static func unfolded(_ line: String) -> [String] {
        guard let star = line.lastIndex(of: "*") else { return [line] }
        let place = line[..<star]
        let directory = place.dropLast().split(separator: "/").last ?? ""
        let rest = line[star...].dropFirst()
        let numbers = rest.prefix { $0.isHexDigit || $0 == "-" }
        let ends = numbers.split(separator: "-").compactMap { UInt32($0, radix: 16) }
        guard ends.count == 2 else { return [line] }
        return (ends[0]...ends[1]).map { number in
            let digits = String(number, radix: 16, uppercase: true)
            let zeros = String(repeating: "0", count: 8 - digits.count)
            return "\(place)\(directory)\(zeros)\(digits)\(rest.dropFirst(numbers.count))"
        }
    }
}

import BarmanCatalog
import BarmanRecovery
import ObjectStorage
import PostgresWAL
import TestSupport
import Testing

/// A `backup.info` without `xlog_segment_size`, which Barman would take for 16 MiB.
struct UnnamedSegmentSizeTests {
    /// Loads an archive in whose backups of these names the line is missing.
    private func analysis(_ text: String, without names: String...) async throws -> RecoveryAnalysis {
        let store = MemoryObjectStore()
        for (key, object) in try ArchiveSketch(text).objects {
            guard names.contains(where: { key.description.hasSuffix("/\($0)/backup.info") }), let body = object.body
            else {
                store.put(key, object)
                continue
            }
            let lines = String(decoding: body, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            let left = lines.filter { !$0.hasPrefix("xlog_segment_size") }
            #expect(left.count == lines.count - 1)
            store.put(key, .init(Array(left.joined(separator: "\n").utf8), lastModified: object.lastModified))
        }
        let location = try ArchiveLocation(destinationPath: "s3://b")
        let catalog = try await CatalogLoader(store: store).load(location)
        return RecoveryAnalysis(of: try #require(catalog.servers.first))
    }

    private static let large = "size 64 / 1: 02-0C / base A 1: 03-04 / base B 1: 06-07"

    @Test
    func `what one backup leaves out another one tells`() async throws {
        for name in ["A", "B"] {
            let analysis = try await analysis(Self.large, without: name)
            #expect(analysis.catalog.wal.segmentSize.bytes == 64 << 20)
            #expect(analysis.assessments.map(\.contradictsItself) == [false, false])
            #expect(analysis.assessments.map(\.isRestorable) == [true, true])
        }
    }

    @Test
    func `where none tells, names and positions do`() async throws {
        let large = try await analysis(Self.large, without: "A", "B")
        #expect(large.catalog.wal.segmentSize.bytes == 64 << 20)
        #expect(large.assessments.map(\.isRestorable) == [true, true])
        let standard = try await analysis("1: 02-0C / base A 1: 03-04 / base B 1: 06-07", without: "A", "B")
        #expect(standard.catalog.wal.segmentSize == .standard)
        #expect(standard.assessments.map(\.isRestorable) == [true, true])
    }
}

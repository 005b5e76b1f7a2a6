import BarmanCatalog
import Foundation
import ObjectStorage
import Synchronization
import TestSupport
import Testing

@Suite(.serialized)
struct LoadMemoryTests {
    /// The most resident memory seen, in KiB.
    final class Peak: Sendable {
        private let most = Mutex(0)

        var value: Int { most.withLock { $0 } }

        func sample() {
            let now = Self.resident
            most.withLock { $0 = max($0, now) }
        }

        /// `VmRSS` of this process, in KiB.
        static var resident: Int {
            let text = FileHandle(forReadingAtPath: "/proc/self/status").flatMap { try? $0.readToEnd() } ?? Data()
            let line = String(decoding: text, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
            return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
        }
    }

    /// A `String` or an `ObjectKey` of each of two million segments would take 200 MiB and more.
    ///
    /// The bound leaves room for the other tests that run in the same process meanwhile.
    @Test(.tags(.long), .timeLimit(.minutes(5)), arguments: [1_000_000, 2_000_000])
    func `the WAL of a server streams through`(count: Int) async throws {
        let peak = Peak()
        let before = Peak.resident
        try #require(before > 0)
        let loader = CatalogLoader(store: EndlessWALStore(count: count)) { progress in
            if progress.pages % 50 == 0 { peak.sample() }
        }
        let catalog = try await loader.load(ArchiveLocation(destinationPath: "s3://b/some/prefix/"))
        peak.sample()
        let growth = peak.value - before
        #expect(catalog.servers.map(\.wal.segmentCount) == [count])
        #expect(catalog.servers[0].wal.runs.map(\.segments) == [0...UInt64(count - 1)])
        #expect(growth < 64 << 10, "\(growth) KiB more for \(count) segments")
    }
}

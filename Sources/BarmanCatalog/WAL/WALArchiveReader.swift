internal import Decompression
public import ObjectStorage
public import PostgresWAL

/// Reads WAL segments of a server as `barman-cloud-wal-restore` 3.19 would deliver them.
///
/// It lists the objects of one segment, takes the first in byte order (a `.partial` among them, unless told
/// otherwise), and expands it by its suffix.
public struct WALArchiveReader: WALSource {
    private let store: any ObjectStore
    private let server: [UInt8]
    private let size: WALSegmentSize
    private let takesPartials: Bool

    /// A reader of the WAL of a server.
    ///
    /// - Parameters:
    ///   - store: where the archive lies.
    ///   - catalog: the server.
    ///   - takesPartials: whether a `.partial` is handed out where it comes first, as without `--no-partial`.
    public init(store: any ObjectStore, catalog: BackupCatalog, takesPartials: Bool = true) {
        self.store = store
        self.server = catalog.prefix.bytes
        self.size = catalog.wal.segmentSize
        self.takesPartials = takesPartials
    }

    /// What a restore would get for a segment, whole in memory.
    public func contents(of segment: WALSegmentName) async throws -> WALSegmentContents {
        let directory = Array("wals/\(segment.directory)/".utf8)
        let prefix = server + directory + Array(segment.description.utf8)
        let page = try await store.list(ListRequest(prefix: ObjectKey(bytes: prefix), maxKeys: 100))
        for index in page.indices {
            let object = page.summary(at: index)
            guard object.key.bytes.starts(with: prefix) else {
                throw ObjectStoreError(
                    .inconsistentListing,
                    "the listing of \(store.name) contradicts itself: key \(object.key) lies outside the prefix "
                        + "\(ObjectKey(bytes: prefix)) that was asked for",
                    hint: "nothing can be concluded from such a listing; the store or a proxy before it is at fault"
                )
            }
            let role = BarmanLayout.walRole(of: object.key.bytes.span, from: server.count + "wals/".utf8.count)
            guard case .wal(let file, let format, true) = role else { continue }
            switch file.kind {
            case .segment: return try await expand(object, format)
            case .partial where takesPartials: return try await expand(object, format)
            case .partial, .backupHistory, .timelineHistory: continue
            }
        }
        return .notFound(damage: nil)
    }

    /// The plain bytes; of a stream that is too long as many as show whether it is whole or damaged.
    private func expanded(_ stored: [UInt8], _ format: CompressionFormat) throws(DecompressionError) -> [UInt8] {
        do {
            return try decompress(stored, format: format, limit: size.bytes)
        } catch {
            // A damaged stream may run over before its checksum tells; Barman reads it to the end.
            guard case .limitExceeded = error.kind else { throw error }
            return try decompress(stored, format: format, limit: 2 * size.bytes)
        }
    }

    private func expand(_ object: ObjectSummary, _ format: CompressionFormat) async throws -> WALSegmentContents {
        // No format makes a segment more than a little larger than it is.
        let most = size.bytes + size.bytes / 8 + (1 << 20)
        guard object.size <= Int64(most) else { return .wrongSize(Int(clamping: object.size)) }
        let stored = try await store.get(object, limit: most)
        do {
            let bytes = try expanded(stored, format)
            return bytes.count == size.bytes ? .bytes(bytes) : .wrongSize(bytes.count)
        } catch {
            switch error.kind {
            case .limitExceeded: return .wrongSize(2 * size.bytes + 1)
            // What Barman restores short, without a word.
            case .empty where [.none, .gzip, .zstd, .snappy].contains(format): return .wrongSize(0)
            case .truncated where [.zstd, .snappy].contains(format): return .wrongSize(0)
            default: return .notFound(damage: error.description)
            }
        }
    }
}

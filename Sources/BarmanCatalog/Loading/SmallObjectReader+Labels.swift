internal import Decompression
internal import ObjectStorage
internal import PostgresWAL

/// A `.backup` file in the listing: the first of its objects, where there are several.
struct LabelScan {
    var file: BackupHistoryFile
    var format: CompressionFormat
    var object: ObjectSummary

    // 10,000: a label a day for 27 years. Of more no key is held, and they count as backups elsewhere.
    static let most = 10_000
}

extension SmallObjectReader {
    // Enough for a snapshot a day for three years; what is not read counts as a backup elsewhere.
    private static let mostLabels = 1000

    // 64 KiB: far more than PostgreSQL writes.
    private static let largestLabel = 64 << 10

    /// The base backups that labels tell of and that do not lie in the bucket, in the order of the labels.
    ///
    /// A label that begins where a backup of the bucket does is that backup's. Of the others the text decides; one that
    /// cannot be read tells of a backup elsewhere, because WAL that somebody may need is not to be deleted for want of
    /// knowing.
    func elsewhere(
        _ labels: [LabelScan],
        all files: [BackupHistoryFile],
        beside backups: [BaseBackup],
        size: WALSegmentSize
    ) async throws -> [BackupElsewhere] {
        let own = Set(
            backups.compactMap(\.details).compactMap { details -> BackupHistoryFile? in
                guard let segment = details.beginWAL, let begin = details.beginLSN else { return nil }
                return BackupHistoryFile(segment: segment, offset: UInt32(begin.rawValue % UInt64(size.bytes)))
            }
        )
        let strange = files.filter { !own.contains($0) }
        let scans = Dictionary(labels.map { ($0.file, $0) }, uniquingKeysWith: { first, _ in first })
        let found = try await concurrently(Array(strange.prefix(Self.mostLabels)), atOnce: atOnce) {
            [self] file -> BackupElsewhere? in
            guard let scan = scans[file] else { return BackupElsewhere(file: file, label: nil) }
            let text = try await text(of: scan)
            return text?.isOfKnownKind == true ? nil : BackupElsewhere(file: file, label: text?.label)
        }
        return found.compactMap { $0 }
            + strange.dropFirst(Self.mostLabels).map { BackupElsewhere(file: $0, label: nil) }
    }

    /// The text of a label, nil where it cannot be read.
    private func text(of label: LabelScan) async throws -> BackupLabelText? {
        guard label.object.size <= Int64(Self.largestLabel) else { return nil }
        let stored: [UInt8]
        do {
            guard case .bytes(let bytes) = try await body(label.object, limit: Self.largestLabel) else { return nil }
            stored = bytes
        } catch {
            // A store that knows the object and has no way to hand it out.
            guard error.code == .unsupported else { throw error }
            return nil
        }
        guard let text = try? decompress(stored, format: label.format, limit: Self.largestLabel) else { return nil }
        return BackupLabelText(text)
    }
}

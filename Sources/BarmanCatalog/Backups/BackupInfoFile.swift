internal import ObjectStorage
internal import PostgresWAL

/// Reads the text of a `backup.info`.
///
/// `name=value` lines; blank lines and lines that begin with `#` are passed over; both sides are stripped; the
/// text `None` is no value; a later line of the same name wins (`FieldListFile.load`).
package struct BackupInfoFile {
    private var info = BackupInfo()

    /// The values of a file.
    package static func parse(_ bytes: [UInt8]) throws(BackupInfoError) -> BackupInfo {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw BackupInfoError(line: 0, problem: "it is not UTF-8")
        }
        var file = BackupInfoFile()
        file.info.statesTablespaces = false
        var number = 0
        for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            let content = line.trimmed
            guard !content.isEmpty, line.first != "#" else { continue }
            guard let equals = content.firstIndex(of: "=") else {
                throw BackupInfoError(
                    line: number,
                    problem: "expected name=value, got '\(excerpt(String(content)))'"
                )
            }
            let name = String(content[..<equals].trimmed)
            let value = String(content[content.index(after: equals)...].trimmed)
            do {
                try file.set(name, to: value == "None" ? nil : value)
            } catch {
                throw BackupInfoError(line: number, problem: error.problem)
            }
        }
        return file.info
    }

    private mutating func set(_ name: String, to value: String?) throws(BackupInfoError) {
        switch name {
        case "status": info.status = value.map { BackupStatus(text: $0) } ?? .empty
        case "backup_name": info.name = value
        case "timeline": info.timeline = try parsed(name, value) { UInt32($0).map { TimelineID(rawValue: $0) } }
        case "begin_wal": info.beginWAL = try parsed(name, value) { WALSegmentName($0) }
        case "end_wal": info.endWAL = try parsed(name, value) { WALSegmentName($0) }
        case "begin_xlog": info.beginLSN = try parsed(name, value) { LSN($0) }
        case "end_xlog": info.endLSN = try parsed(name, value) { LSN($0) }
        case "begin_time": info.beginTime = try parsed(name, value) { TimestampTZ.parse($0)?.time }
        case "end_time": info.endTime = try parsed(name, value) { TimestampTZ.parse($0)?.time }
        case "version": info.version = try parsed(name, value) { Int($0) }
        case "systemid": info.systemIdentifier = value
        case "xlog_segment_size":
            info.segmentSize = try parsed(name, value) { Int($0) }
        case "tablespaces":
            info.tablespaces = try parsed(name, value, Self.tablespaces) ?? []
            info.statesTablespaces = true
        case "mode": info.mode = value
        case "parent_backup_id": info.parentBackupID = value
        case "children_backup_ids": info.hasChildren = value != nil
        case "snapshots_info": info.isSnapshot = try parsed(name, value, Self.snapshotProvider) != nil
        case "error": info.error = value
        case "begin_offset", "end_offset", "cluster_size", "deduplicated_size", "size":
            _ = try parsed(name, value) { Int($0) }
        case "backup_label", "copy_stats", "included_files":
            _ = try parsed(name, value) { PythonLiteral(parsing: $0) }
        case _ where Self.textFields.contains(name): break
        default: info.unknownFields.append(name)
        }
    }

    /// The value of a field that has a form, nil for `None`.
    private func parsed<Value>(
        _ name: String,
        _ value: String?,
        _ parse: (String) -> Value?
    ) throws(BackupInfoError) -> Value? {
        guard let value else { return nil }
        guard let result = parse(value) else {
            throw BackupInfoError(line: 0, problem: "\(name) cannot be read: '\(excerpt(value))'")
        }
        return result
    }

    private static func tablespaces(_ text: String) -> [BackupInfo.Tablespace]? {
        guard case .sequence(let rows)? = PythonLiteral(parsing: text) else { return nil }
        var tablespaces: [BackupInfo.Tablespace] = []
        for row in rows {
            guard case .sequence(let fields) = row, fields.count == 3,
                case .text(let name) = fields[0], case .number(let digits) = fields[1],
                let oid = UInt32(digits), case .text(let location) = fields[2]
            else { return nil }
            tablespaces.append(BackupInfo.Tablespace(name: name, oid: oid, location: location))
        }
        return tablespaces
    }

    /// Who made the snapshots; Barman cannot read a backup of another provider.
    private static func snapshotProvider(_ text: String) -> String? {
        guard case .dictionary(let info)? = PythonLiteral(parsing: text),
            case .text(let provider)? = info[.text("provider")], ["aws", "azure", "gcp"].contains(provider)
        else { return nil }
        return provider
    }

    // What Barman 3.19.1 knows beside the fields above.
    private static let textFields: Set<String> = [
        "compression", "config_file", "data_checksums", "encryption", "hba_file", "ident_file", "pgdata",
        "server_name", "summarize_wal",
    ]
}

/// The first part of untrusted text, safe to print in a message.
private func excerpt(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(60)
    return printable(String(shown)) + (shown.count < text.unicodeScalars.count ? "…" : "")
}

extension Substring.UnicodeScalarView {
    /// The text without white space around it.
    fileprivate var trimmed: Substring.UnicodeScalarView {
        let head = drop(while: \.isBlankInPython)
        guard let end = head.lastIndex(where: { !$0.isBlankInPython }) else { return head[..<head.startIndex] }
        return head[...end]
    }
}

extension Unicode.Scalar {
    /// Whether Python's `str.strip` takes it away: white space, and the four separators of ASCII.
    fileprivate var isBlankInPython: Bool {
        properties.isWhitespace || (0x1C...0x1F).contains(value)
    }
}

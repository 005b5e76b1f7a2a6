internal import ObjectStorage

/// The name of a backup's directory below `base/`: `20261120T204537` when Barman made it.
///
/// Barman takes any directory for a backup and orders backups by the bytes of their ids, never by time. An id
/// is local time of the host that ran the backup.
public struct BackupID: Hashable, Sendable {
    /// The bytes of the directory's name.
    public var bytes: [UInt8]

    /// The id of these bytes.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The id of the UTF-8 bytes of `text`.
    public init(_ text: String) {
        self.bytes = Array(text.utf8)
    }

    /// Whether it has the form that Barman gives: eight digits, `T`, six digits.
    public var isWellFormed: Bool {
        bytes.count == 15
            && bytes.enumerated().allSatisfy { index, byte in
                index == 8 ? byte == UInt8(ascii: "T") : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }
}

extension BackupID: Comparable {
    /// Compares byte by byte, as Barman orders backups.
    public static func < (left: BackupID, right: BackupID) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension BackupID: CustomStringConvertible {
    /// The id made safe to print.
    public var description: String { printable(bytes) }
}

/// The format of WAL pages and records, which changes with every major release of PostgreSQL.
public struct WALFormat: Hashable, Sendable {
    /// The major release: 13 to 18.
    public let major: Int

    /// The number at the beginning of every page.
    public let pageMagic: UInt16

    private init(major: Int, pageMagic: UInt16) {
        self.major = major
        self.pageMagic = pageMagic
    }

    /// The formats that can be read, oldest first.
    public static let supported = [
        WALFormat(major: 13, pageMagic: 0xD106), WALFormat(major: 14, pageMagic: 0xD10D),
        WALFormat(major: 15, pageMagic: 0xD110), WALFormat(major: 16, pageMagic: 0xD113),
        WALFormat(major: 17, pageMagic: 0xD116), WALFormat(major: 18, pageMagic: 0xD118),
    ]

    /// The format of pages that begin with this number, nil for one that cannot be read.
    public init?(pageMagic: UInt16) {
        guard let format = Self.supported.first(where: { $0.pageMagic == pageMagic }) else { return nil }
        self = format
    }

    /// The release that wrote such pages, as far as it is known that it cannot be read.
    static func unsupportedRelease(pageMagic: UInt16) -> String? {
        switch pageMagic {
        case 0xD087: "PostgreSQL 9.5"
        case 0xD093: "PostgreSQL 9.6"
        case 0xD097: "PostgreSQL 10"
        case 0xD098: "PostgreSQL 11"
        case 0xD101: "PostgreSQL 12"
        case 0xD000..<0xD087: "PostgreSQL 9.4 or older"
        // Numbers only ever grow. Those between two releases were of versions that were still being written.
        case 0xD119...0xD1FF: "PostgreSQL 19 or newer"
        default: nil
        }
    }

    /// Whether extensions may bring resource managers of their own (from 15 on).
    var hasCustomResourceManagers: Bool { major >= 15 }

    /// The size of one dropped statistics entry in a commit record, in bytes.
    ///
    /// From 18 on the number of the object has 64 bits instead of 32 (`xl_xact_stats_item`).
    var droppedStatisticsSize: Int { major >= 18 ? 16 : 12 }

    /// The bits that say that a page image is compressed (`BKPIMAGE_*`).
    var compressedImageBits: UInt8 { major >= 15 ? 0x1C : 0x02 }
}

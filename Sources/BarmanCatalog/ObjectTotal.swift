public import ObjectStorage

/// What some objects come to: how many, how large, and a sum that changes when one of them is replaced by another.
///
/// Listings are compared by it, so that no key has to be kept. It does not depend on the order of the objects, and two
/// totals add up.
public struct ObjectTotal: Hashable, Sendable {
    /// How many.
    public private(set) var objects = 0

    /// The sum of their sizes, in bytes.
    public private(set) var bytes: Int64 = 0

    // 128 bits: no two archives that anybody has come to the same by chance. They guard against mistakes of a store, not
    // against one that looks for collisions.
    private var first: UInt64 = 0
    private var second: UInt64 = 0

    /// No object.
    public init() {}

    /// Adds an object: its key, size and entity tag; where the store gives no tag, when it was written.
    public mutating func add(_ object: ObjectSummary) {
        objects += 1
        bytes &+= object.size
        var hash = Hash()
        hash.add(object.key.bytes)
        hash.add(UInt64(bitPattern: object.size))
        if let etag = object.etag {
            hash.add(Array(etag.utf8))
        } else {
            hash.add(UInt64(bitPattern: object.lastModified))
        }
        first &+= hash.mixed(0x9E37_79B9_7F4A_7C15)
        second &+= hash.mixed(0xC2B2_AE3D_27D4_EB4F)
    }

    /// Adds other objects.
    public mutating func add(_ other: ObjectTotal) {
        objects += other.objects
        bytes &+= other.bytes
        first &+= other.first
        second &+= other.second
    }

    /// FNV-1a over 64 bits, twice with another offset, mixed at the end as SplitMix64 does.
    private struct Hash {
        private var low: UInt64 = 0xCBF2_9CE4_8422_2325
        private var high: UInt64 = 0x6C62_272E_07BB_0142

        mutating func add(_ bytes: [UInt8]) {
            for byte in bytes {
                low = (low ^ UInt64(byte)) &* 0x100_0000_01B3
                high = (high ^ UInt64(byte)) &* 0x100_0000_01B3
            }
            // So that no two lists of fields look alike.
            add(UInt64(bytes.count))
        }

        mutating func add(_ value: UInt64) {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                low = (low ^ (value >> shift & 0xFF)) &* 0x100_0000_01B3
                high = (high ^ (value >> shift & 0xFF)) &* 0x100_0000_01B3
            }
        }

        func mixed(_ salt: UInt64) -> UInt64 {
            var value = low ^ (high &* salt)
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }
}

/// What the objects of one backup come to, by what changes when.
public struct BackupTotals: Hashable, Sendable {
    /// `backup.info`.
    public var info = ObjectTotal()

    /// Tars and `backup_label`.
    public var data = ObjectTotal()

    /// Keep annotations, under either spelling of their key.
    public var annotations = ObjectTotal()

    /// No object.
    public init() {}

    /// Adds those of the rest of a listing.
    mutating func add(_ other: BackupTotals) {
        info.add(other.info)
        data.add(other.data)
        annotations.add(other.annotations)
    }
}

public import PostgresWAL

/// A WAL segment that was opened, and at which a recovery ends or fails.
public struct WALDamage: Hashable, Sendable {
    /// What is wrong with it.
    public enum Kind: Hashable, Sendable {
        /// It cannot be expanded, for this reason.
        case undecodable(String)
        /// It expands to so many bytes, or to more: PostgreSQL stops with a fatal error.
        case wrongSize(Int)
        /// A record or a page in it cannot be read: PostgreSQL takes it for the end of the WAL.
        case breaksOff(WALEnd)
        /// It was written by another cluster.
        case foreignSystem(UInt64)
        /// From here on it was written with `wal_level = minimal`: PostgreSQL stops with a fatal error.
        case walLevelMinimal(LSN)
    }

    /// The segment.
    public var segment: WALSegmentName

    /// Its number.
    public var number: UInt64

    /// What is wrong with it.
    public var kind: Kind

    /// Whether a restore would deliver the segment and PostgreSQL then refuse to go on at all.
    public var isFatal: Bool {
        switch kind {
        case .wrongSize, .walLevelMinimal: true
        case .undecodable, .breaksOff, .foreignSystem: false
        }
    }

    init(_ segment: WALSegmentName, _ number: UInt64, _ kind: Kind) {
        self.segment = segment
        self.number = number
        self.kind = kind
    }

    /// The damage that ended the reading of a segment that is listed; nil where nothing did.
    init?(_ segment: WALSegmentName, _ number: UInt64, ending: SegmentDigest.Ending) {
        switch ending {
        case .goesOn, .unreadable: return nil
        case .missing(damage: nil):
            self.init(segment, number, .undecodable("it is listed, but was not there to be read"))
        case .missing(let damage?): self.init(segment, number, .undecodable(damage))
        case .wrongSize(let bytes): self.init(segment, number, .wrongSize(bytes))
        case .refused(let lsn): self.init(segment, number, .walLevelMinimal(lsn))
        case .breaksOff(let end):
            if case .wrongSystemIdentifier(let identifier) = end.reason {
                self.init(segment, number, .foreignSystem(identifier))
            } else {
                self.init(segment, number, .breaksOff(end))
            }
        }
    }
}

extension WALDamage: CustomStringConvertible {
    /// What is wrong, in words.
    public var description: String {
        switch kind {
        case .undecodable(let why): "\(segment) cannot be expanded: \(why)"
        case .wrongSize(let bytes): "\(segment) expands to \(bytes) bytes"
        case .breaksOff(let end): "\(segment) breaks off: \(end)"
        case .walLevelMinimal(let lsn): "\(segment) was written with wal_level = minimal from \(lsn) on"
        case .foreignSystem(let identifier): "\(segment) was written by another cluster, \(identifier)"
        }
    }
}

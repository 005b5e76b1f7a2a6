/// Where the WAL ends that was read, and why.
///
/// PostgreSQL takes everything that it cannot read for the end of the WAL, and recovery then succeeds with what
/// came before. So this is a result and no error. What it means is told by ``meaning`` and by what else there is:
/// a segment that others of its timeline follow was full once, and an end inside of it is damage of any meaning.
public struct WALEnd: Hashable, Sendable {
    /// Why the next record could not be read.
    public enum Reason: Hashable, Sendable {
        /// The bytes end between two records.
        case inputEnds
        /// The bytes end inside a record, of which so many bytes were there.
        case inputEndsInsideRecord(received: UInt32)
        /// The segment has fewer bytes than the segment size.
        case segmentTooShort
        /// There are zeros where a record should begin.
        case zeroLength
        /// There are zeros where a page should begin.
        case emptyPage
        /// The page was written for an earlier position: an old segment file that was used again.
        case recycledPage(address: LSN)
        /// The page was written for a later position.
        case wrongPageAddress(LSN)
        /// The page begins with another number than the pages before.
        case wrongPageMagic(UInt16)
        /// The page has flags that no version has, or lacks the one that the first page of a segment needs.
        case wrongPageFlags(UInt16)
        /// The page is of a timeline that is not on the path.
        case wrongTimeline(TimelineID)
        /// The page is of a timeline before that of the page before.
        case timelineGoesBack(TimelineID, after: TimelineID)
        /// The page was written by another cluster.
        case wrongSystemIdentifier(UInt64)
        /// The cluster has another segment size.
        case wrongSegmentSize(UInt32)
        /// The server was built with another page size than 8 kB.
        case wrongPageSize(UInt32)
        /// The record cannot be so long.
        case wrongLength(UInt32)
        /// There is no such resource manager.
        case wrongResourceManager(UInt8)
        /// The record names another one as the record before it.
        case wrongPreviousRecord(LSN)
        /// The record's checksum is not that of its bytes.
        case wrongChecksum
        /// The record goes on, and the next page does not say so.
        case missingContinuation
        /// The record goes on, and the next page has another length for the rest of it.
        case wrongContinuationLength(UInt32)
        /// The page begins with the rest of a record, and none was begun.
        case unexpectedContinuation
        /// The position to start from lies inside a page's header.
        case startInsidePageHeader
        /// The record is whole, and its contents make no sense.
        case malformedRecord
    }

    /// What kind of end it is.
    public enum Meaning: Hashable, Sendable {
        /// Nothing is wrong with what was there; more of it may be read when there is more.
        case inputEnds
        /// What a server leaves behind where it stopped to write, in a segment that was never finished.
        case writingStopped
        /// The WAL belongs to another cluster or another branch.
        case foreign
        /// What no server leaves behind in a finished segment.
        ///
        /// In a `.partial` segment of a standby it may be a record that was received in part only.
        case damaged
    }

    /// Why the next record could not be read.
    public var reason: Reason

    /// Where the record that could not be read begins, or would begin: everything before can be replayed.
    public var position: LSN

    /// Where the fault was found: the record itself, or the page that it goes on in.
    public var faultPosition: LSN

    /// An end of these parts.
    public init(reason: Reason, position: LSN, faultPosition: LSN) {
        self.reason = reason
        self.position = position
        self.faultPosition = faultPosition
    }

    /// What kind of end it is.
    public var meaning: Meaning {
        switch reason {
        case .inputEnds, .inputEndsInsideRecord: .inputEnds
        case .zeroLength, .emptyPage, .recycledPage: .writingStopped
        case .wrongTimeline, .wrongSystemIdentifier, .wrongSegmentSize, .wrongPageSize: .foreign
        default: .damaged
        }
    }
}

extension WALEnd: CustomStringConvertible {
    /// What was found and where.
    public var description: String {
        let found =
            switch reason {
            case .inputEnds: "end of input"
            case .inputEndsInsideRecord(let count): "end of input after \(count) bytes of a record"
            case .segmentTooShort: "segment is shorter than the segment size"
            case .zeroLength: "no further record"
            case .emptyPage: "no further page"
            case .recycledPage(let address): "page of an earlier use of the file, for \(address)"
            case .wrongPageAddress(let address): "unexpected page address \(address)"
            case .wrongPageMagic(let magic): "unexpected page magic 0x\(hexadecimal(magic))"
            case .wrongPageFlags(let flags): "unexpected page flags 0x\(hexadecimal(flags))"
            case .wrongTimeline(let timeline): "page of timeline \(timeline), which is not on the path"
            case .timelineGoesBack(let timeline, let before): "page of timeline \(timeline) after one of \(before)"
            case .wrongSystemIdentifier(let identifier): "page of another cluster, with system identifier \(identifier)"
            case .wrongSegmentSize(let bytes): "page of a cluster with segments of \(bytes) bytes"
            case .wrongPageSize(let bytes): "page of a server with pages of \(bytes) bytes: expected 8192"
            case .wrongLength(let length):
                "invalid record length: expected 24 to \(RecordHeader.largestLength), got \(length)"
            case .wrongResourceManager(let number): "invalid resource manager \(number)"
            case .wrongPreviousRecord(let previous): "record with incorrect link to a record before at \(previous)"
            case .wrongChecksum: "incorrect checksum of a record"
            case .missingContinuation: "page without the rest of a record that was begun"
            case .wrongContinuationLength(let length): "page with another length for the rest of a record: \(length)"
            case .unexpectedContinuation: "page with the rest of a record that was not begun"
            case .startInsidePageHeader: "position to start from lies inside a page header"
            case .malformedRecord: "record with contents that make no sense"
            }
        return "\(found) at \(faultPosition)"
    }
}

/// Upper-case hexadecimal digits without padding.
func hexadecimal(_ number: UInt16) -> String {
    String(number, radix: 16, uppercase: true)
}

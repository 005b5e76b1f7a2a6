internal import BarmanCatalog
internal import PostgresWAL

/// How a replay ended that its target did not stop.
///
/// Whatever stops a recovery does so at the same record from whichever backup it began, once it is consistent
/// (``StopRule``). So a replay from an older backup that comes to the same record ends in the same way.
struct KnownEnd {
    /// Where its first record behind consistency begins.
    let joint: Replay.Joint
    let outcome: Replay.Outcome
    let trace: Replay.Trace

    /// How a replay ended, nil where its target stopped it, or where it saw too little.
    init?(_ outcome: Replay.Outcome, _ trace: Replay.Trace) {
        guard outcome != .stopped, let joint = trace.joint else { return nil }
        self.joint = joint
        self.outcome = outcome
        self.trace = trace
    }
}

extension Replay.Trace {
    /// What was seen by a replay that came to where another one had been, and of which that one saw the rest.
    func goingOn(with rest: Self) -> Self {
        var whole = rest
        whole.joint = joint ?? rest.joint
        whole.before = rest.before ?? before
        whole.leftPath = leftPath ?? rest.leftPath
        return whole
    }
}

/// What the replays for one target have in common when several backups are tried for it.
final class SharedReplays {
    /// What has to be equal so that two replays read the same records in the same way.
    struct Way: Hashable {
        var path: TimelinePath
        var systemIdentifier: UInt64?
    }

    private struct Ending: Hashable {
        var way: Way
        var fullXID: UInt64?
    }

    private let segmentSize: WALSegmentSize
    private let source: any WALSource
    private var readers: [Way: PathReader] = [:]
    private var ends: [Ending: KnownEnd] = [:]

    init(segmentSize: WALSegmentSize, source: any WALSource) {
        self.segmentSize = segmentSize
        self.source = source
    }

    /// The reader of a way, which remembers what the segments said.
    func reader(of way: Way) -> PathReader {
        if let reader = readers[way] { return reader }
        let reader = PathReader(
            way.path,
            segmentSize: segmentSize,
            systemIdentifier: way.systemIdentifier,
            source: source
        )
        readers[way] = reader
        return reader
    }

    /// How the last replay of a way ended, nil where none did without being stopped.
    func end(of way: Way, by rule: StopRule) -> KnownEnd? {
        ends[Ending(way: way, fullXID: rule.fullXID)]
    }

    /// Remembers how a replay ended, if its target did not stop it.
    func remember(_ outcome: Replay.Outcome, _ trace: Replay.Trace, of way: Way, by rule: StopRule) {
        guard let end = KnownEnd(outcome, trace) else { return }
        ends[Ending(way: way, fullXID: rule.fullXID)] = end
    }
}

public import BarmanCatalog
public import PostgresWAL

/// The timelines of a server and how they fork, as far as the history files say.
public struct TimelineTree: Hashable, Sendable {
    /// What is known of a timeline's history file.
    public enum HistoryState: String, Hashable, Sendable {
        /// It was read.
        case present
        /// It is not in the archive.
        case missing
        /// It is there and cannot be used.
        case invalid
        /// Timeline 1 has none.
        case none
    }

    /// One timeline.
    public struct Node: Hashable, Sendable {
        /// Its number.
        public var timeline: TimelineID
        /// What is known of its history file.
        public var state: HistoryState
        /// Its history, nil where it was not read.
        public var history: TimelineHistory?

        /// Whether the history file is there and names no ancestor.
        public var isWithoutPast = false

        /// The direct parent and where the timeline left it, nil where that is unknown or there is none.
        public var origin: TimelineHistory.Entry? { history?.entries.last }

        /// Whether it is known from where the timeline came, if from anywhere.
        public var hasKnownPast: Bool { state == .present || state == .none }
    }

    /// What a recovery to `latest` would do.
    public enum Latest: Hashable, Sendable {
        /// It would follow this timeline.
        case timeline(TimelineID)
        /// It would fail, because this timeline's history file cannot be used.
        case invalidHistory(TimelineID)
    }

    /// The timelines that WAL, backups or history files name, ascending.
    public let nodes: [Node]

    private let positions: [TimelineID: Int]
    private let childrenOf: [TimelineID: [Int]]

    /// The tree of a catalog.
    public init(of catalog: BackupCatalog) {
        var seen = Set(catalog.wal.timelines).union(catalog.histories.keys)
        seen.formUnion(catalog.wal.partials.map(\.name.timeline))
        for damaged in [catalog.wal.empty, catalog.wal.wrongSize, catalog.wal.shadowed] {
            seen.formUnion(damaged.map(\.timeline))
        }
        for details in catalog.backups.compactMap(\.details) {
            seen.formUnion([details.timeline, details.beginWAL?.timeline, details.endWAL?.timeline].compactMap { $0 })
        }
        for case .valid(let history) in catalog.histories.values {
            seen.formUnion(history.entries.map(\.timeline))
        }
        let nodes = seen.sorted().map { timeline in
            // PostgreSQL never asks for a history of timeline 1, so one that lies there means nothing.
            switch timeline == .first ? nil : catalog.histories[timeline] {
            case .valid(let history): Node(timeline: timeline, state: .present, history: history)
            case .invalid, .refused: Node(timeline: timeline, state: .invalid)
            case .empty: Node(timeline: timeline, state: .invalid, isWithoutPast: true)
            case nil: Node(timeline: timeline, state: timeline == .first ? .none : .missing)
            }
        }
        self.nodes = nodes
        positions = Dictionary(uniqueKeysWithValues: nodes.indices.map { (nodes[$0].timeline, $0) })
        childrenOf = nodes.indices.reduce(into: [:]) { children, index in
            guard let parent = nodes[index].origin?.timeline else { return }
            children[parent, default: []].append(index)
        }
    }

    /// The node of a timeline, nil where nothing names it.
    public subscript(timeline: TimelineID) -> Node? {
        positions[timeline].map { nodes[$0] }
    }

    /// The timelines that left `timeline` directly, ascending.
    public func children(of timeline: TimelineID) -> [Node] {
        (childrenOf[timeline] ?? []).map { nodes[$0] }
    }

    /// The timeline that `recovery_target_timeline = latest` means for a backup of `timeline`.
    ///
    /// PostgreSQL asks for the history files of the numbers that follow, one by one, and stops at the first that
    /// is not there, whatever branch the last one is on (`findNewestTimeLine`).
    public func latest(from timeline: TimelineID) -> Latest {
        var newest = timeline
        while let next = newest.next, let node = self[next], node.state == .present || node.state == .invalid {
            newest = next
        }
        // A timeline's own empty history makes it one without a past, which is enough for its own backups.
        if let node = self[newest], node.state == .invalid, newest != timeline || !node.isWithoutPast {
            return .invalidHistory(newest)
        }
        return .timeline(newest)
    }
}

/// A timeline's history file: its ancestors, oldest first, and where it left each of them.
public struct TimelineHistory: Hashable, Sendable {
    /// One line: the ancestor was followed up to the switch point.
    public struct Entry: Hashable, Sendable {
        /// The ancestor.
        public var timeline: TimelineID
        /// The first position that does not belong to the ancestor any more.
        public var switchPoint: LSN
        /// Why, in PostgreSQL's words: `no recovery target specified`, `before 2026-11-20 20:45:37.78+00`.
        public var reason: String

        /// An entry of these parts.
        public init(timeline: TimelineID, switchPoint: LSN, reason: String) {
            self.timeline = timeline
            self.switchPoint = switchPoint
            self.reason = reason
        }
    }

    /// The timeline whose history this is.
    public var timeline: TimelineID

    /// Its ancestors, oldest first, the direct parent last.
    public var entries: [Entry]

    /// A history of these parts.
    public init(timeline: TimelineID, entries: [Entry]) {
        self.timeline = timeline
        self.entries = entries
    }
}

/// Why a history file cannot be used.
public struct TimelineHistoryError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Kind: Hashable, Sendable {
        /// No ancestor at all: PostgreSQL would take the timeline for one without a past.
        case empty
        /// A line that is not `timeline switchpoint reason`.
        case syntax
        /// An ancestor number that is not greater than the one before it.
        case notAscending
        /// An ancestor number that is not lower than the timeline's own.
        case notLower
        /// A switch point that lies before the one of the line above.
        case switchPointGoesBack
    }

    /// What is wrong.
    public var kind: Kind

    /// The line, counted from 1, 0 where it is not about a line.
    public var line: Int
}

extension TimelineHistoryError: CustomStringConvertible {
    /// What is wrong and where.
    public var description: String {
        switch kind {
        case .empty: "it names no ancestor"
        case .syntax: "line \(line) is not 'timeline switchpoint reason'"
        case .notAscending: "line \(line) has a timeline not greater than the one before"
        case .notLower: "line \(line) has a timeline not lower than the file's own"
        case .switchPointGoesBack: "line \(line) has a switch point before the one above"
        }
    }
}

public import BarmanCatalog
public import ObjectStorage

/// What a deletion has done.
public struct DeletionReport: Sendable {
    /// What it has done with one server.
    public struct Server: Sendable {
        /// The server's directory.
        public var prefix: ObjectKey
        /// How many objects the plan had.
        public var planned: Int
        /// What became of them.
        public var tally: ArchivePruner.Tally

        /// What a pruner has done with a server.
        public init(prefix: ObjectKey, planned: Int, tally: ArchivePruner.Tally) {
            self.prefix = prefix
            self.planned = planned
            self.tally = tally
        }
    }

    /// The digest of the plan.
    public var digest: String
    /// The servers of which something was to be deleted, up to one where something failed.
    public var servers: [Server] = []

    /// A deletion that has done nothing yet.
    public init(digest: String) {
        self.digest = digest
    }

    /// Whether nothing of the plan is there any more, and everything else is.
    public var isComplete: Bool {
        servers.allSatisfy {
            $0.tally.failed == 0 && $0.tally.remaining == 0 && !$0.tally.leftWAL && $0.tally.losses.isEmpty
        }
    }
}

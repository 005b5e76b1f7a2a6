public import ObjectStorage

extension ArchivePruner {
    /// What became of one object.
    public struct Event: Hashable, Sendable {
        /// The object, as it was listed.
        public var object: ObjectSummary
        /// What became of it.
        public var outcome: DeletionOutcome

        /// That this became of an object.
        public init(object: ObjectSummary, outcome: DeletionOutcome) {
            self.object = object
            self.outcome = outcome
        }
    }

    /// How much was deleted.
    public struct Tally: Hashable, Sendable {
        /// Objects that are gone.
        public var deleted = 0
        /// The sum of their sizes, in bytes.
        public var deletedBytes: Int64 = 0
        /// Objects that a store with versions only hid.
        public var hidden = 0
        /// Objects that may still be there.
        public var failed = 0
        /// Whether WAL was left alone because an object of a backup could not be deleted.
        public var leftWAL = false
        /// Chosen objects that were still listed behind the deletion.
        public var remaining = 0
        /// What was to stay and did not, as sentences: the first of them.
        public var losses: [String] = []
        /// The first of the objects that may still be there, and why.
        public var failures: [Event] = []

        /// Nothing yet.
        public init() {}

        // Enough to see what is wrong; all of them are reported.
        static let mostFailures = 5
    }
}

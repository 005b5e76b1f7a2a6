/// What a scenario's `expected.json` says: written from the outputs of the real tools, never from ours.
package struct FixtureExpectation: Decodable, Sendable {
    /// One server.
    package struct Server: Decodable, Sendable {
        package let name: String
        package let prefix: String
        package let destinationPath: String
        package let systemIdentifier: String?
        package let walSegmentSize: Int?
        package let backups: [Backup]
        package let timelines: [Timeline]
        package let wal: WAL
        package let findings: [Finding]
        /// What names neither demand nor forbid; the scenario's README says why.
        package let mayReport: [Finding]?
    }

    /// One backup, as `barman-cloud-backup-list` and `-show` tell of it.
    package struct Backup: Decodable, Sendable {
        package let id: String
        package let name: String?
        package let status: String
        package let timeline: UInt32?
        package let beginWAL: String?
        package let endWAL: String?
        package let beginLSN: String?
        package let endLSN: String?
        package let beginTime: String?
        package let endTime: String?
        package let postgresVersion: Int?
        package let systemIdentifier: String?
        package let keep: String?
        package let bytes: Int64
        package let objects: Int
    }

    /// One timeline, as PostgreSQL's history files tell of it.
    package struct Timeline: Decodable, Hashable, Sendable {
        package let timeline: UInt32
        package let parent: UInt32?
        package let switchLSN: String?
        package let reason: String?
        package let history: String
    }

    /// The WAL of a server.
    package struct WAL: Decodable, Sendable {
        package let segments: Int
        package let firstSegment: String?
        package let lastSegment: String?
        package let partials: [String]
        package let gaps: [Gap]
    }

    /// A hole that was made on purpose.
    package struct Gap: Decodable, Hashable, Sendable {
        package let timeline: UInt32
        package let first: String
        package let last: String
        package let segments: Int

        package init(timeline: UInt32, first: String, last: String, segments: Int) {
            self.timeline = timeline
            self.first = first
            self.last = last
            self.segments = segments
        }
    }

    /// A finding that must be reported.
    package struct Finding: Decodable, Hashable, Sendable {
        package let code: String
        package let backup: String?
        package let timeline: UInt32?
        package let segment: String?
        package let lastSegment: String?
        package let key: String?
    }

    /// When to audit, for ages that stay as they are.
    package let now: String
    package let objects: Int
    package let bytes: Int64
    package let servers: [Server]
}

internal import BarmanCatalog
public import PostgresWAL

/// Finds the exact end of every window: the last transaction that a recovery can replay.
///
/// A short chain is replayed in full. Of a long one only the end is read, backwards until the end of a transaction is
/// met, so that mostly one or two objects per path are opened, whatever the number of backups.
public struct WindowSearch: Sendable {
    private let analysis: RecoveryAnalysis
    private let source: any WALSource
    /// How many segments of one chain are read in full; nil where nothing is to be opened.
    private let mostReadInFull: UInt64?

    /// A search in the archive of an analysis.
    ///
    /// - Parameters:
    ///   - analysis: what the names allow to conclude.
    ///   - source: where the WAL is read.
    ///   - evidence: how much to open; with names nothing is, and the windows stay what they are.
    public init(_ analysis: RecoveryAnalysis, reading source: any WALSource, evidence: WALEvidence = .records) {
        self.init(
            analysis,
            reading: source,
            mostReadInFull: evidence == .names ? nil : evidence.mostReadInFull
        )
    }

    /// A search that reads no chain in full that is longer than so many segments.
    package init(_ analysis: RecoveryAnalysis, reading source: any WALSource, mostReadInFull: UInt64?) {
        self.analysis = analysis
        self.source = source
        self.mostReadInFull = mostReadInFull
    }

    /// What the WAL says.
    ///
    /// - Throws: where WAL could not be looked at. WAL that is damaged, or of another version, is evidence.
    public func evidence() async throws -> RecordEvidence {
        var evidence = RecordEvidence()
        guard let mostReadInFull else {
            evidence.windows = analysis.windows
            return evidence
        }
        var chains: [ChainKey: PathChains] = [:]
        var damage: Set<WALDamage> = []
        for assessment in analysis.assessments {
            guard let extent = assessment.extent else { continue }
            var lost: Set<WALDamage> = []
            var isRestorable = false
            for route in assessment.routes {
                guard let window = RecoveryWindow(of: assessment, along: route, size: size) else { continue }
                let chains = self.chains(for: assessment, route, mostReadInFull, &chains)
                do {
                    let found = try await exact(window, extent, route, chains)
                    if let met = found.damage { damage.insert(met) }
                    if let exact = found.window {
                        evidence.windows.append(exact)
                        isRestorable = true
                    } else if let met = found.damage {
                        lost.insert(met)
                    }
                } catch let error as WALError {
                    evidence.unreadable = error
                    evidence.windows.append(window)
                    isRestorable = true
                }
            }
            if !isRestorable, !lost.isEmpty { evidence.lostBackups[assessment.backup.id] = lost.sorted(by: order) }
        }
        evidence.damage = damage.sorted(by: order)
        return evidence
    }

    private struct ChainKey: Hashable {
        var path: TimelinePath
        var systemIdentifier: UInt64?
    }

    private var size: WALSegmentSize { analysis.catalog.wal.segmentSize }

    private func order(_ left: WALDamage, _ right: WALDamage) -> Bool {
        (left.segment.timeline, left.number) < (right.segment.timeline, right.number)
    }

    private func chains(
        for assessment: BackupAssessment,
        _ route: RecoveryRoute,
        _ mostReadInFull: UInt64,
        _ known: inout [ChainKey: PathChains]
    ) -> PathChains {
        let key = ChainKey(path: route.wal.path, systemIdentifier: assessment.systemIdentifier)
        if let chains = known[key] { return chains }
        let reader = PathReader(
            route.wal.path,
            segmentSize: size,
            systemIdentifier: assessment.systemIdentifier,
            source: source
        )
        let chains = PathChains(reader: reader, mostReadInFull: mostReadInFull)
        known[key] = chains
        return chains
    }

    /// The window as the records have it, nil where the backup does not become consistent on the way.
    private func exact(
        _ window: RecoveryWindow,
        _ extent: BackupExtent,
        _ route: RecoveryRoute,
        _ chains: PathChains
    ) async throws -> (window: RecoveryWindow?, damage: WALDamage?) {
        guard let last = route.wal.end?.segment, last >= extent.firstSegment else { return (window, nil) }
        let end = try await chains.end(from: extent, through: last)
        guard end.position >= extent.end else { return (nil, end.damage) }
        var exact = window
        exact.evidence = .records
        let transaction = end.lastTransaction.flatMap { $0.lsn >= extent.end ? $0 : nil }
        exact.to = transaction.map { RecoveryWindow.Point(time: $0.time, lsn: $0.lsn) } ?? exact.from
        if case .walLevelMinimal? = end.damage?.kind {
            exact.ending = .walLevelMinimal
        } else if end.damage != nil {
            exact.ending = .damagedWAL
        } else if let segment = end.segment, let last = route.wal.last, segment >= last {
            // A partial segment closed what the names show as a hole.
            exact.ending = .archiveHead
        }
        return (exact, end.damage)
    }
}

extension BackupAssessment {
    /// The number of the cluster that the backup is of.
    var systemIdentifier: UInt64? { backup.details?.systemIdentifier.flatMap { UInt64($0) } }
}

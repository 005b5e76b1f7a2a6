import BarmanAudit
import BarmanCatalog
import BarmanRecovery
import ObjectStorage
import PostgresWAL
import TestSupport
import Testing

/// Holds the report on every real archive against what the real tools said of it.
struct FixtureTests {
    /// A server of a scenario beside what was found of it.
    private struct Pair {
        let expected: FixtureExpectation.Server
        let found: ServerReport

        var catalog: BackupCatalog { found.analysis.catalog }
    }

    private func pairs(_ scenario: String) async throws -> [Pair] {
        let bucket = try FixtureBucket(scenario)
        let now = try #require(TimestampTZ.parse(bucket.expected.now)?.time)
        let auditor = Auditor(AuditOptions(now: now))
        var pairs: [Pair] = []
        for expected in bucket.expected.servers {
            let catalog = try await bucket.catalog(of: expected.destinationPath)
            let server = try #require(
                catalog.servers.first { $0.prefix == ObjectKey(expected.prefix) },
                "\(expected.prefix) was not found"
            )
            pairs.append(Pair(expected: expected, found: auditor.audit(server)))
        }
        return pairs
    }

    @Test(arguments: try FixtureBucket.scenarios)
    func `every object of the listing is counted in one place`(scenario: String) async throws {
        let bucket = try FixtureBucket(scenario)
        let catalog = try await bucket.catalog()
        let usage = catalog.servers.map(\.usage.total)
        #expect(catalog.total.objects == bucket.expected.objects)
        #expect(catalog.total.bytes == bucket.expected.bytes)
        #expect(usage.reduce(catalog.outside.objects) { $0 + $1.objects } == bucket.expected.objects)
        #expect(usage.reduce(catalog.outside.bytes) { $0 + $1.bytes } == bucket.expected.bytes)
        let found = Set(catalog.servers.map(\.prefix))
        #expect(found == Set(bucket.expected.servers.map { ObjectKey($0.prefix) }))
    }

    @Test(arguments: try FixtureBucket.scenarios)
    func `backups are as Barman lists and shows them`(scenario: String) async throws {
        for pair in try await pairs(scenario) {
            let listed = Set(pair.expected.backups.map(\.id))
            // Barman lists what it can read; a directory without a readable backup.info is ours to mention.
            let readable = pair.catalog.backups.filter { $0.details != nil }
            #expect(Set(readable.map(\.id.description)) == listed)
            for expected in pair.expected.backups {
                let backup = try #require(pair.catalog.backups.first { $0.id == BackupID(expected.id) })
                let details = try #require(backup.details)
                #expect(details.name == expected.name)
                #expect(details.status.description == expected.status)
                #expect(details.timeline?.rawValue == expected.timeline)
                #expect(details.beginWAL?.description == expected.beginWAL)
                #expect(details.endWAL?.description == expected.endWAL)
                #expect(details.beginLSN?.description == expected.beginLSN)
                #expect(details.endLSN?.description == expected.endLSN)
                #expect(details.beginTime == expected.beginTime.flatMap { TimestampTZ.parse($0)?.time })
                #expect(details.endTime == expected.endTime.flatMap { TimestampTZ.parse($0)?.time })
                #expect(details.version == expected.postgresVersion)
                #expect(details.systemIdentifier == expected.systemIdentifier)
                #expect(backup.bytes == expected.bytes)
                #expect(backup.objects == expected.objects)
                #expect(backup.keep.map { "\($0)" } == expected.keep)
            }
        }
    }

    @Test(arguments: try FixtureBucket.scenarios)
    func `timelines are as PostgreSQL's history files say`(scenario: String) async throws {
        for pair in try await pairs(scenario) {
            let wal = pair.catalog.wal
            #expect(wal.sizeEvidence == .assumed || pair.expected.walSegmentSize == wal.segmentSize.bytes)
            // One that only a backup names has neither WAL nor history for the expectation to count.
            let found = pair.found.analysis.tree.nodes.filter { node in
                !wal.runs(of: node.timeline).isEmpty || pair.catalog.histories[node.timeline] != nil
            }
            let summary = found.map { node in
                [
                    node.timeline.description, node.origin?.timeline.description, node.origin?.switchPoint.description,
                    node.origin?.reason, node.state.rawValue,
                ]
            }
            #expect(
                summary
                    == pair.expected.timelines.map {
                        [String($0.timeline), $0.parent.map(String.init), $0.switchLSN, $0.reason, $0.history]
                    }
            )
        }
    }

    @Test(arguments: try FixtureBucket.scenarios)
    func `WAL is what was archived, and gaps are what was deleted`(scenario: String) async throws {
        for pair in try await pairs(scenario) {
            let wal = pair.catalog.wal
            #expect(wal.segmentCount == pair.expected.wal.segments)
            #expect(wal.runs.first?.firstName(size: wal.segmentSize).description == pair.expected.wal.firstSegment)
            #expect(wal.runs.last?.lastName(size: wal.segmentSize).description == pair.expected.wal.lastSegment)
            #expect(Set(wal.partials.map { "\($0.name).partial" }) == Set(pair.expected.wal.partials))
            let gaps = pair.found.analysis.gaps
                // A hole of segments that are there but unusable was not made by a deletion.
                .filter { wal.unusableCount(of: $0.timeline, in: $0.segments) < $0.count }
                .map { gap in
                    let names = [gap.segments.lowerBound, gap.segments.upperBound].map {
                        WALSegmentName(timeline: gap.timeline, number: $0, size: wal.segmentSize).description
                    }
                    return FixtureExpectation.Gap(
                        timeline: gap.timeline.rawValue,
                        first: names[0],
                        last: names[1],
                        segments: gap.count
                    )
                }
            #expect(gaps == pair.expected.wal.gaps)
        }
    }

    @Test(arguments: try FixtureBucket.scenarios)
    func `findings are the damage that was done, and nothing else`(scenario: String) async throws {
        for pair in try await pairs(scenario) {
            var reported = pair.found.findings
            for expected in pair.expected.findings {
                let index = reported.firstIndex { $0.matches(expected) }
                let found = try #require(index, "\(expected) was not reported for \(pair.expected.prefix)")
                reported.remove(at: found)
            }
            let unexpected = reported.filter { finding in
                // Nothing in a bucket says how many parts a backup has, so real split backups are uncertain.
                finding.code != .backupDataUncertain
                    && !(pair.expected.mayReport ?? []).contains(where: finding.matches)
                    && !pair.expected.findings.contains(where: finding.isPart)
            }
            #expect(unexpected == [])
        }
    }
}

extension Finding {
    /// Whether it is about some of the segments that the expected one is about.
    fileprivate func isPart(of expected: FixtureExpectation.Finding) -> Bool {
        guard code.rawValue == expected.code, let first = expected.segment, let last = expected.lastSegment,
            let segment = segment?.description
        else { return false }
        return first <= segment && segment <= last
    }

    /// Whether it is the expected one, as far as that says.
    fileprivate func matches(_ expected: FixtureExpectation.Finding) -> Bool {
        code.rawValue == expected.code
            && (expected.backup == nil || backup?.description == expected.backup)
            && (expected.timeline == nil || timeline?.rawValue == expected.timeline)
            && (expected.segment == nil || segment?.description == expected.segment)
    }
}

import BarmanCatalog
import BarmanRecovery
import PostgresWAL
import TestSupport
import Testing

struct BackupAssessmentTests {
    private func assess(_ sketch: String) throws -> BackupAssessment {
        try #require(RecoveryAnalysis(of: try ArchiveSketch(sketch).catalog).assessments.first)
    }

    @Test(
        arguments: [
            ("1: 02-09 / base A 1: 03-04", true),
            ("1: 02-03, 05-09 / base A 1: 03-04", false),
            // It may still come: a backup of a standby does not wait for its last segment.
            ("1: 02-03 / base A 1: 03-04", nil),
            ("1: / base A 1: 03-04", nil),
            ("1: 02-09 / base A 1: 03-04 failed", false),
            ("1: 02-09 / base A 1: 03-04 started", false),
            ("1: 02-09 / base A 1: 03-04 unreadable", false),
            ("1: 02-09 / base A 1: 03-04 dataless", false),
            ("1: 02-09 / base A 1: 03-04 incremental", false),
            // PostgreSQL refuses every timeline that could be asked for.
            ("1: 02-06 / 2 from 1@07: 07-0C / base A 1: 06-2:08 / missing history 2", false),
            ("1: 02-06 / 2 from 1@07: 07-0C / base A 2: 08-09 / invalid history 2", false),
            // The parent's copy of the switch segment makes it consistent on its own timeline.
            ("1: 02-07 / 2 from 1@07: 08-0C / base A 1: 06-07", true),
            // Nothing follows on timeline 1, but timeline 2 shows that 06 was written long ago.
            ("1: 02-05 / 2 from 1@07: 07-0C / base A 1: 05-06", false),
        ] as [(String, Bool?)]
    )
    func `is restorable if nothing in the listing speaks against it`(sketch: String, wanted: Bool?) throws {
        #expect(try assess(sketch).isRestorable == wanted)
    }

    @Test
    func `the extent is what backup info says`() throws {
        let extent = try #require(try assess("1: 02-06 / 2 from 1@07: 07-0C / base A 1: 06-2:09.0").extent)
        #expect(extent.beginTimeline == 1)
        #expect(extent.endTimeline == 2)
        #expect(extent.firstSegment == 6)
        #expect(extent.lastSegment == 8)
        #expect(try assess("1: 02 / base A 1: 03-04 failed").extent == nil)
    }

    @Test
    func `a segment size or a file name that contradicts the positions speaks against it`() throws {
        var catalog = try ArchiveSketch("1: 02-09 / base A 1: 03-04").catalog
        #expect(RecoveryAnalysis(of: catalog).assessments[0].contradictsItself == false)

        var info = try #require(catalog.backups[0].details)
        info.segmentSize = 64 << 20
        catalog.backups[0].info = .read(info)
        #expect(RecoveryAnalysis(of: catalog).assessments[0].contradictsItself)

        info.segmentSize = nil
        catalog.backups[0].info = .read(info)
        #expect(!RecoveryAnalysis(of: catalog).assessments[0].contradictsItself)

        info.segmentSize = 16 << 20
        info.beginWAL = WALSegmentName("000000010000000000000002")
        catalog.backups[0].info = .read(info)
        let assessment = RecoveryAnalysis(of: catalog).assessments[0]
        #expect(assessment.contradictsItself)
        #expect(assessment.isRestorable == false)
    }

    @Test
    func `an end before the begin is no extent`() throws {
        var catalog = try ArchiveSketch("1: 02-09 / base A 1: 03-04").catalog
        var info = try #require(catalog.backups[0].details)
        info.endLSN = info.beginLSN
        catalog.backups[0].info = .read(info)
        let analysis = RecoveryAnalysis(of: catalog)
        #expect(analysis.assessments[0].extent == nil)
        #expect(analysis.windows.isEmpty)
    }

    @Test(
        arguments: [
            ("1: 02-09 / 2 from 1@07: 07-0C / base A 1: 03-04", 2, true),
            ("1: 02-09 / 2 from 1@07: 07-0C / base A 1: 08-09", 2, false),
            ("1: 02-09 / 2 from 1@07: 07-0C / base A 1: 03-04 / missing history 2", 1, true),
        ] as [(String, UInt32, Bool)]
    )
    func `says whether it is on the way to what latest means`(sketch: String, latest: UInt32, isOn: Bool) throws {
        let assessment = try assess(sketch)
        #expect(assessment.latest == .timeline(TimelineID(rawValue: latest)))
        #expect(assessment.isOnLatest == isOn)
    }

    @Test
    func `positions at the ends of the stream do no harm`() throws {
        var catalog = try ArchiveSketch("1: 02-09 / base A 1: 03-04").catalog
        var info = try #require(catalog.backups[0].details)
        for (begin, end) in [(UInt64(0), UInt64.max), (.max - 1, .max), (0, 1)] {
            info.beginLSN = LSN(rawValue: begin)
            info.endLSN = LSN(rawValue: end)
            catalog.backups[0].info = .read(info)
            #expect(RecoveryAnalysis(of: catalog).assessments[0].isRestorable == false)
        }
    }
}

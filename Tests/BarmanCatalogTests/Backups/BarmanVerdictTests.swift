import Foundation
import PostgresWAL
import TestSupport
import Testing

@testable import BarmanCatalog

/// Compares our reader with what Barman 3.19.1's made of the same files, see `Fixtures/backup-info/make.py`.
struct BarmanVerdictTests {
    struct Row: Decodable {
        var name: String
        var text: String?
        var hex: String?
        var verdict: String
        var status: String?
        var timeline: Int?
        var beginWal: String?
        var endXlog: String?
        var beginTime: String?
        var endTime: String?
        var xlogSegmentSize: Int?
        var tablespaces: [[Cell]]?

        enum Cell: Decodable, Equatable {
            case text(String)
            case number(UInt32)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(UInt32.self) {
                    self = .number(number)
                } else {
                    self = .text(try container.decode(String.self))
                }
            }
        }

        var bytes: [UInt8] {
            if let text { return Array(text.utf8) }
            let digits = Array((hex ?? "").utf8)
            return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
            }
        }
    }

    /// What Barman reads and we refuse: nothing of it is ever written by Barman or PostgreSQL, and a backup whose
    /// numbers cannot be understood is no backup to reason about.
    private static let stricter: Set<String> = [
        "timeline with an underscore", "timeline below zero", "timeline beyond 32 bits", "size beyond 64 bits",
        "begin_wal too short", "begin_xlog is no position", "end_time in ctime form", "end_time is a date",
        "end_time with nine digits of a fraction", "backup_label in two pieces", "backup_label with a prefix",
        "backup_label as bytes", "backup_label ends in a comment", "copy_stats is a set",
        "copy_stats is a list of lists 40 deep",
    ]

    /// Names that Barman's object happens to have: it takes them, a newer or older Barman need not.
    private static let fieldsByChance: Set<String> = ["a name of an attribute"]

    private static func rows() throws -> [Row] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode([Row].self, from: Data(Fixture("backup-info/verdicts.json").bytes()))
    }

    @Test
    func `agrees with Barman on what can be read`() throws {
        let rows = try Self.rows()
        #expect(rows.count > 100)
        for row in rows {
            do throws(BackupInfoError) {
                let info = try BackupInfoFile.parse(row.bytes)
                #expect(!Self.stricter.contains(row.name), "\(row.name): no longer stricter")
                let verdict = info.unknownFields.isEmpty ? "read" : "aborts"
                #expect(verdict == row.verdict || Self.fieldsByChance.contains(row.name), "\(row.name)")
                if row.verdict == "read" { compare(info, row) }
            } catch {
                let wanted = Self.stricter.contains(row.name) ? "read" : "unreadable"
                #expect(wanted == row.verdict, "\(row.name): \(error)")
            }
        }
    }

    private func compare(_ info: BackupInfo, _ row: Row) {
        #expect(info.status.description == row.status ?? "EMPTY", "\(row.name)")
        #expect(info.timeline.map { Int($0.rawValue) } == row.timeline, "\(row.name)")
        #expect(info.beginWAL?.description == row.beginWal?.uppercased(), "\(row.name)")
        #expect(info.endLSN?.description == row.endXlog, "\(row.name)")
        #expect(info.beginTime == row.beginTime.flatMap { TimestampTZ.parse($0)?.time }, "\(row.name)")
        #expect(info.endTime == row.endTime.flatMap { TimestampTZ.parse($0)?.time }, "\(row.name)")
        #expect(info.segmentSize ?? 16 << 20 == row.xlogSegmentSize ?? 16 << 20, "\(row.name)")
        let tablespaces = info.tablespaces.map { [Row.Cell.text($0.name), .number($0.oid), .text($0.location)] }
        #expect(tablespaces == row.tablespaces ?? [], "\(row.name)")
    }
}

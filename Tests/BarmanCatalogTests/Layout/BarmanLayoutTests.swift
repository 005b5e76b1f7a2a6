import Decompression
import PostgresWAL
import Testing

@testable import BarmanCatalog

struct BarmanLayoutTests {
    private static let walName = "000000010000000000000001"
    private static let wal = "0000000100000000/\(walName)"

    /// The server's directory and what the rest means, in words.
    private func place(_ key: String, below prefix: String = "") -> (server: String, role: String)? {
        let bytes = Array(key.utf8)
        guard let place = BarmanLayout.place(of: bytes.span, from: prefix.utf8.count) else { return nil }
        return (String(decoding: bytes[..<place.serverEnd], as: UTF8.self), words(for: place.role, of: bytes))
    }

    private func words(for role: ObjectRole, of key: [UInt8]) -> String {
        switch role {
        case .wal(let file, let format, let isInPlace):
            let kind =
                switch file.kind {
                case .segment(let name): "segment \(name)"
                case .partial(let name): "partial \(name)"
                case .backupHistory(let name, let offset): "label \(name) \(offset)"
                case .timelineHistory(let timeline): "history \(timeline)"
                }
            return "\(kind) \(format)" + (isInPlace ? "" : " misplaced")
        case .backup(let id, let object):
            let id = String(decoding: key[id], as: UTF8.self)
            return switch object {
            case .info: "\(id) info"
            case .keep: "\(id) keep"
            case .label: "\(id) label"
            case .tar(let tar): "\(id) \(tar)"
            case .strayPart: "\(id) stray part"
            case .unknown: "\(id) unknown"
            }
        case .directoryMarker: return "marker"
        case .unknown: return "unknown"
        }
    }

    @Test(arguments: [
        ("srv/wals/\(wal)", "srv/", "segment \(walName) none"),
        ("srv/wals/\(wal).gz", "srv/", "segment \(walName) gzip"),
        ("srv/wals/\(wal).bz2", "srv/", "segment \(walName) bzip2"),
        ("srv/wals/\(wal).xz", "srv/", "segment \(walName) xz"),
        ("srv/wals/\(wal).snappy", "srv/", "segment \(walName) snappy"),
        ("srv/wals/\(wal).zst", "srv/", "segment \(walName) zstd"),
        ("srv/wals/\(wal).lz4", "srv/", "segment \(walName) lz4"),
        ("srv/wals/\(wal).partial", "srv/", "partial \(walName) none"),
        ("srv/wals/\(wal).partial.gz", "srv/", "partial \(walName) gzip"),
        ("srv/wals/\(wal).00000028.backup.gz", "srv/", "label \(walName) 40 gzip"),
        ("srv/wals/0000000A.history.gz", "srv/", "history 10 gzip"),
        ("srv/wals/00000002.history", "srv/", "history 2 none"),
        ("srv/base/20261120T204537/backup.info", "srv/", "20261120T204537 info"),
        ("srv/base/20261120T204537/backup_label", "srv/", "20261120T204537 label"),
        ("srv/base/20261120T204537/annotations/keep", "srv/", "20261120T204537 keep"),
        ("srv/base/20261120T204537/data.tar", "srv/", "20261120T204537 data.tar"),
        ("srv/base/20261120T204537/data.tar.gz", "srv/", "20261120T204537 data.tar"),
        ("srv/base/20261120T204537/data_0001.tar.snappy", "srv/", "20261120T204537 data_0001.tar"),
        ("srv/base/20261120T204537/16387.tar.lz4", "srv/", "20261120T204537 16387.tar"),
        ("srv/base/20261120T204537/16387_12345.tar.bz2", "srv/", "20261120T204537 16387_12345.tar"),
    ])
    func `knows what Barman writes`(key: String, server: String, role: String) {
        let found = place(key)
        #expect(found?.server == server)
        #expect(found?.role == role)
    }

    @Test(arguments: [
        // The server may be the location itself, or lie deep, or have an odd name.
        ("wals/\(wal)", "", "", "segment \(walName) none"),
        ("a/b/c/srv/wals/\(wal)", "", "a/b/c/srv/", "segment \(walName) none"),
        ("a/b/srv/wals/\(wal)", "a/b/", "a/b/srv/", "segment \(walName) none"),
        ("a//srv/wals/\(wal)", "a/", "a//srv/", "segment \(walName) none"),
        ("a//srv/base/X/annotations/keep", "a/", "a//srv/", "X keep"),
        ("base/base/X/backup.info", "", "base/", "X info"),
        ("base/wals/\(wal)", "", "base/", "segment \(walName) none"),
        ("wals/base/X/backup.info", "", "wals/", "X info"),
        ("wals/wals/\(wal)", "", "wals/", "segment \(walName) none"),
        ("base/base/base/data.tar", "", "base/", "base data.tar"),
        ("a+b & c/wals/\(wal)", "", "a+b & c/", "segment \(walName) none"),
        // A backup's id may be anything, even a word of the layout.
        ("srv/base/wals/backup.info", "", "srv/", "wals info"),
        // The location may end inside of a name.
        ("abc/wals/\(wal)", "ab", "abc/", "segment \(walName) none"),
    ])
    func `finds the server whatever it is called`(key: String, prefix: String, server: String, role: String) {
        let found = place(key, below: prefix)
        #expect(found?.server == server)
        #expect(found?.role == role)
    }

    @Test(arguments: [
        ("srv/wals/\(walName)", "segment \(walName) none misplaced"),
        ("srv/wals/0000000100000001/\(walName)", "segment \(walName) none misplaced"),
        ("srv/wals/0000000100000000/x/\(walName)", "segment \(walName) none misplaced"),
        ("srv/wals//0000000100000000/\(walName)", "segment \(walName) none misplaced"),
        ("srv/wals/0000000100000000/00000002.history", "history 2 none misplaced"),
        ("srv/wals/000000010000000a/000000010000000a00000001", "segment 000000010000000A00000001 none misplaced"),
        ("srv/wals/000000010000000A/000000010000000A0000000f.gz", "segment 000000010000000A0000000F gzip misplaced"),
        ("srv/wals/0000000a.history", "history 10 none misplaced"),
    ])
    func `WAL that a restore does not find is misplaced`(key: String, role: String) {
        #expect(place(key)?.role == role)
    }

    @Test(arguments: [
        "srv/wals/\(wal).zip", "srv/wals/\(wal).gz.bak", "srv/wals/\(wal).gz.gz", "srv/wals/\(wal).GZ",
        "srv/wals/readme", "srv/wals/0000000100000000/", "srv/base/readme", "srv/base/X/readme",
        "srv/base/X/data.tar.zip", "srv/base/X/data_1.tar", "srv/base/X/data_0000.tar", "srv/base/X/data_00x1.tar",
        "srv/base/X/data-0001.tar", "srv/base/X/tbs.tar", "srv/base/X/99999999999.tar", "srv/base/X/4294967296.tar",
        "srv/base/X/.tar", "srv/base/X/_0001.tar", "srv/base/X/data_.tar", "srv/base/X/sub/data.tar",
        "srv/base/X/annotations/keep2", "srv/base/X/annotations/", "srv/base/X/", "srv/base//backup.info2",
    ])
    func `everything else below base or wals is unknown`(key: String) {
        let found = place(key)
        #expect(found?.server == "srv/")
        #expect(found.map { $0.role.hasSuffix("unknown") || $0.role.hasSuffix("stray part") } == true)
    }

    @Test(arguments: [
        "data.tar.zst", "data.tar.xz", "data_0001.tar.zst", "16387.tar.xz", "data.tar.GZ", "data.tgz", "016387.tar",
        "00.tar", "016387_0001.tar.gz",
    ])
    func `a tar that no restore takes is unknown`(name: String) {
        #expect(["X unknown", "X stray part"].contains(place("srv/base/X/\(name)")?.role))
    }

    @Test(arguments: [("srv/wals/", "srv/"), ("srv/base/", "srv/"), ("base/", ""), ("wals/", "")])
    func `a key that ends with the directory is its marker`(key: String, server: String) {
        #expect(place(key)?.role == "marker")
        #expect(place(key)?.server == server)
    }

    @Test(arguments: ["", "readme", "srv/", "srv/readme", "srv/walsx/a", "srv/xbase/a", "wals", "srv/base", "a/b/c"])
    func `a key outside of base and wals has no place`(key: String) {
        #expect(place(key) == nil)
    }

    @Test
    func `a key that only looks alike at the location itself has no place`() {
        #expect(place("wals/readme") == nil)
        #expect(place("base/readme") == nil)
        #expect(place("base/X/readme") == nil)
    }
}

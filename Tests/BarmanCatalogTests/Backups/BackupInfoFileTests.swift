import PostgresWAL
import TestSupport
import Testing

@testable import BarmanCatalog

struct BackupInfoFileTests {
    /// The sample of a file as `barman-cloud-backup` writes it.
    private static let sample = """
        backup_label='START WAL LOCATION: 0/AB000028 (file 0000000600000000000000AB)\\nLABEL: it\\'s\\n'
        backup_name=backup-20251024022604
        begin_offset=40
        begin_time=2025-10-24 02:26:08.217166+00:00
        begin_wal=0000000600000000000000AB
        begin_xlog=0/AB000028
        children_backup_ids=None
        cluster_size=1234567
        compression=None
        config_file=/var/lib/postgresql/data/pgdata/postgresql.conf
        copy_stats={'total_time': 3.1, 'number_of_workers': 2, 'analysis_time_per_item': {}}
        data_checksums=on
        deduplicated_size=None
        encryption=None
        end_offset=344
        end_time=2025-10-24 02:26:11.410000+00:00
        end_wal=0000000600000000000000AC
        end_xlog=0/AC000158
        error=None
        hba_file=/a
        ident_file=/b
        included_files=['/var/lib/postgresql/data/pgdata/custom.conf']
        mode=None
        parent_backup_id=None
        pgdata=/var/lib/postgresql/data/pgdata
        server_name=cloud
        size=None
        status=DONE
        summarize_wal=None
        systemid=7564001122334455667
        tablespaces=[('tbs1', 16387, '/var/lib/postgresql/tablespaces/tbs1/data')]
        timeline=6
        version=160010
        xlog_segment_size=16777216

        """

    private func parse(_ text: String) throws -> BackupInfo {
        try BackupInfoFile.parse(Array(text.utf8))
    }

    @Test
    func `reads what barman-cloud-backup writes`() throws {
        let info = try parse(Self.sample)
        #expect(info.status == .done)
        #expect(info.name == "backup-20251024022604")
        #expect(info.timeline == 6)
        #expect(info.beginWAL?.description == "0000000600000000000000AB")
        #expect(info.endWAL?.description == "0000000600000000000000AC")
        #expect(info.beginLSN == LSN("0/AB000028"))
        #expect(info.endLSN == LSN("0/AC000158"))
        #expect(info.beginTime?.description == "2025-10-24T02:26:08.217166Z")
        #expect(info.endTime?.description == "2025-10-24T02:26:11.410000Z")
        #expect(info.version == 160_010)
        #expect(info.systemIdentifier == "7564001122334455667")
        #expect(info.segmentSize == 16 << 20)
        let path = "/var/lib/postgresql/tablespaces/tbs1/data"
        #expect(info.tablespaces == [.init(name: "tbs1", oid: 16387, location: path)])
        #expect(info.mode == nil)
        #expect(info.error == nil)
        #expect(info.isComplete)
        #expect(!info.isSnapshot)
        #expect(info.unknownFields.isEmpty)
    }

    @Test
    func `an empty file has the defaults`() throws {
        let info = try parse("")
        var cut = BackupInfo()
        cut.statesTablespaces = false
        #expect(info == cut)
        #expect(info.status == .empty)
        #expect(info.segmentSize == nil)
        #expect(!info.isComplete)
    }

    @Test(arguments: ["invented=1", "STATUS=DONE", "=1", " # a=b"])
    func `a field that Barman does not know is kept and told`(line: String) throws {
        let info = try parse(Self.sample + line + "\n")
        #expect(info.unknownFields.count == 1)
        #expect(info.isComplete)
    }

    @Test(arguments: [
        ("nonsense", "line 2: expected name=value, got 'nonsense'"),
        ("timeline=six", "line 2: timeline cannot be read: 'six'"),
        ("end_time=", "line 2: end_time cannot be read: ''"),
        ("end_xlog=0-1", "line 2: end_xlog cannot be read: '0-1'"),
        ("tablespaces=[('a', 1)]", "line 2: tablespaces cannot be read: '[('a', 1)]'"),
        ("begin_wal=\u{1B}[2J", "line 2: begin_wal cannot be read: '\\u{1B}[2J'"),
        (
            "error=a\nversion=" + String(repeating: "x", count: 1000),
            "line 3: version cannot be read: '\(String(repeating: "x", count: 60))…'"
        ),
    ])
    func `the message names the line and quotes it safely`(lines: String, message: String) {
        let error = #expect(throws: BackupInfoError.self) { try parse("status=DONE\n\(lines)\n") }
        #expect(error?.description == message)
    }

    @Test
    func `what is not UTF-8 is not about a line`() {
        let error = #expect(throws: BackupInfoError.self) { try BackupInfoFile.parse([0x61, 0x3D, 0xFF]) }
        #expect(error?.description == "it is not UTF-8")
        #expect(error?.line == 0)
    }

    @Test
    func `every prefix of the sample is read or refused`() {
        let bytes = Array(Self.sample.utf8)
        for count in bytes.indices {
            do throws(BackupInfoError) {
                _ = try BackupInfoFile.parse(Array(bytes.prefix(count)))
            } catch {
                #expect(error.line > 0)
            }
        }
    }

    @Test
    func `a file of the greatest size that is read at all takes no time to speak of`() throws {
        let line = "copy_stats=" + String(repeating: "[", count: 1 << 20) + "\n"
        #expect(throws: BackupInfoError.self) { try parse(line) }
        let many = String(repeating: "#\n", count: 1 << 20)
        #expect(try parse(many) == parse(""))
    }
}

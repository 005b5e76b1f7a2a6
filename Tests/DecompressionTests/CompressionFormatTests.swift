import Decompression
import Testing

struct CompressionFormatTests {
    @Test(arguments: [
        (".gz", CompressionFormat.gzip), (".bz2", .bzip2), (".xz", .xz), (".snappy", .snappy), (".zst", .zstd),
        (".lz4", .lz4), ("", .none),
    ])
    func `knows Barman's extensions`(fileExtension: String, format: CompressionFormat) {
        #expect(CompressionFormat(fileExtension: fileExtension.utf8) == format)
        #expect(CompressionFormat(fileExtension: Array(fileExtension.utf8).span) == format)
        #expect(format.fileExtension == fileExtension)
    }

    @Test(arguments: [".GZ", "gz", ".gz.gz", ".gz ", ".bak", ".zip", ".gpg", ".", "z", "\0"])
    func `refuses other extensions`(fileExtension: String) {
        #expect(CompressionFormat(fileExtension: fileExtension.utf8) == nil)
    }

    @Test(arguments: [
        ("000000010000000000000005.gz", CompressionFormat.gzip),
        ("00000002.history.bz2", .bzip2),
        ("000000010000000000000005.partial.snappy", .snappy),
        ("data.tar.zst", .zstd),
        ("000000010000000000000005.gz.bak", .none),
        ("000000010000000000000005.gz.lz4", .lz4),
        ("000000010000000000000005", .none),
        ("gz", .none),
        ("xz", .none),
        ("z", .none),
        ("", .none),
    ])
    func `reads the end of a key`(key: String, format: CompressionFormat) {
        #expect(CompressionFormat(endOf: Array(key.utf8).span) == format)
    }

    @Test(arguments: ["gzip", "bzip2", "xz", "snappy", "zstd", "lz4"])
    func `has the names of Barman's settings`(name: String) {
        #expect(CompressionFormat(rawValue: name)?.description == name)
    }
}

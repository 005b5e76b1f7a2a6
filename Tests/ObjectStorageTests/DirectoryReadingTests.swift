import Foundation
import Glibc
import ObjectStorage
import TestSupport
import Testing

/// Nothing outside of a directory, and nothing in it that is no file, is ever read.
struct DirectoryReadingTests {
    /// A folder with a store in it, and beside that store what nobody may see.
    private let folder: URL
    private let store: DirectoryObjectStore

    init() throws {
        folder = try TemporaryFolder.make("store", holding: ["inside/file": Array("inside".utf8)])
        let outside = folder.appending(path: "outside")
        try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
        try Data("secret".utf8).write(to: outside.appending(path: "secret"))
        let root = folder.appending(path: "store")
        for (name, target) in [
            ("file-link", "../outside/secret"), ("directory-link", "../outside"), ("up-link", ".."), ("root-link", "/"),
            ("inner-link", "inside"), ("inner-file-link", "inside/file"), ("loop-link", "loop-link"),
            ("absolute-link", outside.appending(path: "secret").path()), ("inside/link", "../../outside/secret"),
        ] {
            try FileManager.default.createSymbolicLink(
                atPath: root.appending(path: name).path(),
                withDestinationPath: target
            )
        }
        #expect(unsafe mkfifo(root.appending(path: "pipe").path(), 0o600) == 0)
        store = try DirectoryObjectStore(path: root.path())
    }

    @Test(arguments: [
        "", "file-link", "directory-link/", "up-link/", "root-link/etc/", "inner-link/", "../", "/", "./",
    ])
    func `a listing shows files, and follows no link`(prefix: String) async throws {
        let page = try await store.list(ListRequest(prefix: ObjectKey(prefix)))
        #expect(page.indices.map { page.summary(at: $0).key } == (prefix.isEmpty ? ["inside/file"] : []))
        // It says where it went by.
        #expect(page.passedOver.count == (prefix.isEmpty ? 10 : prefix == "file-link" ? 1 : 0))
        let rolled = try await store.list(ListRequest(prefix: ObjectKey(prefix), delimiter: UInt8(ascii: "/")))
        #expect(rolled.commonPrefixes == (prefix.isEmpty ? ["inside/"] : []))
    }

    @Test(arguments: [
        "file-link", "directory-link/secret", "up-link/outside/secret", "root-link/etc/passwd", "inner-link/file",
        "inner-file-link", "loop-link", "absolute-link", "inside/link", "../outside/secret",
        "inside/../../outside/secret",
        "inside/../inside/file", "./inside/file", "inside//file", "/etc/passwd", "//etc/passwd", "pipe", "inside", "",
        ".", "..", "inside/file\u{0}", "inside/file/", "directory-link",
    ])
    func `no key leads outside, or through a link, or to what is no file`(key: String) async throws {
        for read in [
            { store in _ = try await store.get(ObjectKey(key), limit: 1 << 20) },
            { store in _ = try await store.head(ObjectKey(key)) },
        ] as [@Sendable (DirectoryObjectStore) async throws -> Void] {
            let error = await #expect(throws: ObjectStoreError.self) { try await read(store) }
            #expect(error.map { [.noSuchKey, .fileSystem].contains($0.code) } == true, "\(String(describing: error))")
        }
    }

    @Test
    func `directories deeper than any key are an error`() async throws {
        var path = folder.appending(path: "store").path()
        // 300 levels of 8 bytes: PATH_MAX keeps longer paths from being made so.
        for _ in 0..<300 { path += "/deep-er" }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let error = await #expect(throws: ObjectStoreError.self) { try await store.list(ListRequest(prefix: "")) }
        #expect(error?.code == .fileSystem && error?.message.contains("deeper than any key") == true)
    }
}

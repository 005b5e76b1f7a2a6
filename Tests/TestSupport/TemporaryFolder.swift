public import Foundation
public import ObjectStorage
import Testing

/// Folders for the tests, below one that goes with the process.
public enum TemporaryFolder {
    private static let root: URL = {
        atexit { try? FileManager.default.removeItem(at: TemporaryFolder.root) }
        return FileManager.default.temporaryDirectory.appending(path: "cellarman-\(UUID().uuidString)")
    }()

    /// A new, empty folder.
    public static func make() throws -> URL {
        let folder = root.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// A new folder with these objects as files below the subfolder `name`.
    public static func make(_ name: String, holding objects: [ObjectKey: [UInt8]]) throws -> URL {
        let folder = try make()
        for (key, body) in objects {
            let text = try #require(key.utf8Text)
            let file = folder.appending(path: name).appending(path: text)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(body).write(to: file)
        }
        return folder
    }
}

import Foundation

/// The files in `Fixtures/` that inputs are made from.
struct Corpus {
    /// The directory `Fixtures/`.
    let fixtures = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    /// The contents of all files below a folder whose names are wanted, in the order of their paths.
    func files(in folder: String, upTo limit: Int = .max, where isWanted: (String) -> Bool) throws -> [[UInt8]] {
        let root = fixtures.appending(path: folder)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter(isWanted).sorted()
        return try paths.compactMap { path in
            let file = root.appending(path: path)
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { return nil }
            let bytes = try [UInt8](Data(contentsOf: file))
            return bytes.count <= limit ? bytes : nil
        }
    }

    /// The contents of one file.
    func file(_ path: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: fixtures.appending(path: path)))
    }
}

import Foundation
import TestSupport
import Testing

/// Reads the sources as text: what the compiler cannot hold against the floors.
struct ImportTests {
    /// What each target may import.
    ///
    /// BarmanRecovery and BarmanAudit take values from ObjectStorage (keys, request counts) and never a store.
    static let allowed: [String: Set<String>] = [
        "PostgresWAL": ["CCellarCRC32C"],
        "ObjectStorage": ["Glibc", "Synchronization"],
        "Decompression": [
            "CCellarZlib", "CCellarBzip2", "CCellarLZMA", "CCellarZstd", "CCellarLZ4", "CCellarSnappy",
        ],
        "ObjectStorageS3": [
            "ObjectStorage", "Glibc", "Synchronization", "CCellarCurl", "CCellarOpenSSL", "CCellarXML2",
        ],
        "BarmanCatalog": ["PostgresWAL", "ObjectStorage", "Decompression", "Synchronization"],
        "BarmanRecovery": ["PostgresWAL", "ObjectStorage", "BarmanCatalog"],
        "BarmanAudit": ["PostgresWAL", "ObjectStorage", "BarmanCatalog", "BarmanRecovery", "FoundationEssentials"],
        "cellarman": [
            "PostgresWAL", "Decompression", "ObjectStorage", "ObjectStorageS3", "BarmanCatalog", "BarmanRecovery",
            "BarmanAudit", "CCellarProcess", "ArgumentParser", "FoundationEssentials", "Glibc",
            "Synchronization",
        ],
    ]

    /// One file of the sources.
    struct Source {
        var target: String
        var path: String
        var lines: [Substring]

        /// The lines without comments and without what stands between quotation marks.
        var code: [String] {
            lines.compactMap { line in
                let line = line.drop { $0 == " " }
                guard !line.hasPrefix("//") else { return nil }
                let quoted = line.split(separator: "\"", omittingEmptySubsequences: false)
                return quoted.enumerated().filter { $0.offset % 2 == 0 }.map { String($0.element) }.joined(
                    separator: "\""
                )
            }
        }

        var imports: [String] {
            code.compactMap { line in
                let words = line.split(separator: " ").filter { !$0.hasPrefix("@") }
                guard let position = words.firstIndex(of: "import"), position <= 1, position + 1 < words.count
                else { return nil }
                return String(words[position + 1])
            }
        }
    }

    static func sources() throws -> [Source] {
        let root = packageRoot.appending(path: "Sources")
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        var sources: [Source] = []
        for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
            let path = file.path.dropFirst(root.path.count + 1)
            let text = try String(contentsOf: file, encoding: .utf8)
            sources.append(
                Source(
                    target: String(path.prefix { $0 != "/" }),
                    path: String(path),
                    lines: text.split(separator: "\n", omittingEmptySubsequences: false)
                )
            )
        }
        try #require(sources.count > 50)
        return sources
    }

    @Test
    func `no target imports what its floor may not know`() throws {
        for source in try Self.sources() {
            let allowed = try #require(Self.allowed[source.target], "\(source.path): no such target in the table")
            let unknown = source.imports.filter { !allowed.contains($0) }
            #expect(unknown.isEmpty, "\(source.path) imports \(unknown)")
        }
    }

    @Test
    func `imports below the command say whether they show outside`() throws {
        for source in try Self.sources() where !["cellarman", "ObjectStorage"].contains(source.target) {
            for line in source.code where line.hasPrefix("import ") {
                let module = String(line.dropFirst("import ".count))
                #expect(Self.allowed[module] == nil, "\(source.path): \(line)")
            }
        }
    }

    @Test
    func `only the loader and its parts list, and what streams keys past a plan`() throws {
        let stores: Set = ["ObjectStorage", "ObjectStorageS3"]
        let listers = try Self.sources().filter { source in
            !stores.contains(source.target) && source.code.contains { $0.contains("ListRequest(") }
        }
        let names = [
            "EndProbe", "EntryListing", "ListingBorder", "ListingEstimate", "ListingRange", "ListingScope",
            // It looks again whether what it was refused is still there.
            "SmallObjectReader",
        ]
        let loading = names.map { "BarmanCatalog/Loading/\($0).swift" }
        // It looks for the objects of one segment.
        #expect(listers.map(\.path).sorted() == loading + ["BarmanCatalog/WAL/WALArchiveReader.swift"])
    }

    @Test
    func `only the pruner deletes, and the stores for it`() throws {
        let deleters = try Self.sources().filter { source in
            source.code.contains { $0.contains(".delete(") }
        }
        let stores = ["ObjectStorage", "ObjectStorageS3"]
        let others = deleters.filter { !stores.contains($0.target) && !$0.path.hasSuffix("/ArchivePruner.swift") }
        #expect(others.isEmpty, "\(others.map(\.path))")
        // Those that hand a request on: a store that began to delete of its own accord would be another one.
        #expect(
            deleters.filter { stores.contains($0.target) }.map(\.path).sorted() == [
                "ObjectStorage/RetryingObjectStore+Deleting.swift", "ObjectStorage/StoppableObjectStore.swift",
                "ObjectStorageS3/S3ObjectStore.swift",
            ]
        )
    }

    /// The clock, the environment, the arguments and the exit are the command's alone.
    ///
    /// A store may ask for a monotonic clock to wait by, and its credentials may come from the environment that it
    /// is handed as a value.
    @Test(arguments: [
        "getenv(", "ProcessInfo", "CommandLine.", "Date()", "Date.now", "clock_gettime", "gettimeofday", "time(nil",
        "time(NULL", "exit(", "abort(", "print(", "fputs(", "readLine(",
    ])
    func `nothing but the command touches the world outside`(word: String) throws {
        for source in try Self.sources() where source.target != "cellarman" {
            // A signature carries the time, so the store has a clock, in one place, that tests can replace.
            if word == "clock_gettime", source.path == "ObjectStorageS3/S3World.swift" { continue }
            let lines = source.code.filter { line in
                // A declaration is no call: the abort of a transaction is a case.
                !line.hasPrefix("case ")
                    && line.ranges(of: word).contains { range in
                        // Not in the middle of a longer name.
                        let before = line[..<range.lowerBound].last
                        return !(before?.isLetter ?? false) && before != "_" && before != "."
                    }
            }
            #expect(lines.isEmpty, "\(source.path): \(lines)")
        }
    }

    /// A child would inherit the environment, and with it the keys.
    @Test(arguments: ["Process()", "posix_spawn", "fork(", "execv", "execl", "system(", "popen("])
    func `no process is started`(word: String) throws {
        for source in try Self.sources() {
            #expect(!source.code.contains { $0.contains(word) }, "\(source.path)")
        }
    }

    @Test
    func `no file of the pure floors asks whether it waits`() throws {
        // What looks for targets and for the ends of windows are the thinkers that read, through a WALSource.
        let readers = ["BarmanRecovery/Targets/", "BarmanRecovery/Records/"]
        for source in try Self.sources() where ["BarmanRecovery", "BarmanAudit", "PostgresWAL"].contains(source.target)
        {
            if readers.contains(where: { source.path.hasPrefix($0) }) { continue }
            #expect(!source.code.contains { $0.contains("await ") || $0.contains("ObjectStore ") }, "\(source.path)")
        }
    }

    /// A `String` per segment would make a scan of a million of them slow: those files make none.
    @Test(arguments: [
        "BarmanCatalog/WAL/WALInventory+Builder.swift", "BarmanCatalog/WAL/NameRuns.swift",
        "BarmanCatalog/Layout/BarmanLayout.swift", "BarmanCatalog/Layout/Span+Keys.swift",
        "PostgresWAL/Segments/WALFileName.swift",
    ])
    func `the scan of the WAL makes no text`(path: String) throws {
        let source = try #require(try Self.sources().first { $0.path == path })
        let lines = source.code.filter { line in
            ["String(", ": String", "\\(", ".description", "[String"].contains { line.contains($0) }
        }
        #expect(lines.isEmpty, "\(path): \(lines)")
    }
}

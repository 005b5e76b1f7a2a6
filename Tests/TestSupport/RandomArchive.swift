public import ObjectStorage

/// A small bucket of everything that may lie in one, drawn at random.
public struct RandomArchive {
    /// The objects by their keys.
    public private(set) var objects: [ObjectKey: MemoryObjectStore.Object] = [:]
    /// The directories that hold a server, or look so.
    public let servers: [String]

    private var random: SplitMix

    /// The bucket of this seed.
    public init(seed: UInt64) {
        random = SplitMix(seed: seed)
        let names = ["", "a/", "a//b/", "a/b/", "b/", "a/wals/", "z/y/x/"]
        servers = names.filter { [random] _ in
            var random = random; return random.below(3) > 0
        }.shuffledPrefix(3, &random)
        for server in servers { addServer(server) }
        for _ in 0..<random.below(6) { add(names[random.below(names.count)] + "stray\(random.below(9))") }
    }

    /// The objects in byte order of their keys.
    public var summaries: [ObjectSummary] {
        objects.sorted { $0.key < $1.key }
            .map { ObjectSummary(key: $0.key, size: $0.value.size, lastModified: $0.value.lastModified) }
    }

    private mutating func add(_ key: String, text: String? = nil) {
        let time = Int64(random.below(1000)) * 1_000_000
        if let text {
            objects[ObjectKey(key)] = .init(Array(text.utf8), lastModified: time)
        } else {
            objects[ObjectKey(key)] = .init(size: [0, 7, 16_777_216, 1_048_576][random.below(4)], lastModified: time)
        }
    }

    private mutating func addServer(_ server: String) {
        let suffixes = ["", ".gz", ".gz", ".gz", ".zst", ".partial", ".partial.gz", ".00000028.backup", ".xyz"]
        var log = UInt32(random.below(3))
        for timeline in 1...UInt32(1 + random.below(3)) {
            if random.below(4) > 0 {
                let suffix = ["", ".gz"][random.below(2)]
                add("\(server)wals/\(hex(timeline)).history\(suffix)", text: "1\t0/5000000\tx\n")
            }
            for _ in 0..<1 + random.below(3) {
                let first = UInt32(random.below(256))
                for segment in first..<first + UInt32(random.below(5)) {
                    guard random.below(20) > 0 else { continue }
                    let name = hex(timeline) + hex(log) + hex(segment & 255)
                    let directory = random.below(60) > 0 ? String(name.prefix(16)) : hex(timeline) + hex(log + 1)
                    for _ in 0..<1 + random.below(8) / 6 {
                        add("\(server)wals/\(directory)/\(name)\(suffixes[random.below(suffixes.count)])")
                    }
                }
                log += UInt32(random.below(3))
            }
        }
        for backup in 0..<random.below(4) {
            let name = hex(1) + hex(UInt32(random.below(3))) + hex(UInt32(random.below(200)))
            let status = ["DONE", "FAILED"][random.below(2)]
            let info = "begin_wal=\(name)\nend_wal=\(name)\nstatus=\(status)\ntablespaces=None\n"
            add("\(server)base/2026112\(backup)T000000/backup.info", text: random.below(9) > 0 ? info : "?")
            add("\(server)base/2026112\(backup)T000000/data.tar.gz")
            if random.below(3) == 0 { add("\(server)base/2026112\(backup)T000000/annotations/keep", text: "full") }
        }
    }

    private func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

extension Array {
    /// Some of the elements, in a random order.
    fileprivate func shuffledPrefix(_ most: Int, _ random: inout SplitMix) -> [Element] {
        Array(shuffled(using: &random).prefix(most))
    }
}

internal import ObjectStorage

/// Sorts the objects of a listing by server while it comes in.
struct BucketScan {
    private(set) var servers: [ServerScan] = []
    private(set) var total = Usage.Share()
    private(set) var suspicions: [String] = []
    /// Links and other special files that lie in no server, the first of them: one may lead to a whole server.
    private(set) var strangers: [ObjectKey] = []

    private let location: ArchiveLocation
    private let start: Int
    private var index: [[UInt8]: Int] = [:]
    /// The server of the last key: the next key is very likely one of its WAL.
    private var currentServer: (index: Int, walPrefix: [UInt8])?
    private var elsewhere: [[UInt8]: ObjectTally] = [:]
    private var crowd = ObjectTally()

    // Directories that belong to nobody are told apart only up to here; a bucket may hold anything.
    private static let mostDirectories = 1000
    private static let mostServers = 100_000
    private static let mostSuspicions = 100
    private static let mostStrangers = 100

    init(location: ArchiveLocation) {
        self.location = location
        self.start = location.prefix.count
    }

    /// The server of the last object that belongs to one.
    var current: ServerScan? { currentServer.map { servers[$0.index] } }

    /// Takes the first objects of the next page.
    mutating func add(_ page: ObjectPage, count: Int) throws(ObjectStoreError) {
        for index in 0..<count { try add(index, of: page) }
        total.objects += count
        suspicions += page.suspicions.prefix(Self.mostSuspicions - suspicions.count)
        for key in page.passedOver { passOver(key) }
    }

    /// Notes what is no object where one of a server would have its place: what it stands for nobody has seen.
    private mutating func passOver(_ key: ObjectKey) {
        // Also where the location is the server itself, and nothing but `base` or `wals` stands before the link.
        let parts = key.bytes.dropFirst(start).split(separator: BarmanLayout.slash)
        guard parts.contains(where: { $0.elementsEqual("base".utf8) || $0.elementsEqual("wals".utf8) }) else {
            if strangers.count < Self.mostStrangers, !strangers.contains(key) { strangers.append(key) }
            return
        }
        guard suspicions.count < Self.mostSuspicions else { return }
        let suspicion = "\(key) is a link or another special file, and what it stands for was not read"
        // Ranges that meet have seen it twice.
        if !suspicions.contains(suspicion) { suspicions.append(suspicion) }
    }

    /// Notes what makes the listing as a whole doubtful.
    mutating func suspect(_ reason: String) {
        suspicions.append(reason)
    }

    private mutating func add(_ entry: Int, of page: ObjectPage) throws(ObjectStoreError) {
        let key = page.key(at: entry)
        total.bytes &+= page.size(at: entry)
        if let currentServer, key.begins(with: currentServer.walPrefix.span) {
            let role = BarmanLayout.walRole(of: key, from: currentServer.walPrefix.count)
            if case .wal(_, _, isInPlace: true) = role {
                servers[currentServer.index].add(role, at: entry, of: page)
                return
            }
        }
        guard let place = BarmanLayout.place(of: key, from: start) else {
            addElsewhere(key, size: page.size(at: entry))
            return
        }
        let server = try server(at: key.extracting(0..<place.serverEnd).copy)
        servers[server].add(place.role, at: entry, of: page)
        currentServer = (server, servers[server].walPrefix)
    }

    /// Adds what was scanned of the keys behind those that were seen.
    mutating func append(_ next: BucketScan) throws(ObjectStoreError) {
        for scan in next.servers {
            let server = try server(at: scan.prefix)
            servers[server].append(scan)
        }
        total.objects += next.total.objects
        total.bytes &+= next.total.bytes
        strangers += next.strangers.filter { !strangers.contains($0) }.prefix(Self.mostStrangers - strangers.count)
        suspicions += next.suspicions.prefix(Self.mostSuspicions - suspicions.count)
        for (directory, tally) in next.elsewhere.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            if elsewhere[directory] == nil, elsewhere.count >= Self.mostDirectories {
                crowd.add(tally)
            } else {
                elsewhere[directory, default: ObjectTally()].add(tally)
            }
        }
        crowd.add(next.crowd)
    }

    private mutating func server(at prefix: [UInt8]) throws(ObjectStoreError) -> Int {
        if let known = index[prefix] { return known }
        guard servers.count < Self.mostServers else {
            throw ObjectStoreError(
                .tooLarge,
                "more than \(Self.mostServers) directories with base/ or wals/ below \(location.destinationPath)",
                hint: "name a deeper location"
            )
        }
        servers.append(ServerScan(prefix: prefix))
        index[prefix] = servers.count - 1
        return servers.count - 1
    }

    private mutating func addElsewhere(_ key: Span<UInt8>, size: Int64) {
        var end = key.count
        while end > start, key[end - 1] != BarmanLayout.slash { end -= 1 }
        let directory = key.extracting(0..<end).copy
        if elsewhere[directory] == nil, elsewhere.count >= Self.mostDirectories {
            crowd.add(key, size: size)
        } else {
            elsewhere[directory, default: ObjectTally()].add(key, size: size)
        }
    }

    /// Ends the scan: what belongs to no server after all is counted outside.
    mutating func finish() -> ObjectTally {
        adoptDoubledSlashes()
        var outside = crowd
        for server in servers where !server.isCertain { outside.add(server.unknown) }
        servers.removeAll { !$0.isCertain }
        servers.sort { $0.prefix.lexicographicallyPrecedes($1.prefix) }
        for (directory, tally) in elsewhere.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            // The deepest server that holds the directory.
            let owner = servers.indices.filter { directory.starts(with: servers[$0].prefix) }
                .max { servers[$0].prefix.count < servers[$1].prefix.count }
            if let owner { servers[owner].addUnknown(tally) } else { outside.add(tally) }
        }
        for server in servers.indices { servers[server].finish() }
        return outside
    }

    /// Gives the annotations that lie below a doubled slash to the server whose backups they are about.
    private mutating func adoptDoubledSlashes() {
        var adopted: Set<[UInt8]> = []
        for server in servers where server.hasOnlyAnnotations {
            guard let twin = Self.withoutDoubledSlash(server.prefix), let owner = index[twin] else { continue }
            servers[owner].adoptAnnotations(of: server)
            adopted.insert(server.prefix)
        }
        servers.removeAll { adopted.contains($0.prefix) }
    }

    /// `a/server/` for `a//server/`, nil where there is no doubled slash before the last part.
    static func withoutDoubledSlash(_ prefix: [UInt8]) -> [UInt8]? {
        let slash = BarmanLayout.slash
        guard let last = prefix.dropLast().lastIndex(of: slash), last > 0, prefix[last - 1] == slash else { return nil }
        return Array(prefix[..<last] + prefix[(last + 1)...])
    }
}

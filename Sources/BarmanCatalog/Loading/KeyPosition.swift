internal import PostgresWAL

/// Where in the tree of an archive a key stands, as far as it matters for where to cut a listing.
struct KeyPosition: Hashable {
    /// The server's directory, with its slash.
    var server: [UInt8]
    /// The directory of WAL, nil before all of them.
    var directory: Directory?

    /// The sixteen digits that a directory of WAL is named by.
    struct Directory: Hashable {
        var timeline: UInt32
        var log: UInt32
    }

    /// The position of a key whose first `start` bytes are the location's prefix; nil outside any server.
    init?(of key: [UInt8], from start: Int) {
        guard let place = BarmanLayout.place(of: key.span, from: start), place.serverEnd <= key.count else {
            return nil
        }
        server = Array(key[..<place.serverEnd])
        let rest = key[place.serverEnd...]
        guard rest.starts(with: Self.wals) else { return }
        let name = rest.dropFirst(Self.wals.count).prefix(16)
        guard name.count == 16, let timeline = UInt32(digits: name.prefix(8)), let log = UInt32(digits: name.suffix(8))
        else { return }
        directory = Directory(timeline: timeline, log: log)
    }

    init(server: [UInt8], directory: Directory?) {
        self.server = server
        self.directory = directory
    }

    /// A boundary before the WAL of the server, behind its backups.
    var startOfWAL: [UInt8] { server + Self.wals }

    /// A boundary behind all WAL of the server: `0` follows the slash.
    var endOfWAL: [UInt8] { server + Array("wals0".utf8) }

    /// A boundary before a directory of WAL.
    func start(of directory: Directory) -> [UInt8] {
        server + Self.wals + directory.timeline.digits + directory.log.digits + [BarmanLayout.slash]
    }

    /// A boundary before everything of a timeline, its history file too.
    func start(ofTimeline timeline: UInt32) -> [UInt8] {
        server + Self.wals + timeline.digits
    }

    /// Whether a boundary below the server cannot part objects that belong together.
    ///
    /// All objects of one WAL file have its name in front. A server inside of what looks like such a name is nothing
    /// that Barman makes; its listing is not cut.
    var isSafeToCut: Bool {
        !server.split(separator: BarmanLayout.slash).contains { part in
            part.count >= 16 && UInt32(digits: part.prefix(8)) != nil
        }
    }

    private static let wals = Array("wals/".utf8)
}

extension UInt32 {
    /// The number that eight hexadecimal digits in upper case stand for.
    fileprivate init?(digits: ArraySlice<UInt8>) {
        var value: UInt32 = 0
        for byte in digits {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        self = value
    }

    /// Eight hexadecimal digits in upper case.
    fileprivate var digits: [UInt8] {
        (0..<8).map { Array("0123456789ABCDEF".utf8)[Int(self >> UInt32(28 - 4 * $0) & 15)] }
    }
}

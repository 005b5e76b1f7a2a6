internal import ObjectStorage
internal import Synchronization

/// What came of reading the small objects of a server, beside what they say.
final class ReadingNotes: Sendable {
    private struct State {
        var gone: [ObjectKey] = []
        var unread: [UnreadObject] = []
    }

    private let state = Mutex(State())

    /// Notes an object that was listed and is in no listing any more.
    func gone(_ key: ObjectKey) {
        state.withLock { $0.gone.append(key) }
    }

    /// Notes an object that is listed and not handed out.
    func unread(_ object: UnreadObject) {
        state.withLock { $0.unread.append(object) }
    }

    /// The objects that were gone when they were asked for, by key.
    var gone: [ObjectKey] { state.withLock { $0.gone.sorted() } }

    /// The objects that could not be read, by key.
    var unread: [UnreadObject] { state.withLock { $0.unread.sorted { $0.key < $1.key } } }
}

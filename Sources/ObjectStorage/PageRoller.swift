/// Makes a page of objects that come in byte order: leaves out what was listed before, rolls up at the
/// delimiter, stops when the page is full.
struct PageRoller {
    private(set) var page: ObjectPage
    private(set) var isFull = false
    private let request: ListRequest
    private let after: [UInt8]?
    private var last: [UInt8] = []

    init(request: ListRequest) {
        self.request = request
        self.after = request.continuation?.bytes ?? request.startAfter?.bytes
        self.page = ObjectPage(capacity: min(request.maxKeys, 1000))
    }

    /// No key before this one belongs on the page.
    var firstCandidate: ObjectKey {
        guard let after, request.prefix.bytes.lexicographicallyPrecedes(after) else { return request.prefix }
        return ObjectKey(bytes: after)
    }

    /// Takes the next object in order.
    mutating func add(_ object: ObjectSummary) {
        let entry = rolledUp(object.key)
        if let after, !after.lexicographicallyPrecedes(entry) { return }
        guard entry != last || page.count + page.commonPrefixes.count == 0 else { return }
        guard page.count + page.commonPrefixes.count < request.maxKeys else {
            page.continuation = ContinuationToken(bytes: last)
            isFull = true
            return
        }
        if entry.count < object.key.bytes.count || isDelimited(entry) {
            page.commonPrefixes.append(ObjectKey(bytes: entry))
        } else {
            page.append(object)
        }
        last = entry
    }

    /// Notes what is no object, and ends a page that has a thousand of those.
    ///
    /// What each stands for depends on where it lies, so none is left out; a listing with a delimiter tells the first
    /// of them only.
    mutating func passOver(_ key: ObjectKey) {
        if let after, !after.lexicographicallyPrecedes(key.bytes) { return }
        guard page.passedOver.count < Self.mostPassedOver else {
            guard request.delimiter == nil else { return }
            page.continuation = ContinuationToken(bytes: last)
            isFull = true
            return
        }
        page.passedOver.append(key)
        if request.delimiter == nil { last = key.bytes }
    }

    private static let mostPassedOver = 1000

    /// The key, or its part up to the first delimiter behind the prefix.
    private func rolledUp(_ key: ObjectKey) -> [UInt8] {
        guard let delimiter = request.delimiter else { return key.bytes }
        let tail = key.bytes[request.prefix.bytes.count...]
        guard let end = tail.firstIndex(of: delimiter) else { return key.bytes }
        return Array(key.bytes[...end])
    }

    /// Whether a key that was not shortened ends in the delimiter, and so is a common prefix itself.
    private func isDelimited(_ entry: [UInt8]) -> Bool {
        guard let delimiter = request.delimiter else { return false }
        return entry.count > request.prefix.bytes.count && entry.last == delimiter
    }
}

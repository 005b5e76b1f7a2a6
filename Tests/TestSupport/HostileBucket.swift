internal import Foundation
public import ObjectStorage
internal import Synchronization

/// Answers requests for objects in memory as S3 does, in pages of few keys, for a ``HostileServer`` to spoil.
public final class HostileBucket: Sendable {
    private let objects: Mutex<[ObjectKey: MemoryObjectStore.Object]>
    private let pageSize: Int

    /// How many seconds its clock is ahead.
    private let clock = Mutex<Int?>(0)

    /// A bucket of these objects.
    public init(_ objects: [ObjectKey: MemoryObjectStore.Object], pageSize: Int = 1000) {
        self.objects = Mutex(objects)
        self.pageSize = pageSize
    }

    /// Puts its clock ahead by so many seconds; nil: its answers have no Date.
    public func setClock(ahead seconds: Int?) {
        clock.withLock { $0 = seconds }
    }

    /// The objects as they are now.
    public var contents: [ObjectKey: MemoryObjectStore.Object] { objects.withLock { $0 } }

    /// Takes an object away.
    public func remove(_ key: ObjectKey) {
        objects.withLock { $0[key] = nil }
    }

    /// A bucket of the objects of another store, as they are now.
    ///
    /// - Parameter change: makes another key and body of those of an object.
    public convenience init(
        copying store: some ObjectStore,
        pageSize: Int = 1000,
        change: (inout ObjectKey, inout [UInt8]) -> Void = { _, _ in }
    ) async throws {
        var objects: [ObjectKey: MemoryObjectStore.Object] = [:]
        var listing = ObjectListing(of: store, ListRequest(prefix: ""))
        while let page = try await listing.nextPage() {
            for index in page.indices {
                let summary = page.summary(at: index)
                var key = summary.key
                // Of some objects a fixture has the size only.
                guard var body = try? await store.get(key, limit: 1 << 30) else {
                    objects[key] = .init(size: summary.size, lastModified: summary.lastModified)
                    continue
                }
                change(&key, &body)
                objects[key] = .init(body, lastModified: summary.lastModified)
            }
        }
        self.init(objects, pageSize: pageSize)
    }

    /// Puts an object, in place of one of the same key.
    public func put(_ key: ObjectKey, _ object: MemoryObjectStore.Object) {
        objects.withLock { $0[key] = object }
    }

    /// The proper answer to a request.
    public func answer(_ question: HostileServer.Question) -> [HostileServer.Step] {
        let steps = plainAnswer(question)
        guard let ahead = clock.withLock({ $0 }) else { return steps }
        return steps.adding("Date", Self.httpDate(Date(timeIntervalSinceNow: Double(ahead))))
    }

    private static func httpDate(_ date: Date) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format.string(from: date)
    }

    private func plainAnswer(_ question: HostileServer.Question) -> [HostileServer.Step] {
        // Behind the bucket's name.
        let path = question.path.dropFirst().drop { $0 != 0x2F }.dropFirst()
        if !path.isEmpty { return answer(question, key: ObjectKey(bytes: Array(path))) }
        return question.method == "POST" ? delete(question) : list(question)
    }

    private func answer(_ question: HostileServer.Question, key: ObjectKey) -> [HostileServer.Step] {
        guard question.method != "DELETE" else {
            objects.withLock { _ = $0.removeValue(forKey: key) }
            return [.send(Array("HTTP/1.1 204 Told\r\n\r\n".utf8))]
        }
        guard let object = objects.withLock({ $0[key] }) else {
            return question.method == "HEAD" ? .answer(404) : .error(404, "NoSuchKey")
        }
        var body = object.body ?? []
        var fields = "Last-Modified: Fri, 20 Nov 2026 20:30:00 GMT\r\n"
        var status = 200
        if let range = question.headers["range"]?.dropFirst("bytes=".count).split(separator: "-"),
            let first = Int(range[0]), let last = Int(range[1])
        {
            guard first < body.count else { return .error(416, "InvalidRange") }
            let end = Swift.min(last, body.count - 1)
            fields += "Content-Range: bytes \(first)-\(end)/\(body.count)\r\n"
            body = Array(body[first...end])
            status = 206
        }
        let head = "HTTP/1.1 \(status) Told\r\nContent-Length: \(body.count)\r\n\(fields)\r\n"
        return [.send(Array(head.utf8) + (question.method == "HEAD" ? [] : body))]
    }

    private func list(_ question: HostileServer.Question) -> [HostileServer.Step] {
        let query = question.query
        let request = ListRequest(
            prefix: ObjectKey(bytes: query["prefix"] ?? []),
            startAfter: (query["continuation-token"].map(percentDecoded) ?? query["start-after"])
                .map { ObjectKey(bytes: $0) }
        )
        let most = Swift.min(pageSize, query["max-keys"].flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 1000)
        let found = objects.withLock { objects in
            objects.filter { entry in
                entry.key.hasPrefix(request.prefix) && (request.startAfter.map { $0 < entry.key } ?? true)
            }.sorted { $0.key < $1.key }
        }
        let page = found.prefix(most)
        var content = "<EncodingType>url</EncodingType><KeyCount>\(page.count)</KeyCount>"
        if found.count > page.count, let last = page.last {
            content += "<NextContinuationToken>\(encoded(last.key))</NextContinuationToken>"
        }
        for (key, object) in page {
            content += "<Contents><Key>\(encoded(key))</Key><LastModified>\(time(object.lastModified))</LastModified>"
            content += "<Size>\(object.size)</Size></Contents>"
        }
        return .listing(content, isTruncated: found.count > page.count)
    }

    private func delete(_ question: HostileServer.Question) -> [HostileServer.Step] {
        let body = String(decoding: question.body, as: UTF8.self)
        let keys = body.components(separatedBy: "<Key>").dropFirst().map { $0.components(separatedBy: "</Key>")[0] }
        objects.withLock { objects in
            for key in keys { objects[ObjectKey(key)] = nil }
        }
        let entries = keys.map { "<Deleted><Key>\($0)</Key></Deleted>" }.joined()
        return .answer(200, [:], "<DeleteResult>\(entries)</DeleteResult>")
    }

    private func encoded(_ key: ObjectKey) -> String {
        key.bytes.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }

    private func time(_ microseconds: Int64) -> String {
        let time = Date(timeIntervalSince1970: Double(microseconds / 1000) / 1000)
        return time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}

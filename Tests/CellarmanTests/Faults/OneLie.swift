import BarmanCatalog
import ObjectStorage
import Synchronization
import TestSupport

/// One lie of a store, at one request: drawn at random.
struct OneLie: CustomStringConvertible {
    enum Kind: Int, CaseIterable {
        /// An object is deleted by somebody else.
        case vanishes
        /// A keep annotation comes.
        case appears
        /// The newest backup becomes FAILED, its size as before.
        case fails
        /// An object is listed, and a read answers 404, once.
        case unreadableOnce
        /// The same from then on.
        case unreadable
        /// A listing lacks one object.
        case omission
        /// A listing lacks some of its objects.
        case shortListing
        /// A listing is empty.
        case emptyListing
        /// Listings are those of before somebody annotated a backup.
        case stale
        /// The clock is wrong.
        case wrongDate
        /// There is none.
        case noDate
        /// A deletion takes an object more.
        case greedyDeletion
        /// The answer says that it came out of a cache.
        case cached
    }

    let kind: Kind
    /// The request at which it happens.
    let moment: Int
    /// The object that it is about.
    let key: ObjectKey

    var description: String { "\(kind) at request \(moment), \(key)" }

    /// The backups of which it may change the annotation while they are looked at.
    var annotated: Set<BackupID> {
        switch kind {
        case .appears, .stale: [BackupID("A")]
        case .vanishes, .greedyDeletion:
            "\(key)".hasSuffix("/keep") ? [BackupID(String("\(key)".split(separator: "/")[2]))] : []
        default: []
        }
    }

    init(_ objects: [ObjectKey], requests: Int, _ random: inout SplitMix) {
        kind = Kind.allCases[random.below(Kind.allCases.count)]
        // Listings come first, and last.
        moment = kind == .omission ? random.below(2) : random.below(requests)
        key = objects[random.below(objects.count)]
    }

    /// Tells it.
    ///
    /// - Parameters:
    ///   - bench: the bucket.
    ///   - changes: what the lie itself has done to the bucket is noted here: nil for an object that it took away.
    func tell(_ bench: LiarBench, changes: Changes) {
        let (kind, moment, key) = (kind, moment, key)
        let stale = HostileBucket(bench.bucket.contents)
        let annotation: ObjectKey = "sketch/base/A/annotations/keep"
        @Sendable func annotate(_ bucket: HostileBucket) {
            let object = MemoryObjectStore.Object(Array("full".utf8))
            bucket.put(annotation, object)
            changes.note(annotation, object)
        }
        if kind == .stale { annotate(bench.bucket) }
        bench.lie { question, bucket in
            let isTime = question.number == moment
            switch kind {
            case .vanishes:
                if isTime {
                    bucket.remove(key)
                    changes.note(key, nil)
                }
                return nil
            case .appears:
                if isTime { annotate(bucket) }
                return nil
            case .fails:
                let newest = bucket.contents.keys.filter { "\($0)".hasSuffix("/backup.info") }.max()
                if isTime, let newest, let body = bucket.contents[newest]?.body {
                    let text = String(decoding: body, as: UTF8.self).replacing("status=DONE", with: "status=FAIL")
                    bucket.put(newest, .init(Array(text.utf8)))
                    changes.note(newest, .init(Array(text.utf8)))
                }
                return nil
            case .unreadableOnce, .unreadable:
                let isMeant = kind == .unreadable ? question.number >= moment : isTime
                let isRead = question.method == "GET" && !question.isListing
                return isMeant && isRead && (isTime || question.reads("\(key)")) ? .error(404, "NoSuchKey") : nil
            case .omission:
                guard isTime, question.isListing else { return nil }
                return HostileBucket(bucket.contents.filter { $0.key != key }).answer(question)
            case .shortListing:
                guard isTime, question.isListing else { return nil }
                let some = bucket.contents.filter { $0.key.bytes.reduce(0, &+) % 3 > 0 }
                return HostileBucket(some).answer(question)
            case .emptyListing: return isTime && question.isListing ? .listing("<KeyCount>0</KeyCount>") : nil
            case .stale: return question.isListing ? stale.answer(question) : nil
            case .wrongDate:
                let shifted = HostileBucket(bucket.contents)
                shifted.setClock(ahead: moment % 2 == 0 ? 40 * 86_400 : -40 * 86_400)
                return isTime && question.method == "GET" ? shifted.answer(question) : nil
            case .noDate:
                bucket.setClock(ahead: nil)
                return nil
            case .greedyDeletion:
                if question.method == "POST" {
                    bucket.remove(key)
                    changes.note(key, nil)
                }
                return nil
            case .cached: return isTime ? bucket.answer(question).adding("X-Cache", "HIT") : nil
            }
        }
    }

    /// What a lie has done to a bucket.
    final class Changes: Sendable {
        private let all = Mutex<[ObjectKey: MemoryObjectStore.Object?]>([:])

        func note(_ key: ObjectKey, _ object: MemoryObjectStore.Object?) {
            all.withLock { $0[key] = .some(object) }
        }

        /// Whether it has done nothing to it.
        var isEmpty: Bool { all.withLock { $0.isEmpty } }

        /// The objects that it took away.
        var removed: Set<ObjectKey> { all.withLock { Set($0.filter { $0.value == nil }.keys) } }

        /// The objects that it put there.
        var added: Set<ObjectKey> { all.withLock { Set($0.filter { $0.value != nil }.keys) } }
    }
}

internal import ObjectStorage

/// Asks once more behind the last key of a listing, whether that really was the end.
///
/// Stores have said "no more" with most of a bucket still to come. Objects that were written since are normal; one
/// that is older than the newest object of the listing was left out.
struct EndProbe {
    private let prefix: ObjectKey
    private var lastKey: ObjectKey?
    private var newest = Int64.min

    init(prefix: ObjectKey) {
        self.prefix = prefix
    }

    /// Remembers where the listing is: its last key so far, and the latest time at which an object was written.
    mutating func see(last: ObjectKey?, newest latest: Int64) {
        lastKey = last ?? lastKey
        newest = max(newest, latest)
    }

    /// The request to go on with behind the end, nil where nothing is there to go on from.
    var request: ListRequest? {
        lastKey.map { ListRequest(prefix: prefix, startAfter: $0) }
    }

    /// What is on a page behind the end and should not be: nil where the listing was complete.
    ///
    /// A store that ignores `start-after` begins anew and proves nothing.
    func contradiction(in page: ObjectPage) -> String? {
        guard let lastKey else { return nil }
        for index in page.indices {
            let object = page.summary(at: index)
            guard object.key > lastKey else { return nil }
            if object.lastModified < newest {
                return
                    "it ended with \(lastKey), but \(object.key), which is older than objects before it, comes behind"
            }
        }
        return nil
    }
}

package import ObjectStorage

/// The answer to DeleteObjects as the server wrote it, before it is held against the request.
package struct DeleteResult: Sendable {
    /// What a server says of one key.
    package enum Word: Hashable, Sendable {
        case deleted
        /// There is a marker now in a bucket that keeps versions.
        case hidden
        case failed(S3ErrorResponse)
    }

    /// What it says, in its order.
    package var entries: [(key: ObjectKey, word: Word)]

    /// Reads a whole answer, or nothing of it.
    package static func parse(_ document: [UInt8]) throws(XMLFailure) -> DeleteResult {
        let reader = DeleteResultReader()
        try SAXParser.parse(document, to: reader)
        return DeleteResult(entries: reader.entries)
    }

    /// A key in the answer that was not in the request.
    package struct ForeignKey: Error {
        package var key: ObjectKey
    }

    /// What became of each key that was asked for, in the order asked.
    ///
    /// - Parameter explain: the error for what the server says of a key.
    package func outcomes(
        of keys: [ObjectKey],
        explain: (ObjectKey, S3ErrorResponse) -> ObjectStoreError
    ) throws(ForeignKey) -> [DeletionOutcome] {
        let asked = Set(keys)
        var words: [ObjectKey: DeletionOutcome] = [:]
        for (key, word) in entries {
            guard asked.contains(key) else { throw ForeignKey(key: key) }
            let outcome: DeletionOutcome =
                switch word {
                case .deleted: .deleted
                case .hidden: .hidden
                // Garage says so of a key that was not there.
                case .failed(let error) where error.code == "NoSuchKey": .deleted
                case .failed(let error): .failed(explain(key, error))
                }
            // Whoever contradicts himself has said nothing.
            words[key] = words[key] == nil || words[key] == outcome ? outcome : .unknown
        }
        return keys.map { words[$0] ?? .unknown }
    }
}

/// Reads `<Deleted>` and `<Error>` elements.
private final class DeleteResultReader: XMLHandler {
    // 2,000: twice what is asked for.
    private static let entryLimit = 2000

    private enum Place {
        case root
        case deleted
        case error
    }

    var entries: [(key: ObjectKey, word: DeleteResult.Word)] = []
    private var place = Place.root
    private var key: ObjectKey?
    private var isHidden = false
    private var error = S3ErrorResponse()

    func open(_ name: Span<UInt8>, depth: Int) throws(XMLFailure) {
        switch depth {
        case 1:
            guard name.isEqual("DeleteResult") else {
                throw XMLFailure("its root element is <\(printable(name.array.prefix(60)))>, not <DeleteResult>")
            }
        case 2:
            place = name.isEqual("Deleted") ? .deleted : name.isEqual("Error") ? .error : .root
            (key, isHidden, error) = (nil, false, S3ErrorResponse())
        default:
            break
        }
    }

    func close(_ name: Span<UInt8>, depth: Int, text: Span<UInt8>) throws(XMLFailure) {
        switch (depth, place) {
        case (3, .deleted) where name.isEqual("DeleteMarker"):
            isHidden = isHidden || text.isEqual("true")
        case (3, .deleted) where name.isEqual("DeleteMarkerVersionId"):
            isHidden = isHidden || !text.isEmpty
        case (3, .deleted) where name.isEqual("VersionId"):
            // No version was asked for, so it is the marker's; "null" is the one of a bucket without versions.
            isHidden = isHidden || !text.isEmpty && !text.isEqual("null")
        case (3, .error) where name.isEqual("Code"):
            error.code = text.text
        case (3, .error) where name.isEqual("Message"):
            error.message = text.text
        case (3, .deleted), (3, .error):
            guard name.isEqual("Key") else { return }
            guard key == nil else { throw XMLFailure("an entry names two keys") }
            key = ObjectKey(bytes: text.array)
        case (2, .deleted): try add(isHidden ? .hidden : .deleted)
        case (2, .error): try add(.failed(error))
        default: break
        }
    }

    private func add(_ word: DeleteResult.Word) throws(XMLFailure) {
        place = .root
        guard let key, !key.bytes.isEmpty else {
            if case .failed(let error) = word, !error.code.isEmpty {
                throw XMLFailure("it says \(printable(error.code)) of no key")
            }
            throw XMLFailure("an entry names no key")
        }
        entries.append((key, word))
        guard entries.count <= Self.entryLimit else {
            throw XMLFailure("the answer holds more than \(Self.entryLimit) entries")
        }
    }
}

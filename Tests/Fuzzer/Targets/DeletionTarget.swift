import ObjectStorage
import ObjectStorageS3

/// The parser of what a store says of objects that were to be deleted, held against what it was asked.
struct DeletionTarget: FuzzTarget {
    private static let asked: [ObjectKey] = ["base/a", "base/b", "wals/<&>", "base/a"]

    private let mutator: Mutator

    init() {
        let entries = [
            "<Deleted><Key>base/a</Key></Deleted>", "<Deleted><Key>wals/&lt;&amp;&gt;</Key></Deleted>",
            "<Error><Key>base/b</Key><Code>AccessDenied</Code><Message>no</Message></Error>",
            "<Error><Key>base/b</Key><Code>NoSuchKey</Code></Error>",
            "<Deleted><Key>base/b</Key><DeleteMarker>true</DeleteMarker><VersionId>v</VersionId></Deleted>",
        ]
        let words =
            entries + [
                "<Deleted>", "</Deleted>", "<Error>", "</Error>", "<Key>", "</Key>", "<Key/>", "<Code>", "</Code>",
                "&#x62;", "&#x0;", "<![CDATA[base/a]]>", "<!--", "-->", "<!DOCTYPE a [", "xmlns:a=\"b\" ", "\u{FEFF}",
                "<DeleteMarkerVersionId>null</DeleteMarkerVersionId>", "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
            ]
        mutator = Mutator(
            corpus: [entries[0..<3], entries[1...3], entries[4...], []].map { part in
                Array("<?xml version=\"1.0\"?>\n<DeleteResult>\(part.joined())</DeleteResult>".utf8)
            },
            words: words.map { Array($0.utf8) },
            sizeLimit: 4096,
            blockSize: 64,
            boundary: UInt8(ascii: ">")
        )
    }

    func input(_ random: inout SeededGenerator) -> [UInt8] {
        mutator.input(&random)
    }

    func check(_ input: [UInt8]) throws(Violation) {
        let result: DeleteResult
        do throws(XMLFailure) {
            result = try DeleteResult.parse(input)
        } catch {
            return try expect(error.message.utf8.count < 1000, "a message of \(error.message.utf8.count) bytes")
        }
        let isForeign = result.entries.contains { !Self.asked.contains($0.key) }
        guard let outcomes = outcomes(of: result) else {
            return try expect(isForeign, "an answer about the keys asked for is refused")
        }
        try expect(!isForeign, "a key that nobody asked for is accepted")
        try expect(outcomes.count == Self.asked.count, "\(outcomes.count) outcomes")
        for (key, outcome) in zip(Self.asked, outcomes) {
            let words = result.entries.filter { $0.key == key }.map(\.word)
            if outcome == .deleted || outcome == .hidden {
                try expect(!words.isEmpty, "\(key) was not mentioned, and counts as deleted")
            }
        }
    }

    private func outcomes(of result: DeleteResult) -> [DeletionOutcome]? {
        try? result.outcomes(of: Self.asked) { _, _ in ObjectStoreError(.server, "it failed") }
    }
}

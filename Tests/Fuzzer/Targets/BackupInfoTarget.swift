import BarmanCatalog
import Foundation

/// The parser of `backup.info`, and within it that of Python's literals.
struct BackupInfoTarget: FuzzTarget {
    private let mutator: Mutator

    private struct Odd: Decodable {
        var text: String?
    }

    init(_ corpus: Corpus) throws {
        let odd = try JSONDecoder().decode([Odd].self, from: Data(corpus.file("backup-info/verdicts.json")))
        let words = [
            "=", "None", "\n", "\r", "#", "'", "\"", "\\", "\\x4", "\\u20ac", "\\U0010FFFF", "\\ud800", "[(", ")]", "{",
            "}", ":", ",", "-", "1e999", "0x", "99999999999999999999", "True", "\u{85}", "\u{1F}", "\u{FEFF}", "\u{0}",
            "tablespaces=[('a', 1, '/b')]\n", "snapshots_info={'provider': 'aws'}\n", "copy_stats={", "size=",
            "end_time=2025-10-24 02:26:11.410000+00:00\n", "٣",
        ]
        mutator = Mutator(
            corpus: try corpus.files(in: "buckets") { $0.hasSuffix("backup.info") }
                + odd.compactMap(\.text).map { Array($0.utf8) },
            words: words.map { Array($0.utf8) } + [Array(String(repeating: "[", count: 100).utf8)],
            blockSize: 40,
            boundary: UInt8(ascii: "\n")
        )
    }

    func input(_ random: inout SeededGenerator) -> [UInt8] {
        mutator.input(&random)
    }

    func check(_ input: [UInt8]) throws(Violation) {
        let info = parse(input)
        // What stands on lines that are passed over changes nothing but the number of a line.
        switch (info, parse(Array("# a comment\n\n".utf8) + input + Array("\n#".utf8))) {
        case (.success(let one), .success(let other)):
            try expect(one == other, "reads differently between comments")
        case (.failure(let one), .failure(let other)):
            let isMoved = one.line == 0 ? other.line == 0 : other.line == one.line + 2
            try expect(isMoved && one.problem == other.problem, "\(one), between comments \(other)")
            // 300: an excerpt of 60 characters, each perhaps written as an escape of six, and a sentence around it.
            try expect(one.description.utf8.count < 600, "a message of \(one.description.utf8.count) bytes")
        case (let one, let other):
            throw Violation("\(one), between comments \(other)")
        }
    }

    private func parse(_ bytes: [UInt8]) -> Result<BackupInfo, BackupInfoError> {
        do throws(BackupInfoError) {
            return .success(try BackupInfoFile.parse(bytes))
        } catch {
            return .failure(error)
        }
    }
}

import Foundation
import TestSupport
import Testing

@testable import cellarman_fuzz

struct KeptInputTests {
    /// A file in `Fixtures/fuzz/`.
    struct Kept: CustomTestStringConvertible {
        var target: String
        var name: String

        var testDescription: String { "\(target)/\(name)" }
    }

    static func kept() throws -> [Kept] {
        let root = Fixture("fuzz").url
        return try FileManager.default.contentsOfDirectory(atPath: root.path).sorted().flatMap { target -> [Kept] in
            guard target != "README.md" else { return [] }
            let names = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: target).path)
            return names.sorted().map { Kept(target: target, name: $0) }
        }
    }

    @Test(arguments: try kept())
    func `what went wrong once does not go wrong again`(kept: Kept) throws {
        let entry = try #require(FuzzTargets.all.first { $0.name == kept.target })
        try entry.make().check(try Fixture("fuzz/\(kept.target)/\(kept.name)").bytes())
    }
}

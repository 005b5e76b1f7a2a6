import Foundation

/// What real PostgreSQL made of a recovery target: a row of `Tests/Oracle`.
package struct OracleRecord: Sendable, Decodable {
    /// What was asked.
    package struct Target: Sendable, Decodable {
        package let id: String
        package let server: String
        package let backup: String
        package let kind: String
        package let value: String?
        package let inclusive: Bool
        /// `latest`, `current` or a number, as text.
        package let timeline: String
        package let noPartial: Bool

        private enum Keys: String, CodingKey {
            case id, server, backup, kind, value, inclusive, timeline, noPartial
        }

        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Keys.self)
            id = try values.decode(String.self, forKey: .id)
            server = try values.decode(String.self, forKey: .server)
            backup = try values.decode(String.self, forKey: .backup)
            kind = try values.decode(String.self, forKey: .kind)
            value = try values.decodeIfPresent(String.self, forKey: .value)
            inclusive = try values.decode(Bool.self, forKey: .inclusive)
            noPartial = try values.decode(Bool.self, forKey: .noPartial)
            let number = try? values.decode(Int.self, forKey: .timeline)
            timeline = try number.map(String.init) ?? values.decode(String.self, forKey: .timeline)
        }
    }

    /// Where it ended.
    package struct Landing: Sendable, Decodable {
        package let lsn: String
        package let time: String?
        package let timeline: UInt32
        package let pastFork: Bool?
    }

    /// What came of it.
    package struct Outcome: Sendable, Decodable {
        package let id: String
        package let reached: Bool
        package let failure: String?
        package let landsAt: Landing?
    }

    /// The targets of a scenario with their outcomes.
    package static func all(of scenario: String) throws -> [(Target, Outcome)] {
        struct Targets: Decodable { let targets: [Target] }
        struct Outcomes: Decodable { let outcomes: [Outcome] }
        func read<Value: Decodable>(_ folder: String, as type: Value.Type) throws -> Value {
            let file = packageRoot.appending(path: "Tests/Oracle/\(folder)/\(scenario).json")
            return try JSONDecoder().decode(type, from: Data(contentsOf: file))
        }
        let outcomes = try read("outcomes", as: Outcomes.self).outcomes
        let byID = Dictionary(uniqueKeysWithValues: outcomes.map { ($0.id, $0) })
        return try read("targets", as: Targets.self).targets.compactMap { target in byID[target.id].map { (target, $0) }
        }
    }

    /// The scenarios with recorded outcomes.
    package static var scenarios: [String] {
        get throws {
            let folder = packageRoot.appending(path: "Tests/Oracle/outcomes").path()
            return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
                .map { String($0.dropLast(5)) }.sorted()
        }
    }
}

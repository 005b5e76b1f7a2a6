import BarmanCatalog
import FoundationEssentials
import ObjectStorage
import ObjectStorageS3

/// What is set, where, and which credentials win; nothing secret is in it.
struct ConfigurationReport: Encodable {
    /// One setting.
    struct Setting: Encodable {
        let name: String
        /// As it may be printed, nil where it is not set.
        let value: String?
        let source: String
    }

    /// The credentials that are used.
    struct Credentials: Encodable {
        let source: String
        /// `keys`, `web-identity`, `assume-role`, `container` or `instance`.
        let kind: String
        /// Whose keys, or who is asked for them.
        let from: String
        /// The beginning of the public half; nil where the service was not asked.
        var accessKeyID: String?
        var secretAccessKey: String?
        var sessionToken: String?
        /// When they end; nil where they stay, or nobody asked.
        var expires: String?
    }

    /// A place that keys were looked for in.
    struct Place: Encodable {
        let name: String
        let outcome: String
        let reason: String?
    }

    let schemaVersion = 1
    let settings: [Setting]
    private(set) var credentials: Credentials?
    let places: [Place]
    let warnings: [String]

    init(
        _ found: S3Settings,
        connection: ConnectionOptions,
        place: ArchiveLocation.Place?,
        environment: [String: String]
    ) {
        settings = SettingRows(found, connection, place, environment).rows
        places = found.places.map { place in
            Place(name: place.name, outcome: place.outcome.rawValue, reason: place.reason)
        }
        warnings = found.warnings
        credentials = found.credentials.map { setting in
            Credentials(source: setting.source, kind: setting.value.kind, from: setting.value.description)
        }
        if let keys = found.credentials?.value.keys { take(keys) }
    }

    private mutating func take(_ keys: S3Credentials) {
        credentials?.accessKeyID = keys.printedAccessKey
        credentials?.secretAccessKey = keys.secretAccessKey.isEmpty ? "not set" : "set"
        credentials?.sessionToken = keys.sessionToken == nil ? "not set" : "set"
    }

    /// Takes in what a service gave.
    mutating func resolved(_ found: TemporaryCredentials) {
        take(found.credentials)
        credentials?.expires = found.expiration.map {
            Date(timeIntervalSince1970: Double($0 / 1_000_000)).ISO8601Format()
        }
    }

    /// The report as JSON, with a line end.
    func json(isOnOneLine: Bool) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if !isOnOneLine { encoder.outputFormatting.insert(.prettyPrinted) }
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}

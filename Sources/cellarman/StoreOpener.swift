import BarmanCatalog
import Decompression
import FoundationEssentials
import ObjectStorage
import ObjectStorageS3

/// Opens the store that a location lies in.
///
/// A flag wins over a mounted Secret, that over the environment, that over a profile file.
struct StoreOpener {
    let options: ConnectionOptions
    let isQuiet: Bool

    func open(_ location: ArchiveLocation) throws -> any DeletableObjectStore {
        switch location.place {
        case .directory(let path): return try DirectoryObjectStore(path: path)
        case .bucket(let bucket):
            let settings = self.settings
            let configuration = try configuration(settings, of: bucket)
            warn(settings.warnings)
            if let endpoint = configuration.endpoint, endpoint.lowercased().hasPrefix("http://") {
                warn(["requests and listings are not encrypted: the endpoint is http"])
            }
            return try S3ObjectStore(configuration)
        }
    }

    /// What is set, and where; what is wrong with it is a part of it.
    var settings: S3Settings {
        let resolver = S3SettingsResolver(environment: ProcessInfo.processInfo.environment)
        var settings = resolver.inspect(profile: options.profile, credentialsDirectory: options.credentialsDir)
        if let endpoint = options.endpointURL {
            settings.endpoint = .init(value: endpoint, source: "flag --endpoint-url")
        }
        if let region = options.region { settings.region = .init(value: region, source: "flag --region") }
        if let caFile = options.caFile { settings.caFile = .init(value: caFile, source: "flag --ca-file") }
        switch options.addressing {
        case .path: settings.addressing = .init(value: .path, source: "flag --addressing")
        case .virtual: settings.addressing = .init(value: .virtual, source: "flag --addressing")
        case nil: break
        }
        return settings
    }

    /// The settings as the configuration of a bucket.
    func configuration(_ settings: S3Settings, of bucket: String) throws -> S3Configuration {
        var configuration = try settings.configuration(bucket: bucket)
        configuration.maxAttempts = options.maxAttempts
        configuration.allowsPublicHTTP = options.allowInsecureHTTP
        configuration.concurrency = options.concurrency ?? S3Provider(configuration).concurrency
        if let timeout = options.timeout {
            configuration.timeouts.firstByte = .seconds(timeout.seconds)
            configuration.timeouts.firstByteOfListing = .seconds(timeout.seconds)
        }
        configuration.timeouts.altogether = options.maxTime.map { .seconds($0.seconds) }
        configuration.gunzip = { try decompress($0, format: .gzip, limit: $1) }
        configuration.userAgent = "cellarman/\(Program.version)"
        return configuration
    }

    private func warn(_ warnings: [String]) {
        guard !isQuiet else { return }
        for warning in warnings { Terminal.write("cellarman: warning: \(warning)\n", to: .error) }
    }
}

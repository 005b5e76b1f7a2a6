import BarmanCatalog
import FoundationEssentials
import ObjectStorage
import ObjectStorageS3

/// Opens the store that a location lies in.
///
/// A flag wins over a mounted Secret, that over the environment, that over a profile file.
struct StoreOpener {
    let options: StoreOptions
    let isQuiet: Bool

    func open(_ location: ArchiveLocation) throws -> any DeletableObjectStore {
        switch location.place {
        case .directory(let path): try DirectoryObjectStore(path: path)
        case .bucket(let bucket): try S3ObjectStore(configuration(of: bucket))
        }
    }

    private func configuration(of bucket: String) throws -> S3Configuration {
        let resolver = S3SettingsResolver(environment: ProcessInfo.processInfo.environment)
        let settings = try resolver.resolve(
            profile: options.profile,
            credentialsDirectory: options.credentialsDir
        )
        var configuration = try settings.configuration(bucket: bucket)
        if let endpoint = options.endpointURL { configuration.endpoint = endpoint }
        if let region = options.region { configuration.region = region }
        if let caFile = options.caFile { configuration.caFile = caFile }
        switch options.addressing {
        case .path: configuration.addressing = .path
        case .virtual: configuration.addressing = .virtual
        case nil: break
        }
        configuration.maxAttempts = options.maxAttempts
        configuration.concurrency = options.concurrency
        if let timeout = options.timeout {
            configuration.timeouts.firstByte = .seconds(timeout.seconds)
            configuration.timeouts.firstByteOfListing = .seconds(timeout.seconds)
        }
        configuration.userAgent = "cellarman/\(Program.version)"
        warn(settings.warnings)
        if let endpoint = configuration.endpoint, endpoint.lowercased().hasPrefix("http://") {
            warn(["requests and listings are not encrypted: the endpoint is http"])
        }
        return configuration
    }

    private func warn(_ warnings: [String]) {
        guard !isQuiet else { return }
        for warning in warnings { Terminal.write("cellarman: warning: \(warning)\n", to: .error) }
    }
}

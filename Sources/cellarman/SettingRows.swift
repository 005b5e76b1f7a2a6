import BarmanCatalog
import ObjectStorage
import ObjectStorageS3

/// Every setting in the order in which people think of them.
struct SettingRows {
    private(set) var rows: [ConfigurationReport.Setting] = []

    init(
        _ found: S3Settings,
        _ connection: ConnectionOptions,
        _ place: ArchiveLocation.Place?,
        _ environment: [String: String]
    ) {
        switch place {
        case .directory(let path):
            add("directory", printable(path), "the location; nothing below is needed for it")
        case .bucket(let bucket):
            add("bucket", printable(bucket), "the location")
        case nil:
            add("bucket", found.bucket)
        }
        add("endpoint", found.printedEndpoint ?? "AWS", found.endpoint?.source ?? "default")
        add(
            "region",
            printable(found.signingRegion),
            found.region?.source ?? (found.endpoint == nil ? "default" : "default, by the endpoint")
        )
        add("addressing", found.addressing?.value.rawValue ?? "auto", found.addressing?.source ?? "default")
        add("ca-file", found.caFile.map { printable($0.value) } ?? "the system's", found.caFile?.source ?? "default")
        add("profile", found.profile.map { printable($0.value) } ?? "default", found.profile?.source ?? "default")
        add(
            "credentials-dir",
            connection.credentialsDir.map { printable($0) },
            connection.credentialsDir == nil ? "default" : "flag --credentials-dir"
        )
        let provider = S3Provider(endpoint: found.endpoint?.value, region: found.region?.value)
        add(
            "concurrency",
            String(connection.concurrency ?? provider.concurrency),
            connection.concurrency == nil ? "default, by the endpoint" : "flag --concurrency"
        )
        add("max-attempts", String(connection.maxAttempts), CommandFlag("--max-attempts").source)
        add(
            "timeout",
            connection.timeout.map { "\(Int($0.seconds)) s" } ?? "180 s for a listing, else 30 s",
            connection.timeout == nil ? "default" : "flag --timeout"
        )
        add(
            "max-time",
            connection.maxTime.map { "\(Int($0.seconds)) s" } ?? "none",
            connection.maxTime == nil ? "default" : "flag --max-time"
        )
        add(
            "allow-insecure-http",
            connection.allowInsecureHTTP ? "yes" : "no",
            CommandFlag("--allow-insecure-http").source
        )
        // libcurl reads these itself; http_proxy in lower case only.
        let proxies = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]
        for name in proxies {
            guard let value = environment[name], !value.isEmpty else { continue }
            // What stands before the @ is a name and a password.
            let shown = value.lastIndex(of: "@").map { "…\(value[$0...])" } ?? value
            add("proxy", printable(shown), "environment \(name)")
        }
    }

    private mutating func add(_ name: String, _ value: String?, _ source: String) {
        rows.append(ConfigurationReport.Setting(name: name, value: value, source: source))
    }

    private mutating func add(_ name: String, _ setting: S3Settings.Setting<String>?) {
        add(name, setting.map { printable($0.value) }, setting?.source ?? "default")
    }
}

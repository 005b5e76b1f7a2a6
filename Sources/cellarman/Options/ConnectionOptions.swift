import ArgumentParser
import ObjectStorage

/// How to reach a store.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help:
            "The S3 endpoint, such as http://10.0.0.110:3900. Default: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, S3_ENDPOINT, profile."
    )
    var endpointURL: String?

    @Option(
        help:
            "The region to sign for. Default: AWS_REGION, AWS_DEFAULT_REGION, S3_REGION, profile, what the endpoint says."
    )
    var region: String?

    @Option(help: "The profile in ~/.aws/config and ~/.aws/credentials. Default: AWS_PROFILE.")
    var profile: String?

    @Option(help: "A directory with the files of a mounted Kubernetes Secret.", completion: .directory)
    var credentialsDir: String?

    @Option(
        help: "A file of PEM certificates to trust instead of the system's. Default: AWS_CA_BUNDLE.",
        completion: .file()
    )
    var caFile: String?

    @Option(help: "How the bucket is put into the URL: path or virtual. Default: what the endpoint needs.")
    var addressing: Addressing?

    @Flag(
        name: .customLong("allow-insecure-http"),
        help: "Send session tokens and deletions over http to public addresses, too."
    )
    var allowInsecureHTTP = false

    @Option(help: "The most requests under way at once. Default: 16 for AWS, 4 for Garage, else 8.")
    var concurrency: Int?

    @Option(help: "How often a request is tried before giving up.")
    var maxAttempts = 5

    @Option(help: "How long to wait for the first byte of an answer: 20s, 3m. Default: 3m for a listing, else 30s.")
    var timeout: TimeSpan?

    @Option(
        help: "The longest that all requests together may take; one that deletes is not cut: 10m. Default: no limit."
    )
    var maxTime: TimeSpan?

    @Option(
        help: "US dollars for a million LIST and a million GET requests: 5,0.4. Default: the provider's list prices."
    )
    var requestPrices: RequestPrices?

    /// How the bucket is put into the URL.
    enum Addressing: String, ExpressibleByArgument, CaseIterable {
        case path
        case virtual
    }

    func validate() throws {
        if let concurrency, !(1...256).contains(concurrency) {
            throw ValidationError("--concurrency takes 1 to 256, got \(concurrency)")
        }
        guard (1...100).contains(maxAttempts) else {
            throw ValidationError("--max-attempts takes 1 to 100, got \(maxAttempts)")
        }
    }
}

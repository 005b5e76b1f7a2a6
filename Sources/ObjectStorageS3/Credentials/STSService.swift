internal import ObjectStorage

/// AWS's security token service, or one that imitates it, which gives temporary keys for a role.
struct STSService: Sendable {
    let address: ServiceAddress
    /// What a request to it is signed for.
    let region: String

    var description: String { "the token service at \(address.description)" }

    /// The service of a region; that of no region where the region is not one of AWS's.
    ///
    /// - Parameter endpoint: the address that a user wrote. It has to be https, on loopback too: a token or a key
    ///   goes in and keys come out, and nothing signs the answer.
    init(
        region: S3Settings.Setting<String>?,
        endpoint: S3Settings.Setting<String>?
    ) throws(ObjectStoreError) {
        let region = region.map(\.value).flatMap { Self.isRegion($0) ? $0 : nil }
        self.region = region ?? "us-east-1"
        if let endpoint {
            guard let address = ServiceAddress(endpoint.value), address.isSecure else {
                throw ObjectStoreError(
                    .invalidConfiguration,
                    "the token service in \(endpoint.source) is \(S3Endpoint.printed(endpoint.value)), not https",
                    hint: "set AWS_ENDPOINT_URL_STS to an address with https://: keys would travel in the clear"
                )
            }
            self.address = address
        } else {
            let suffix = region?.hasPrefix("cn-") == true ? "amazonaws.com.cn" : "amazonaws.com"
            let host = region.map { "sts.\($0).\(suffix)" } ?? "sts.amazonaws.com"
            guard let address = ServiceAddress("https://\(host)") else {
                preconditionFailure("a region of AWS makes a host name")
            }
            self.address = address
        }
    }

    /// Whether AWS may have such a region (`eu-central-1`, `us-gov-west-1`): Garage's or R2's are names of nothing.
    private static func isRegion(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return S3Endpoint.isRegionName(text) && parts.count >= 3 && parts[0].utf8.count == 2
            && parts.allSatisfy { !$0.isEmpty } && decimal(Array(parts[parts.count - 1].utf8)) != nil
    }
}

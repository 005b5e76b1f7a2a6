internal import ObjectStorage

/// The metadata service of an EC2 instance, asked in its second version only.
///
/// The first version answers whoever can make this machine send a request; it is never fallen back to.
struct InstanceMetadata: Sendable {
    let address: ServiceAddress
    /// How long a connection may take to come about.
    let timeout: Duration
    /// The most attempts at one question.
    let attempts: Int
    /// Whether nobody asked for it: it is tried because nothing else was found.
    let isLastResort: Bool

    var description: String { "the instance metadata at \(address.description)" }

    /// The reason not to ask it, nil where it may be asked.
    static func refusal(_ variables: SettingsVariables) -> String? {
        variables.values["AWS_EC2_METADATA_DISABLED"].map(lowercased) == "true"
            ? "AWS_EC2_METADATA_DISABLED is true" : nil
    }

    init(_ variables: SettingsVariables, isLastResort: Bool) throws(ObjectStoreError) {
        let (urlName, modeName) = ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")
        let mode = lowercased(variables.values[modeName] ?? "ipv4")
        guard ["ipv4", "ipv6"].contains(mode) else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "\(variables.place) \(modeName) is \"\(printable(mode))\"",
                hint: "write IPv4 or IPv6"
            )
        }
        let url = variables.values[urlName] ?? (mode == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254")
        var text = url
        while text.hasSuffix("/") { text.removeLast() }
        guard let address = ServiceAddress(text) else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "\(variables.place) \(urlName) is not a URL",
                hint: "write it as http://169.254.169.254"
            )
        }
        self.address = address
        // 1 s: the service is on the same machine, or it is not there at all.
        timeout = .seconds(try Self.number("AWS_METADATA_SERVICE_TIMEOUT", 1, in: variables))
        attempts = try Self.number("AWS_METADATA_SERVICE_NUM_ATTEMPTS", 3, in: variables)
        self.isLastResort = isLastResort
    }

    private static func number(
        _ name: String,
        _ fallback: Int,
        in variables: SettingsVariables
    ) throws(ObjectStoreError) -> Int {
        guard let text = variables.values[name] else { return fallback }
        guard let number = decimal(text.utf8), (1...60).contains(number) else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "\(variables.place) \(name) is \"\(printable(text))\"",
                hint: "write a whole number from 1 to 60"
            )
        }
        return Int(number)
    }
}

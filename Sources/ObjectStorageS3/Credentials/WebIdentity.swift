internal import ObjectStorage

/// A role that a token of somebody else's gives a right to: a Kubernetes service account, say.
struct WebIdentity: Sendable {
    /// Where the token lies.
    ///
    /// The file is read anew for every question: kubelet replaces it.
    let tokenFile: String
    let role: RoleRequest
    let service: STSService

    var description: String { "\(role.description) by the token in \(printable(tokenFile)) of \(service.description)" }
}

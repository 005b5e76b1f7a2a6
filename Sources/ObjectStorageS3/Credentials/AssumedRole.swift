/// A role to ask for with keys that are there already.
struct AssumedRole: Sendable {
    let role: RoleRequest
    /// What the owner of the role wants to be told.
    let externalID: String?
    let service: STSService

    var description: String { "\(role.description) of \(service.description)" }
}

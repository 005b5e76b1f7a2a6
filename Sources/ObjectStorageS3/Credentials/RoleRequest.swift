internal import ObjectStorage

/// A role, and what AWS calls whoever takes it.
struct RoleRequest: Sendable {
    let arn: String
    /// The name of the session, nil for one with the time in it.
    let sessionName: String?
    /// How long the keys are to hold, in seconds.
    let duration: Int?

    var description: String { "role \(printable(arn))" }

    /// Checks what a user wrote, before it becomes part of a request.
    ///
    /// - Parameter place: where it stands.
    init(arn: String, sessionName: String?, duration: String?, place: String) throws(ObjectStoreError) {
        // 20 to 2,048 characters, says the reference of AssumeRole.
        guard (20...2048).contains(arn.utf8.count), arn.hasPrefix("arn:"),
            arn.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "\"\(printable(String(arn.prefix(100))))\" in \(place) is not the ARN of a role",
                hint: "it looks like arn:aws:iam::123456789012:role/name"
            )
        }
        if let sessionName {
            guard (2...64).contains(sessionName.utf8.count), sessionName.utf8.allSatisfy(Self.isPartOfName) else {
                throw ObjectStoreError(
                    .invalidConfiguration,
                    "\"\(printable(String(sessionName.prefix(100))))\" in \(place) is not the name of a role session",
                    hint: "it has 2 to 64 letters, digits and characters of _+=,.@-"
                )
            }
        }
        var seconds: Int?
        if let duration {
            guard let number = decimal(duration.utf8), (900...43200).contains(number) else {
                throw ObjectStoreError(
                    .invalidConfiguration,
                    "duration_seconds in \(place) is \"\(printable(duration))\"",
                    hint: "write a whole number from 900 to 43200"
                )
            }
            seconds = Int(number)
        }
        self.arn = arn
        self.sessionName = sessionName
        self.duration = seconds
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "_+=,.@-".utf8.contains(byte)
        }
    }

    /// The fields of a request for the role.
    ///
    /// - Parameter seconds: the time, for the name of a session that has none.
    func fields(action: String, at seconds: Int64) -> [QueryItem] {
        var fields = [
            QueryItem("Action", action), QueryItem("Version", "2011-06-15"), QueryItem("RoleArn", arn),
            QueryItem("RoleSessionName", sessionName ?? "cellarman-\(seconds)"),
        ]
        if let duration { fields.append(QueryItem("DurationSeconds", String(duration))) }
        return fields
    }
}

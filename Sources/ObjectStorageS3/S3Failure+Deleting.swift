internal import ObjectStorage

/// What can go wrong when objects are deleted.
extension S3Failure {
    /// The same for a request that deletes.
    var deleting: S3Failure {
        var copy = self
        copy.right = "delete objects in the bucket"
        return copy
    }

    /// Whether the store cannot take DeleteObjects as we send it, so that a DELETE for each object is left.
    static func refusesMany(_ response: HTTPResponse, _ found: S3ErrorResponse?) -> Bool {
        if response.status == 501 || response.status == 405 { return true }
        guard let found else { return false }
        switch found.code {
        case "NotImplemented", "MethodNotAllowed", "MissingContentMD5": return true
        // One header of a family, of which stores want different members; we send none.
        default: return response.status == 400 && lowercased("\(found.code) \(found.message)").contains("checksum")
        }
    }

    /// Whether an error is about the object alone, so that others may well be deleted.
    static func isOfObject(_ found: S3ErrorResponse, _ error: ObjectStoreError) -> Bool {
        error.code == .server || error.code == .badResponse || isProtection(found)
    }

    /// AWS and MinIO call a lock AccessDenied too; R2 has ObjectLockedByBucketPolicy.
    private static func isProtection(_ found: S3ErrorResponse) -> Bool {
        found.code.hasPrefix("AccessDenied") || found.code.contains("Lock")
    }

    /// The error for what the store says of one object.
    func explain(_ found: S3ErrorResponse) -> ObjectStoreError {
        let what = "object \(key?.description ?? "") in \(store)"
        let said = self.said(found)
        if Self.isProtection(found) {
            return ObjectStoreError(
                .accessDenied,
                "\(what) may not be deleted (\(said))",
                hint: "check that the key may delete objects, and whether a lock or a policy of the bucket protects it"
            )
        }
        if Self.throttles.contains(found.code) || found.code.hasPrefix("Throttling") { return throttled(said) }
        if Self.transient.contains(found.code) {
            return ObjectStoreError(
                .server,
                "\(endpoint.description) failed to delete \(what) (\(said))",
                isRetryable: true
            )
        }
        return ObjectStoreError(.badResponse, "\(endpoint.description) refuses to delete \(what) (\(said))")
    }

    /// An answer about an object that was not in the request.
    func foreign(_ key: ObjectKey) -> ObjectStoreError {
        ObjectStoreError(
            .badResponse,
            "\(endpoint.description) answers a deletion in \(store) with object \(key), which was not to be deleted",
            hint: "the store or a proxy before it mixes up requests: list the bucket again, and delete nothing until "
                + "the cause is found"
        )
    }

    /// An answer to a deletion that cannot be read.
    func noDeletion(_ response: HTTPResponse, _ failure: XMLFailure) -> ObjectStoreError {
        let isPage = response.body.looksLikeHTML
        let what = isPage ? "an HTML page" : "a document that is no result of it"
        return ObjectStoreError(
            .badResponse,
            "\(endpoint.description) answers a deletion in \(store) with \(what): \(scrub(failure.message))",
            hint: isPage ? Self.notS3 : nil,
            isRetryable: !isPage
        )
    }
}

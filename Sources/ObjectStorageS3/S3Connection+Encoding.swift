internal import ObjectStorage

extension S3Connection {
    /// The document in an answer, expanded where it came compressed although it was asked for without.
    ///
    /// Whoever compresses it all the same has not read the request, and may as well have made it to burst.
    ///
    /// - Parameters:
    ///   - limit: the most bytes of the document.
    ///   - wanted: what was asked for, for messages.
    func plainDocument(
        of response: HTTPResponse,
        limit: Int,
        _ failure: S3Failure,
        wanted: String
    ) throws(ObjectStoreError) -> [UInt8] {
        let encoding = response.header("content-encoding").map(lowercased) ?? ""
        if ["", "identity"].contains(encoding) { return response.body }
        guard ["gzip", "x-gzip"].contains(encoding), let gunzip = configuration.gunzip else {
            throw failure.unexpected(response, wanted: "\(wanted) without compression", isRetryable: false)
        }
        // 200 times: the XML of a page of WAL is compressed to an eighth, and a bomb to a thousandth.
        let most = min(limit, response.body.count * 200)
        do {
            return try gunzip(response.body, most)
        } catch {
            throw failure.unexpected(
                response,
                wanted: "\(wanted) that expands from \(response.body.count) bytes to at most \(most)",
                // Where the end was not announced, it may have been cut.
                isRetryable: !response.isEndAnnounced
            )
        }
    }
}

internal import ObjectStorage

/// Where a listing goes on: at the server's token, or behind a key where the server forgot to give one.
enum ListingPosition: Hashable, Sendable {
    case token([UInt8])
    case after([UInt8])

    /// Reads a token that ``token`` made.
    init?(_ token: ContinuationToken) {
        switch token.bytes.first {
        case UInt8(ascii: "T"): self = .token(Array(token.bytes.dropFirst()))
        case UInt8(ascii: "A"): self = .after(Array(token.bytes.dropFirst()))
        default: return nil
        }
    }

    /// The position as the token of a page, one letter in front saying which of the two it is.
    var token: ContinuationToken {
        switch self {
        case .token(let bytes): ContinuationToken(bytes: [UInt8(ascii: "T")] + bytes)
        case .after(let bytes): ContinuationToken(bytes: [UInt8(ascii: "A")] + bytes)
        }
    }
}

/// The parameters of one ListObjectsV2, and the check of what the answer says they were.
struct ListingQuery: Sendable {
    private let request: ListRequest
    private let position: ListingPosition?
    private let bucket: String

    /// The query for a request.
    ///
    /// A start before the prefix is left out: Garage would answer an empty final page, MinIO an error.
    init(_ request: ListRequest, bucket: String) throws(ObjectStoreError) {
        self.request = request
        self.bucket = bucket
        if let token = request.continuation {
            guard let position = ListingPosition(token) else {
                throw ObjectStoreError(.invalidConfiguration, "the continuation token is not of an S3 listing")
            }
            self.position = position
        } else if let start = request.startAfter, start.hasPrefix(request.prefix) {
            position = .after(start.bytes)
        } else {
            position = nil
        }
    }

    /// Whether all keys below the prefix come before the start, so that there is nothing to ask.
    var isEmpty: Bool {
        guard request.continuation == nil, let start = request.startAfter else { return false }
        return !start.hasPrefix(request.prefix) && request.prefix < start
    }

    /// Known parameters only: R2 refuses others, and an empty delimiter has confused it.
    var items: [QueryItem] {
        var items = [
            QueryItem("list-type", "2"),
            QueryItem("max-keys", "\(min(max(request.maxKeys, 1), 1000))"),
            QueryItem("encoding-type", "url"),
            QueryItem("prefix", request.prefix.bytes),
        ]
        if let delimiter = request.delimiter { items.append(QueryItem("delimiter", [delimiter])) }
        switch position {
        case .token(let token): items.append(QueryItem("continuation-token", token))
        case .after(let key): items.append(QueryItem("start-after", key))
        case nil: break
        }
        return items
    }

    /// The page, with the token for the next, or what speaks against it.
    func admit(_ parsed: ParsedListing) throws(XMLFailure) -> ObjectPage {
        try checkEcho(parsed.echo)
        var page = parsed.page
        guard parsed.isTruncated else { return page }
        if let token = parsed.nextToken, !token.isEmpty {
            page.continuation = ListingPosition.token(token).token
        } else if let marker = parsed.nextMarker, !marker.isEmpty {
            page.continuation = ListingPosition.after(marker).token
        } else {
            let lastKey = page.count > 0 ? page.summary(at: page.count - 1).key : nil
            guard let last = [lastKey, page.commonPrefixes.last].compactMap({ $0 }).max() else {
                throw XMLFailure.lasting("it claims to go on, but has neither an entry nor a token")
            }
            page.continuation = ListingPosition.after(last.bytes).token
            page.suspicions.append("a page claims to go on, but has no token: asked on behind its last entry")
        }
        return page
    }

    /// A proxy or cache can hand out the answer to another request; what the answer repeats must be what was asked.
    private func checkEcho(_ echo: ParsedListing.Echo) throws(XMLFailure) {
        if let name = echo.name, !name.isEmpty, name != Array(bucket.utf8) {
            throw XMLFailure.lasting("it is the listing of another bucket, \(printable(name))")
        }
        if let prefix = echo.prefix, !prefix.canMean(request.prefix.bytes) {
            throw XMLFailure("it is the listing of another prefix, \(printable(prefix.decoded))", mostAttempts: 2)
        }
        if case .token(let asked) = position, let token = echo.token, !token.raw.isEmpty, !token.canMean(asked) {
            throw XMLFailure("it is another page of the listing", mostAttempts: 2)
        }
        if case .after(let asked) = position, let start = echo.startAfter, !start.raw.isEmpty, !start.canMean(asked) {
            throw XMLFailure("it is a listing from another start, \(printable(start.decoded))", mostAttempts: 2)
        }
    }
}

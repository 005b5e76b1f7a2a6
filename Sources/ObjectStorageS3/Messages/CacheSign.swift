internal import ObjectStorage

/// How an answer shows that it came out of a cache, and not from the store.
enum CacheSign {
    // Five seconds: less is what an answer may take through proxies that add an Age to all they pass on.
    private static let freshAge = 5

    /// The header that shows it, with its value; nil where none does.
    static func of(_ response: HTTPResponse) -> String? {
        if let age = age(of: response), age > freshAge {
            return "Age: \(response.header("age").map { printable($0) } ?? "\(age)")"
        }
        return response.headers.first { isOfCache($0.name) && tellsOfHit($0.value) }
            .map { "\($0.name): \(printable($0.value))" }
    }

    /// How many seconds ago a cache took the answer from the store, nil where no cache says so (RFC 9111, 5.1).
    ///
    /// An Age too large for an integer counts as the largest one.
    static func age(of response: HTTPResponse) -> Int? {
        response.header("age").map { text in
            Int(text.drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber }) ?? .max
        }
    }

    /// nginx and Varnish as people set them up, CloudFront, Squid (`X-Cache…`), Cloudflare, RFC 9211.
    ///
    /// Squid's `X-Cache-Lookup` tells only that it had the object, not that it handed it out.
    private static func isOfCache(_ name: String) -> Bool {
        name.hasPrefix("x-cache") && name != "x-cache-lookup"
            || ["cache-status", "cf-cache-status", "x-proxy-cache", "x-nginx-cache", "x-varnish-cache"].contains(name)
    }

    /// `HIT`, `TCP_HIT`, `Hit from cloudfront`, `STALE`; not `REVALIDATED`, for which the store was asked, nor the
    /// `fwd=stale` of RFC 9211, which says the same.
    private static func tellsOfHit(_ value: String) -> Bool {
        // `MISS from NAME`: the name of the cache says nothing.
        let verdict = value.part(before: " from ")
        return !value.contains("fwd=")
            && verdict.uppercased().split { !$0.isLetter }.contains { ["HIT", "STALE", "UPDATING"].contains($0) }
    }
}

extension String {
    /// What stands before the first occurrence of another text, all of it where there is none.
    fileprivate func part(before text: String) -> Substring {
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(text) { return self[..<rest.startIndex] }
            rest = rest.dropFirst()
        }
        return self[...]
    }
}

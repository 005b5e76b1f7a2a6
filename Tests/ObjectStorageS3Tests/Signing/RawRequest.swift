import Foundation

@testable import ObjectStorageS3

/// A request as the public suites write it: unencoded, with folded headers.
struct RawRequest {
    var method = ""
    var path: [UInt8] = []
    var query: [QueryItem] = []
    var headers: [Header] = []
    var body: [UInt8] = []

    init(_ text: String) {
        let text = text.replacingOccurrences(of: "\r\n", with: "\n")
        let parts = text.components(separatedBy: "\n\n")
        body = Array(parts.dropFirst().joined(separator: "\n\n").utf8)
        var lines = parts[0].components(separatedBy: "\n")[...]
        let request = lines.removeFirst()
        method = String(request.prefix { $0 != " " })
        let target = request.dropFirst(method.count + 1).replacingOccurrences(of: " HTTP/1.1", with: "")
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        // The suites write reserved bytes of a path and of a query both raw and encoded.
        path = Array((String(halves[0]).removingPercentEncoding ?? "").utf8)
        if halves.count == 2, !halves[1].isEmpty {
            query = halves[1].split(separator: "&").map { item in
                let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let decoded = pair.map { Array((String($0).removingPercentEncoding ?? "").utf8) }
                var query = QueryItem("", decoded.count == 2 ? decoded[1] : nil)
                query.name = decoded[0]
                return query
            }
        }
        for line in lines where !line.isEmpty {
            if line.hasPrefix(" "), let last = headers.indices.last {
                headers[last].value += " " + line
            } else if let colon = line.firstIndex(of: ":") {
                headers.append(Header(String(line[..<colon]), String(line[line.index(after: colon)...])))
            }
        }
    }
}

/// Answers, right and wrong ones.
extension [HostileServer.Step] {
    /// An answer with its length.
    public static func answer(
        _ status: Int,
        _ headers: [String: String] = [:],
        body: some Sequence<UInt8> = []
    ) -> Self {
        let body = [UInt8](body)
        let fields = headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
        let head = "HTTP/1.1 \(status) Told\r\nContent-Length: \(body.count)\r\n\(fields)\r\n"
        return [.send([UInt8](head.utf8) + body)]
    }

    /// An answer with a document and its length.
    public static func answer(_ status: Int, _ headers: [String: String] = [:], _ body: String) -> Self {
        answer(status, headers, body: body.utf8)
    }

    /// An answer in chunks of 1,000 bytes.
    public static func chunked(_ status: Int, _ headers: [String: String] = [:], _ body: String) -> Self {
        let fields = headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
        var bytes = [UInt8]("HTTP/1.1 \(status) Told\r\nTransfer-Encoding: chunked\r\n\(fields)\r\n".utf8)
        var rest = [UInt8](body.utf8)[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(1000)
            rest = rest.dropFirst(chunk.count)
            bytes += [UInt8]("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [0x0D, 0x0A]
        }
        return [.send(bytes + [UInt8]("0\r\n\r\n".utf8))]
    }

    /// Exactly these bytes, whatever they are, and the end of the connection.
    public static func raw(_ text: String) -> Self {
        [.send([UInt8](text.utf8)), .close]
    }

    /// An error as S3 writes it.
    public static func error(
        _ status: Int,
        _ code: String,
        _ rest: String = "",
        headers: [String: String] = [:]
    ) -> Self {
        let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        return answer(status, headers, "\(declaration)<Error><Code>\(code)</Code>\(rest)</Error>")
    }

    /// The same answer with a header field more, behind the first line of what is sent first.
    public func adding(_ name: String, _ value: String) -> Self {
        guard case .send(let bytes)? = first, let end = bytes.firstIndex(of: 0x0A), bytes.starts(with: "HTTP/".utf8)
        else {
            return self
        }
        var changed = bytes
        changed.insert(contentsOf: [UInt8]("\(name): \(value)\r\n".utf8), at: end + 1)
        return [HostileServer.Step.send(changed)] + Array(dropFirst())
    }

    /// A page of a listing.
    public static func listing(_ content: String, isTruncated: Bool = false) -> Self {
        answer(200, [:], .page(content, isTruncated: isTruncated))
    }
}

extension String {
    /// The document of a page of a listing.
    public static func page(_ content: String, isTruncated: Bool = false) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            + "<IsTruncated>\(isTruncated)</IsTruncated>\(content)</ListBucketResult>"
    }

    /// Entries of objects of one byte on such a page.
    public static func entries(_ keys: String...) -> String {
        let rest = "<LastModified>2026-11-20T20:30:00.000Z</LastModified><Size>1</Size>"
        return keys.map { "<Contents><Key>\($0)</Key>\(rest)</Contents>" }.joined()
    }
}

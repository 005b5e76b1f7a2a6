/// A request, ready to be sent: signed, encoded, absolute.
struct HTTPRequest: Sendable {
    /// What may be asked of the server.
    enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    var method: Method
    var url: String
    var headers: [Header]

    /// The body of a POST; no other request has one.
    var body: [UInt8] = []

    /// The most bytes of a successful body.
    var bodyLimit: Int

    /// How long the server may think before the first byte of its answer.
    var firstByte: Duration

    /// How long the whole exchange may take, nil for as long as bytes keep coming.
    var total: Duration?
}

/// An answer whose framing was checked: all of the body that was announced is there.
struct HTTPResponse: Sendable {
    var status: Int

    /// The header fields, their names in lower case.
    var headers: [Header]

    /// The body; of an answer that is no success, only its beginning.
    var body: [UInt8]

    /// Whether the end of the body was announced by a length or by chunks, so that a cut would have been seen.
    var isEndAnnounced: Bool

    /// The value of the first header of this name, which is in lower case.
    func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

/// What the transport allows and offers, the same for all requests of a client.
struct TransportOptions: Sendable {
    var userAgent: String
    var caFile: String?
    var usesProxy: Bool
    var maxConnections: Int
    var connect: Duration
    var stall: Duration
}

extension Duration {
    /// Whole milliseconds, as C interfaces want them.
    var milliseconds: Int {
        Int(clamping: components.seconds.multipliedReportingOverflow(by: 1000).partialValue)
            + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}

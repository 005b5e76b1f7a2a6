/// The answer of STS: the fields of the keys, or an error.
struct STSAnswer {
    /// The name of the root element: `AssumeRoleResponse`.
    var root = ""
    /// What is in `<Credentials>`, by name.
    var fields: [String: String] = [:]
    /// The error in its place.
    var failure: S3ErrorResponse?

    /// Reads a whole document, or nothing of it.
    static func parse(_ document: [UInt8]) throws(XMLFailure) -> STSAnswer {
        let reader = STSReader()
        try SAXParser.parse(document, to: reader)
        return reader.answer
    }
}

/// Reads `<…Response><…Result><Credentials>` and `<ErrorResponse>…<Error>`.
private final class STSReader: XMLHandler {
    var answer = STSAnswer()
    private var path: [String] = []

    func open(_ name: Span<UInt8>, depth: Int) throws(XMLFailure) {
        path = Array(path.prefix(depth - 1)) + [name.text]
        if depth == 1 { answer.root = name.text }
        if path[0] == "ErrorResponse", name.isEqual("Error") { answer.failure = S3ErrorResponse() }
    }

    func close(_ name: Span<UInt8>, depth: Int, text: Span<UInt8>) throws(XMLFailure) {
        switch depth {
        // Whatever imitates AWS may have a level more: moto has one of <Errors>.
        case 3... where path[0] == "ErrorResponse" && path[depth - 2] == "Error":
            if name.isEqual("Code") { answer.failure?.code = text.text }
            if name.isEqual("Message") { answer.failure?.message = text.text }
        case 4 where path.count >= 3 && path[1].hasSuffix("Result") && path[2] == "Credentials":
            guard answer.fields.updateValue(text.text, forKey: name.text) == nil else {
                throw XMLFailure("it names a part of the keys twice")
            }
        default: break
        }
    }
}

/// The `<Error>` that S3 puts into the body of an answer that is no success, and sometimes into one that is.
package struct S3ErrorResponse: Hashable, Sendable {
    /// The word that programs switch on: `NoSuchKey`.
    var code = ""
    /// The sentence for people.
    var message = ""
    /// The region the request should have been signed for.
    var region: String?
    /// The identifier that the provider asks for in a support request.
    var requestID: String?

    /// The error that a document holds, nil where it is none.
    package static func parse(_ document: [UInt8]) -> S3ErrorResponse? {
        let reader = ErrorReader()
        guard (try? SAXParser.parse(document, to: reader)) != nil, reader.isError, !reader.found.code.isEmpty else {
            return nil
        }
        return reader.found
    }

    init(code: String = "", message: String = "") {
        self.code = code
        self.message = message
    }
}

private final class ErrorReader: XMLHandler {
    var found = S3ErrorResponse()
    var isError = false

    func open(_ name: Span<UInt8>, depth: Int) throws(XMLFailure) {
        if depth == 1 {
            isError = name.isEqual("Error")
        }
    }

    func close(_ name: Span<UInt8>, depth: Int, text: Span<UInt8>) throws(XMLFailure) {
        guard isError, depth == 2 else { return }
        if name.isEqual("Code") {
            found.code = text.text
        } else if name.isEqual("Message") {
            found.message = text.text
        } else if name.isEqual("Region") {
            found.region = text.text
        } else if name.isEqual("RequestId") {
            found.requestID = text.text
        }
    }
}

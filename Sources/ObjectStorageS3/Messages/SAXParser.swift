internal import CCellarXML2

/// What a document is told as: elements by their local names, each with the text directly in it.
protocol XMLHandler: AnyObject {
    /// An element begins; the root has depth 1.
    func open(_ name: Span<UInt8>, depth: Int) throws(XMLFailure)

    /// An element ends.
    ///
    /// - Parameter text: the text since the last tag: all of it, for an element without children.
    func close(_ name: Span<UInt8>, depth: Int, text: Span<UInt8>) throws(XMLFailure)
}

/// Why a document cannot be used.
package struct XMLFailure: Error, Hashable, Sendable {
    package var message: String

    /// The most requests for the document that are worth making, nil where it may have been cut on the way.
    var mostAttempts: Int?

    /// What to do about it, nil where nothing better than the message can be said.
    var hint: String?

    init(_ message: String, mostAttempts: Int? = nil, hint: String? = nil) {
        self.message = message
        self.mostAttempts = mostAttempts
        self.hint = hint
    }

    /// The same for what is as wrong the next time.
    static func lasting(_ message: String, hint: String? = nil) -> XMLFailure {
        XMLFailure(message, mostAttempts: 1, hint: hint)
    }
}

/// Reads one XML document with libxml2's push parser, and owns its context while it does.
///
/// libxml2 2.9 limits neither the depth of a document nor the text in it, and goes on behind a DOCTYPE; S3 has
/// none, so this parser stops there. Nothing of a document counts before all of it was read.
@safe
final class SAXParser {
    // 32 levels: S3's deepest answer has 5.
    private static let depthLimit = 32
    // 64 KiB: the longest text is a key, at most 1,024 bytes that are three times as long when encoded.
    private static let textLimit = 65536
    private static let attributeLimit = 32

    private let handler: any XMLHandler
    private var context: xmlParserCtxtPtr?
    private var depth = 0
    private var text: [UInt8] = []
    private var failure: XMLFailure?

    private init(_ handler: any XMLHandler) {
        self.handler = handler
    }

    deinit {
        if let context = unsafe context { unsafe xmlFreeParserCtxt(context) }
    }

    /// Tells a whole document to the handler.
    static func parse(_ document: [UInt8], to handler: any XMLHandler) throws(XMLFailure) {
        try SAXParser(handler).parse(document)
    }

    private func parse(_ document: [UInt8]) throws(XMLFailure) {
        // Some servers write a byte order mark or a line end before the declaration, which libxml2 refuses.
        let start = document.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let content = document[start...].drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        guard !content.isEmpty else { throw XMLFailure("the document is empty") }
        // Not retained: this object outlives the context.
        let owner = unsafe Unmanaged.passUnretained(self).toOpaque()
        var callbacks = unsafe xmlSAXHandler()
        unsafe cellar_sax_use_version_2(&callbacks)
        unsafe callbacks.startElementNs = saxOpen
        unsafe callbacks.endElementNs = saxClose
        unsafe callbacks.characters = saxText
        unsafe callbacks.cdataBlock = saxText
        unsafe callbacks.internalSubset = saxDoctype
        guard let context = unsafe xmlCreatePushParserCtxt(&callbacks, owner, nil, 0, nil) else {
            throw XMLFailure("libxml2 has no memory")
        }
        unsafe self.context = context
        unsafe xmlCtxtUseOptions(context, cellar_xml_options())
        var code: Int32 = 0
        // 64 KiB pieces: libxml2 counts a piece in int, and stops sooner at a fault.
        var rest = content
        while code == 0, failure == nil, !rest.isEmpty {
            let piece = Array(rest.prefix(65536))
            rest = rest.dropFirst(piece.count)
            // libxml2 gathers a tag whole, and compares each of its attributes with all others.
            guard piece.count < 65536 || piece.contains(UInt8(ascii: "<")) else {
                throw XMLFailure.lasting("it goes on for more than 65536 bytes without a tag")
            }
            code = unsafe piece.withUnsafeBufferPointer { buffer in
                unsafe buffer.withMemoryRebound(to: CChar.self) { bytes in
                    unsafe xmlParseChunk(context, bytes.baseAddress, Int32(bytes.count), 0)
                }
            }
        }
        // A document that was cut is only found out here.
        if code == 0, failure == nil { code = unsafe xmlParseChunk(context, nil, 0, 1) }
        if let failure { throw failure }
        guard code == 0 else {
            var failure = XMLFailure(unsafe describe(context, code))
            if XMLDefect.isOfCharacters(code), content.last == UInt8(ascii: ">") {
                failure.mostAttempts = 1
                failure.hint = XMLDefect.unencoded
            }
            throw failure
        }
    }

    private func describe(_ context: xmlParserCtxtPtr, _ code: Int32) -> String {
        let offset = unsafe xmlByteConsumed(context)
        guard let error = unsafe xmlCtxtGetLastError(context), let text = unsafe error.pointee.message else {
            return "it is not well-formed XML (libxml2 error \(code))"
        }
        let message = unsafe String(cString: text).split(separator: "\n").first.map(String.init) ?? ""
        return "it is not well-formed XML: \(message) at byte \(offset)"
    }

    fileprivate func open(_ name: Span<UInt8>, attributes: Int) {
        depth += 1
        guard depth <= Self.depthLimit, attributes <= Self.attributeLimit else {
            return stop(.lasting("its elements are nested deeper or have more attributes than \(Self.depthLimit)"))
        }
        if !text.isEmpty { text.removeAll(keepingCapacity: true) }
        do { try handler.open(name, depth: depth) } catch { stop(error) }
    }

    fileprivate func close(_ name: Span<UInt8>) {
        guard failure == nil else { return }
        do { try handler.close(name, depth: depth, text: text.span) } catch { stop(error) }
        if !text.isEmpty { text.removeAll(keepingCapacity: true) }
        depth -= 1
    }

    fileprivate func take(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard failure == nil else { return }
        guard bytes.count <= Self.textLimit - text.count else {
            return stop(.lasting("an element holds more than \(Self.textLimit) bytes of text"))
        }
        unsafe text.append(contentsOf: bytes)
    }

    /// Ends the parsing; what libxml2 still delivers is ignored.
    fileprivate func stop(_ reason: XMLFailure) {
        if failure == nil { failure = reason }
        if let context = unsafe context { unsafe xmlStopParser(context) }
    }
}

extension Span<UInt8> {
    /// Whether these bytes are that text.
    func isEqual(_ text: StaticString) -> Bool {
        let wanted = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        return unsafe count == wanted.count && withUnsafeBufferPointer { unsafe $0.elementsEqual(wanted) }
    }

    /// A copy of the bytes.
    var array: [UInt8] {
        unsafe withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// The bytes as text, what is not UTF-8 replaced.
    var text: String {
        unsafe withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}

private func parser(_ owner: UnsafeMutableRawPointer?) -> SAXParser? {
    guard let owner = unsafe owner else { return nil }
    return unsafe Unmanaged<SAXParser>.fromOpaque(owner).takeUnretainedValue()
}

private func withName(_ name: UnsafePointer<xmlChar>?, _ body: (Span<UInt8>) -> Void) {
    guard let name = unsafe name else { return }
    // Safe: libxml2 ends names with a zero and lends them for the duration of the callback.
    let count = unsafe Int(xmlStrlen(name))
    body(unsafe Span(_unsafeStart: name, count: count))
}

private func saxOpen(
    owner: UnsafeMutableRawPointer?,
    name: UnsafePointer<xmlChar>?,
    prefix: UnsafePointer<xmlChar>?,
    uri: UnsafePointer<xmlChar>?,
    namespaces: Int32,
    namespaceList: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?,
    attributes: Int32,
    defaulted: Int32,
    attributeList: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
) {
    guard let parser = unsafe parser(owner) else { return }
    unsafe withName(name) { parser.open($0, attributes: Int(attributes) + Int(namespaces)) }
}

private func saxClose(
    owner: UnsafeMutableRawPointer?,
    name: UnsafePointer<xmlChar>?,
    prefix: UnsafePointer<xmlChar>?,
    uri: UnsafePointer<xmlChar>?
) {
    guard let parser = unsafe parser(owner) else { return }
    unsafe withName(name) { parser.close($0) }
}

private func saxText(owner: UnsafeMutableRawPointer?, bytes: UnsafePointer<xmlChar>?, count: Int32) {
    guard let parser = unsafe parser(owner), count > 0 else { return }
    // Safe: libxml2 lends `count` bytes for the duration of the callback.
    unsafe parser.take(UnsafeBufferPointer(start: bytes, count: Int(count)))
}

private func saxDoctype(
    owner: UnsafeMutableRawPointer?,
    name: UnsafePointer<xmlChar>?,
    publicID: UnsafePointer<xmlChar>?,
    systemID: UnsafePointer<xmlChar>?
) {
    guard let parser = unsafe parser(owner) else { return }
    parser.stop(.lasting("it declares a document type, which no S3 answer does"))
}

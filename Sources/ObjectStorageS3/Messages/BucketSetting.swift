package import ObjectStorage

/// The answer to GetBucketVersioning or GetObjectLockConfiguration.
package struct BucketSetting: Sendable {
    /// The name of the root element.
    var root = ""
    /// The text of each element without children, by its name.
    var fields: [String: String] = [:]

    /// Reads a whole document, or nothing of it.
    static func parse(_ document: [UInt8]) throws(XMLFailure) -> BucketSetting {
        let reader = BucketSettingReader()
        try SAXParser.parse(document, to: reader)
        return reader.setting
    }

    /// What `<VersioningConfiguration>` says; empty where the bucket never kept versions.
    package static func versioning(in document: [UInt8]) throws(XMLFailure) -> DeletionProtection.Versioning {
        let setting = try parse(document)
        // The other one is moto's.
        guard ["VersioningConfiguration", "GetBucketVersioningResponse"].contains(setting.root) else {
            throw setting.isForeign
        }
        switch setting.fields["Status"] {
        case nil: return .off
        case "Enabled": return .enabled
        case "Suspended": return .suspended
        case let word?: throw XMLFailure("its status is \(printable(word))")
        }
    }

    /// What `<ObjectLockConfiguration>` says.
    package static func objectLock(in document: [UInt8]) throws(XMLFailure) -> DeletionProtection.ObjectLock {
        let setting = try parse(document)
        guard setting.root == "ObjectLockConfiguration" else { throw setting.isForeign }
        switch setting.fields["ObjectLockEnabled"] {
        case "Enabled": break
        // Not AWS, which has an error for it; moto.
        case "Disabled": return .off
        case let word: throw XMLFailure("it says \(word.map(printable) ?? "nothing") of ObjectLockEnabled")
        }
        let period =
            setting.fields["Days"].map { "\(printable($0)) days" }
            ?? setting.fields["Years"].map { "\(printable($0)) years" }
        guard let mode = setting.fields["Mode"], let period else { return .enabled(nil) }
        return .enabled(.init(mode: printable(mode), period: period))
    }

    private var isForeign: XMLFailure { XMLFailure("its root element is <\(printable(root))>") }
}

private final class BucketSettingReader: XMLHandler {
    // 16: the longer of the two has four.
    private static let fieldLimit = 16

    var setting = BucketSetting()
    private var lastOpened = 0

    func open(_ name: Span<UInt8>, depth: Int) throws(XMLFailure) {
        if depth == 1 { setting.root = name.text }
        lastOpened = depth
    }

    func close(_ name: Span<UInt8>, depth: Int, text: Span<UInt8>) throws(XMLFailure) {
        // One without children closes at the depth at which the last one was opened.
        guard depth > 1, depth == lastOpened else { return }
        lastOpened = 0
        guard setting.fields.count < Self.fieldLimit else { throw XMLFailure("it holds too many elements") }
        setting.fields[name.text] = text.text
    }
}

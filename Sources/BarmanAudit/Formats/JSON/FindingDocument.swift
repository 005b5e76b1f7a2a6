internal import BarmanCatalog
internal import FoundationEssentials
internal import ObjectStorage
internal import PostgresWAL

/// One finding of a JSON report; what does not apply is left out.
struct FindingDocument: Encodable {
    let code: String
    let severity: String
    let message: String
    let hint: String?
    let backup: String?
    let timeline: UInt32?
    let segment: String?
    let lastSegment: String?
    let key: String?
    let keyBase64: String?

    init(_ finding: Finding) {
        code = finding.code.rawValue
        severity = finding.severity.rawValue
        message = finding.message
        hint = finding.hint
        backup = finding.backup?.description
        timeline = finding.timeline?.rawValue
        segment = finding.segment?.description
        lastSegment = finding.lastSegment?.description
        key = finding.key?.description
        keyBase64 = finding.key?.base64IfNotText
    }
}

/// The usage of a server in a JSON report.
struct UsageDocument: Encodable {
    struct Share: Encodable {
        let `class`: String
        let objects: Int
        let bytes: Int64
    }

    let objects: Int
    let bytes: Int64
    let classes: [Share]

    init(_ usage: Usage) {
        objects = usage.total.objects
        bytes = usage.total.bytes
        classes = Usage.Class.allCases.map {
            Share(class: $0.rawValue, objects: usage[$0].objects, bytes: usage[$0].bytes)
        }
    }
}

extension ObjectKey {
    /// The key in base 64 where its printed form is not the key itself.
    var base64IfNotText: String? {
        utf8Text == description ? nil : Data(bytes).base64EncodedString()
    }
}

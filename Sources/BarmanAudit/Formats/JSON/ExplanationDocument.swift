/// What `cellarman explain` says, as JSON.
struct ExplanationDocument: Encodable {
    /// One finding code and what it means.
    struct Code: Encodable {
        let code: String
        let severity: String
        let meaning: String
        let reason: String
        let remedy: String

        init(_ code: FindingCode) {
            let explanation = code.explanation
            self.code = code.rawValue
            severity = explanation.severity
            meaning = explanation.meaning
            reason = explanation.reason
            remedy = explanation.remedy
        }
    }

    let schemaVersion = 1
    let codes: [Code]

    init(_ codes: [FindingCode]) {
        self.codes = codes.map(Code.init)
    }
}

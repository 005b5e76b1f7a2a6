internal import ObjectStorage

/// Text of a server's, printable and short, and without what must not be printed.
///
/// - Parameter secrets: what was sent, so that a server can repeat it.
func scrubbed(_ text: String, hiding secrets: [SecretKey]) -> String {
    let repeatsSecret = secrets.contains { !$0.isEmpty && text.contains($0.text) }
    guard !repeatsSecret, !text.contains("Signature="), !text.contains("AWS4-HMAC") else {
        return "its words repeat the request and are left out"
    }
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return printable(String(line.prefix(300)))
}

internal import ObjectStorage

/// A file of certificates that a user named.
enum CertificateFile {
    /// Refuses a file that is missing or holds no certificate, before libcurl says less about it.
    static func check(_ path: String) throws(ObjectStoreError) {
        let hint = "name a file with certificates in PEM form with --ca-file"
        guard let file = try SettingsFile.read(path) else {
            throw ObjectStoreError(.invalidConfiguration, "the CA file \(printable(path)) does not exist", hint: hint)
        }
        let text = String(decoding: file.bytes, as: UTF8.self)
        guard text.contains("-----BEGIN CERTIFICATE-----") || text.contains("-----BEGIN TRUSTED CERTIFICATE-----")
        else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "the CA file \(printable(path)) holds no certificate in PEM form",
                hint: hint
            )
        }
    }
}

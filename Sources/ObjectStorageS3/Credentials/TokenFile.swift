internal import ObjectStorage

/// A file that holds a token and nothing else.
enum TokenFile {
    /// The token, without the line end that an editor or `echo` leaves behind it.
    static func read(_ path: String) throws(ObjectStoreError) -> SecretKey {
        guard let file = try SettingsFile.read(path) else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "the token file \(printable(path)) does not exist",
                hint: "is the token of the service account mounted into this container?"
            )
        }
        return SecretKey(bytes: file.bytes[...].withoutLineEnd)
    }
}

extension ArraySlice<UInt8> {
    /// The bytes without line ends behind them.
    var withoutLineEnd: ArraySlice<UInt8> {
        var rest = self
        while rest.last == 0x0A || rest.last == 0x0D { rest.removeLast() }
        return rest
    }
}

extension SecretKey {
    /// Whether it can be sent in a header.
    var isOneLine: Bool {
        unsafe withBytes { bytes in unsafe bytes.allSatisfy { $0 != 0 && $0 != 0x0A && $0 != 0x0D } }
    }
}

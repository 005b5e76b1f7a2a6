internal import ObjectStorage

extension HTTPResponse {
    /// What the head of the answer says of the bytes of a whole object, and is not so: a name for a message, nil where
    /// all that it says holds.
    ///
    /// Neither header is asked for; where a store sends one, it is held against what came.
    var brokenDigest: String? {
        if !matchesEntityTag { return "MD5 is the entity tag" }
        return brokenChecksum
    }

    /// Whether the bytes have the digest that the entity tag names; true where it names none.
    ///
    /// It is an MD5 for an object that was uploaded in one piece and is not encrypted; a weak one belongs to an
    /// object that was transformed on the way.
    private var matchesEntityTag: Bool {
        let text = header("etag") ?? ""
        let tag = lowercased(String(decoding: normalisedETag(text.utf8), as: UTF8.self))
        let isDigest =
            tag.utf8.count == 32 && tag.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        let isEncrypted = headers.contains { $0.name.hasPrefix("x-amz-server-side-encryption") }
        guard isDigest, !isEncrypted, !text.hasPrefix("W/"), let digest = MD5.hex(body) else { return true }
        return digest == tag
    }

    /// The `x-amz-checksum-…` that the bytes do not have.
    ///
    /// One of an upload in parts is that of the parts' checksums: it ends in their number, or its type says so.
    private var brokenChecksum: String? {
        guard header("x-amz-checksum-type").map({ lowercased($0) }) != "composite" else { return nil }
        let digests: [(name: String, digest: () -> [UInt8]?)] = [
            ("crc32", { CyclicChecksum.crc32.digest(body) }), ("crc32c", { CyclicChecksum.crc32c.digest(body) }),
            ("crc64nvme", { CyclicChecksum.crc64nvme.digest(body) }), ("sha1", { SHA1.digest(body) }),
            ("sha256", { SHA256.digest(body) }),
        ]
        for (name, digest) in digests {
            guard let value = header("x-amz-checksum-\(name)"), !value.utf8.contains(UInt8(ascii: "-")),
                let digest = digest()
            else { continue }
            if base64(digest) != value { return "x-amz-checksum-\(name) is the one that came with them" }
        }
        return nil
    }
}

import Foundation
import ObjectStorage
import TestSupport
import Testing

/// Names and texts in a bucket that would write to a terminal, or break out of JSON, if they were printed as they are.
struct HostileArchiveTests {
    /// A directory's name that clears the screen, turns the text around, ends lines and strings, and is no UTF-8.
    private static let evil: [UInt8] = Array("\u{1B}[2J\u{9B}31m\u{202E}\r\n\"\\</script>".utf8) + [0xFF]

    private static let server = Task {
        let bucket = try await HostileBucket(copying: FixtureBucket("promotions").store) { key, body in
            let parts = key.bytes.split(separator: 0x2F, omittingEmptySubsequences: false)
            guard parts.first.map({ String(decoding: $0, as: UTF8.self) }) == "homelab-cluster" else { return }
            key = ObjectKey(bytes: evil + key.bytes.dropFirst("homelab-cluster".utf8.count))
            guard key.bytes.suffix(11).elementsEqual("backup.info".utf8) else { return }
            let text = String(decoding: body, as: UTF8.self)
                .replacing("error=None", with: "error=\u{1B}[31m\u{202E}")
                .replacing("status=DONE", with: "status=FAILED")
                .replacing("backup_name=", with: "backup_name=\u{1B}]0;title\u{7}")
                .replacing("\nsize=None", with: "\n\u{1B}[31munknown\u{202E}=1\nsize=None")
            body = Array(text.utf8)
        }
        for name in ["stray\u{1B}[2J", "base/20260101T000000/\u{9B}x", "wals/0000000100000000/\u{1B}c", "\u{202E}"] {
            bucket.put(ObjectKey(bytes: evil + Array("/example-db/\(name)".utf8)), .init([1]))
            bucket.put(ObjectKey("\(name)/outside"), .init([1]))
        }
        return try HostileServer { bucket.answer($0) }
    }

    @Test(arguments: ["audit", "backups", "wals", "windows", "usage", "check", "retention plan"], ["text", "json"])
    func `nothing of it reaches a terminal or breaks JSON`(command: String, format: String) async throws {
        let server = try await Self.server.value
        var arguments = command.split(separator: " ").map { String($0) } + ["s3://backups", "-o", format]
        if command == "check" { arguments += ["--target-time", "2026-11-21T00:49:00Z"] }
        if command == "retention plan" { arguments += ["--policy", "1d"] }
        let run = try CommandRun(
            arguments,
            environment: [
                "S3_ACCESS_KEY_ID": "key", "S3_SECRET_ACCESS_KEY": "canary-secret", "S3_ENDPOINT": server.endpoint,
            ]
        )
        #expect([0, 1, 2, 3, 4, 5].contains(run.status), "\(run.errors)")
        for text in [run.output, run.errors] {
            let obeyed = text.unicodeScalars.filter { scalar in
                scalar != "\n"
                    && [Unicode.GeneralCategory.control, .format, .lineSeparator].contains(
                        scalar.properties.generalCategory
                    )
            }
            #expect(obeyed.isEmpty, "\(obeyed.map { String($0.value, radix: 16) })")
            #expect(!text.contains("canary"))
        }
        if format == "json", !run.output.isEmpty {
            _ = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
        }
        // A verdict names no object.
        if command != "check" {
            #expect((run.output + run.errors).contains("u{1B}[2J"), "\(run.output)\(run.errors)")
        }
    }
}

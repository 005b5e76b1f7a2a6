import Foundation
import TestSupport
import Testing

/// Requests with the signatures that others computed for them, in the form of `Fixtures/sigv4/s3-vectors.json`.
struct SignatureVectors: Decodable {
    struct Vector: Decodable, Sendable, CustomTestStringConvertible {
        struct Expectation: Decodable, Sendable {
            let requestTarget: String
            let canonicalRequest: String
            let stringToSign: String
            let authorization: String
        }

        let id: String
        let hostHeader: String
        let method: String
        let bucket: String
        let keyUtf8B64: String?
        let query: [[String?]]
        let headersToSign: [[String]]
        let bodyB64: String
        let payload: String
        let region: String
        let service: String
        let timestamp: String
        let accessKey: String
        let secretKey: String
        let sessionToken: String?
        let expect: Expectation

        var testDescription: String { id }
    }

    let count: Int
    let vectors: [Vector]

    /// The vectors of a file.
    static func read(_ file: URL) throws -> [Vector] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let read = try decoder.decode(Self.self, from: Data(contentsOf: file))
        guard read.count == read.vectors.count else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return read.vectors
    }

    /// Our own, those of the file that `CELLARMAN_SIGV4_VECTORS` names, and those of the suites' folder.
    static let files: [URL] = {
        var files = [packageRoot.appending(path: "Fixtures/sigv4/s3-vectors.json")]
        if let named = ProcessInfo.processInfo.environment["CELLARMAN_SIGV4_VECTORS"] {
            files.append(URL(filePath: named))
        }
        if let suites = PublicSuites.folder {
            files.append(suites.appending(path: "s3-vectors.json"))
        }
        return files
    }()
}

/// The public SigV4 suites, which are not ours to contain.
///
/// `CELLARMAN_SIGV4_SUITES` names the folder; a folder beside the package is found without.
enum PublicSuites {
    static let folder: URL? = {
        let named = ProcessInfo.processInfo.environment["CELLARMAN_SIGV4_SUITES"].map { URL(filePath: $0) }
        let beside = packageRoot.appending(path: "../shared/sigv4").standardizedFileURL
        if let named { return named }
        return FileManager.default.fileExists(atPath: beside.path()) ? beside : nil
    }()

    /// One line of `INDEX.tsv`.
    struct Case: Sendable, CustomTestStringConvertible {
        let suite: String
        let name: String
        let isForS3: Bool

        var testDescription: String { "\(suite)/\(name)" }
    }

    static let cases: [Case] = {
        guard let folder, let text = try? String(contentsOf: folder.appending(path: "INDEX.tsv"), encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count >= 5 else { return nil }
            return Case(suite: String(fields[0]), name: String(fields[1]), isForS3: fields[4] == "yes")
        }
    }()
}

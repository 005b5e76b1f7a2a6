import Foundation
import ObjectStorage
import Testing

@testable import ObjectStorageS3

struct SigV4SignerTests {
    @Test
    func `has vectors of its own`() throws {
        #expect(try SignatureVectors.read(SignatureVectors.files[0]).count >= 40)
    }

    @Test(arguments: SignatureVectors.files)
    func `signs every vector as botocore does`(file: URL) throws {
        for vector in try SignatureVectors.read(file) {
            let signature = try sign(vector)
            let canonical = signature.canonicalRequest
            let target = canonical.uri + (canonical.query.isEmpty ? "" : "?" + canonical.query)
            #expect(target == vector.expect.requestTarget, "\(vector.id)")
            #expect(canonical.text == vector.expect.canonicalRequest, "\(vector.id)")
            #expect(signature.stringToSign == vector.expect.stringToSign, "\(vector.id)")
            #expect(signature.authorization == vector.expect.authorization, "\(vector.id)")
        }
    }

    @Test(arguments: PublicSuites.cases.filter { $0.suite == "aws-c-auth-v4" })
    func `agrees with the suite of aws-c-auth wherever S3 does`(example: PublicSuites.Case) throws {
        let folder = try #require(PublicSuites.folder).appending(path: "\(example.suite)/\(example.name)")
        let context = try JSONDecoder.snakeCase.decode(Context.self, from: Data(contentsOf: folder / "context.json"))
        let request = RawRequest(try text(folder / "request.txt"))
        let signature = try sign(request, context: context)
        let isEqual = signature.canonicalRequest.text == (try text(folder / "header-canonical-request.txt"))
        #expect(isEqual == example.isForS3)
        guard example.isForS3 else { return }
        #expect(signature.stringToSign == (try text(folder / "header-string-to-sign.txt")))
        #expect(try signature.authorization.hasSuffix("Signature=\(text(folder / "header-signature.txt"))"))
    }

    @Test(arguments: PublicSuites.cases.filter { $0.suite == "botocore-aws4" })
    func `agrees with the older suite wherever S3 does`(example: PublicSuites.Case) throws {
        let folder = try #require(PublicSuites.folder).appending(path: "\(example.suite)/\(example.name)")
        let name = folder.lastPathComponent
        var request = RawRequest(try text(folder / "\(name).req"))
        request.headers.removeAll { lowercased($0.name) == "x-amz-date" }
        var token: String?
        if name == "get-vanilla-with-session-token" || name == "post-sts-header-before" {
            request.headers.removeAll { lowercased($0.name) == "x-amz-security-token" }
            let lines = try text(folder / "\(name).creq").components(separatedBy: "\n")
            token = lines.first { $0.hasPrefix("x-amz-security-token:") }.map { String($0.dropFirst(21)) }
        }
        let context = Context(
            credentials: .init(
                accessKeyId: "AKIDEXAMPLE",
                secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                token: token
            ),
            region: "us-east-1",
            service: "service",
            signBody: nil,
            timestamp: "2015-08-30T12:36:00Z",
            omitSessionToken: nil
        )
        let signature = try sign(request, context: context, hashesBody: true)
        let isEqual = signature.canonicalRequest.text == (try text(folder / "\(name).creq"))
        #expect(isEqual == example.isForS3)
        guard example.isForS3 else { return }
        #expect(signature.stringToSign == (try text(folder / "\(name).sts")))
        #expect(signature.authorization == (try text(folder / "\(name).authz")))
    }

    @Test
    func `derives a new key when the day changes`() throws {
        let credentials = S3Credentials(accessKeyID: "A", secretAccessKey: "S")
        let warm = SigV4Signer(credentials: credentials, region: "r")
        for second: Int64 in [1_795_219_199, 1_795_219_200, 1_795_219_199] {
            let fresh = SigV4Signer(credentials: credentials, region: "r")
            let (left, right) = (try warm.signatureOfNothing(at: second), try fresh.signatureOfNothing(at: second))
            #expect(left == right)
        }
    }

    @Test
    func `never prints a secret`() {
        let credentials = S3Credentials(accessKeyID: "AKIDCANARY", secretAccessKey: "canary", sessionToken: "canary")
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped, "\(credentials.secretAccessKey)"] {
            #expect(!text.contains("canary"))
            #expect(!text.contains("AKIDCANARY"))
        }
    }

    private func sign(_ vector: SignatureVectors.Vector) throws -> SigV4Signer.Signature {
        let signer = SigV4Signer(
            credentials: S3Credentials(
                accessKeyID: vector.accessKey,
                secretAccessKey: vector.secretKey,
                sessionToken: vector.sessionToken
            ),
            region: vector.region,
            service: vector.service
        )
        var path = Array("/\(vector.bucket)".utf8)
        if let key = vector.keyUtf8B64 {
            path += [0x2F] + (try #require(Data(base64Encoded: key)))
        }
        let body = try #require(Data(base64Encoded: vector.bodyB64))
        return try signer.sign(
            method: vector.method,
            path: path,
            query: vector.query.map { QueryItem($0[0] ?? "", $0[1].map { Array($0.utf8) }) },
            headers: [Header("Host", vector.hostHeader)] + vector.headersToSign.map { Header($0[0], $0[1]) },
            payloadHash: vector.payload == "signed" ? SHA256.hex(Array(body)) : vector.payload,
            at: #require(Timestamp(basicFormat: vector.timestamp))
        )
    }

    private func sign(
        _ request: RawRequest,
        context: Context,
        hashesBody: Bool = false
    ) throws -> SigV4Signer.Signature {
        let signsBody = context.signBody == true
        let omitsToken = context.omitSessionToken == true
        let signer = SigV4Signer(
            credentials: S3Credentials(
                accessKeyID: context.credentials.accessKeyId,
                secretAccessKey: context.credentials.secretAccessKey,
                sessionToken: omitsToken ? nil : context.credentials.token
            ),
            region: context.region,
            service: context.service
        )
        return try signer.sign(
            method: request.method,
            path: request.path,
            query: request.query,
            headers: request.headers,
            payloadHash: signsBody || hashesBody ? SHA256.hex(request.body) : SHA256.hexOfNothing,
            payloadHeader: signsBody ? .sent : .omitted,
            at: #require(Timestamp(text: context.timestamp))
        )
    }

    private func text(_ file: URL) throws -> String {
        try String(contentsOf: file, encoding: .utf8).replacingOccurrences(of: "\r\n", with: "\n")
    }
}

private struct Context: Decodable {
    struct Keys: Decodable {
        let accessKeyId: String
        let secretAccessKey: String
        let token: String?
    }

    let credentials: Keys
    let region: String
    let service: String
    let signBody: Bool?
    let timestamp: String
    let omitSessionToken: Bool?
}

extension JSONDecoder {
    fileprivate static var snakeCase: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}

extension URL {
    fileprivate static func / (folder: URL, name: String) -> URL {
        folder.appending(path: name)
    }
}

extension SigV4Signer {
    fileprivate func signatureOfNothing(at second: Int64) throws -> String {
        let time = Timestamp(seconds: second)
        let headers = [Header("host", "h")]
        return try sign(method: "GET", path: [], query: [], headers: headers, payloadHash: "", at: time).authorization
    }
}

extension Timestamp {
    /// Reads `20261120T203000Z`.
    init?(basicFormat text: String) {
        let c = Array(text)
        guard c.count == 16 else { return nil }
        let (date, time) = ("\(String(c[0..<4]))-\(String(c[4..<6]))-\(String(c[6..<11]))", c[11...])
        let clock = "\(String(time[11..<13])):\(String(time[13..<16]))"
        self.init(text: "\(date):\(clock)")
    }

    /// Reads `2026-11-20T20:30:00Z`.
    init?(text: String) {
        let bytes = Array(text.utf8)
        self.init(rfc3339: bytes.span)
    }
}

import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// TLS that fails, and how often a connection is tried then.
struct HandshakeTests {
    private static func store(
        caFile: URL? = nil,
        greeting: @escaping @Sendable (Int) -> [HostileServer.Step]?
    ) throws -> Misbehaviour {
        try Misbehaviour(
            change: { configuration in
                configuration.endpoint = configuration.endpoint?.replacing("http:", with: "https:")
                configuration.caFile = try caFile?.path() ?? PrivateCertificates.shared().authority.path()
            },
            greeting: greeting,
            script: { _ in Misbehaviour.good }
        )
    }

    /// ServerHello of TLS 1.0: version 3.1, a session without a name, AES-128.
    private static let hello10: [UInt8] =
        [0x16, 3, 1, 0, 0x2A, 2, 0, 0, 0x26, 3, 1] + [UInt8](repeating: 7, count: 32) + [0, 0, 0x2F, 0]

    @Test(
        arguments: [
            (hello10, "no TLS connection", "TLS 1.2"), ([0x15, 3, 1, 0, 2, 2, 70], "no TLS connection", "TLS 1.2"),
            (Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), "does not speak TLS", "http://"),
        ] as [([UInt8], String, String)]
    )
    func `43 a peer without TLS 1.2 is final`(answer: [UInt8], message: String, hint: String) async throws {
        let server = try Self.store { _ in [.send(answer), .hang] }
        await server.expectFailure(.tls, requests: 0, saying: message, hint: hint)
        #expect(server.server.connections == 1)
    }

    @Test(arguments: [[.send([0x16, 3, 3, 0, 0x7A, 2]), .close], [.close], [.reset]] as [[HostileServer.Step]])
    func `43 a handshake that breaks off is tried again`(steps: [HostileServer.Step]) async throws {
        let server = try Self.store { _ in steps }
        await server.expectFailure(.network, requests: 0, saying: "gave up after 5 attempts")
        #expect(server.server.connections == 5)
    }

    /// What is wrong with a certificate.
    enum Fault: CaseIterable, Sendable {
        case expired, future, otherHost, unknownAuthority

        var message: String {
            switch self {
            case .expired: "has expired"
            case .future: "is not valid yet"
            case .otherHost: "is for another host"
            case .unknownAuthority: "unknown authority"
            }
        }

        func certificate(_ all: PrivateCertificates) -> URL {
            switch self {
            case .expired: all.expired
            case .future: all.future
            case .otherHost: all.otherHost
            case .unknownAuthority: all.good
            }
        }
    }

    @Test(arguments: Fault.allCases)
    func `43 a certificate that does not hold is final`(fault: Fault) async throws {
        let certificates = try PrivateCertificates.shared()
        let behind = try LoopbackServer.answers([.emptyListing], certificate: fault.certificate(certificates))
        let server = try Self.store(caFile: fault == .unknownAuthority ? certificates.otherAuthority : nil) { _ in
            [.tunnel(port: behind.port)]
        }
        await server.expectFailure(.tls, requests: 0, saying: fault.message)
        #expect(server.server.connections == 1)
    }

    @Test
    func `44 a certificate that was exchanged is seen by the next connection`() async throws {
        let certificates = try PrivateCertificates.shared()
        let closing = LoopbackServer.Answer(
            200,
            headers: ["Connection": "close"],
            body: .page("")
        )
        let good = try LoopbackServer.answers([closing], certificate: certificates.good)
        let expired = try LoopbackServer.answers([closing], certificate: certificates.expired)
        let server = try Self.store { [.tunnel(port: $0 == 0 ? good.port : expired.port)] }
        #expect(try await server.listing().keys == [])
        await server.expectFailure(.tls, requests: 0, saying: "has expired")
    }
}

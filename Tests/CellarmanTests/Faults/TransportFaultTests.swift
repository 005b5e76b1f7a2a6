import BarmanCatalog
import Foundation
import ObjectStorage
import Synchronization
import TestSupport
import Testing

@testable import ObjectStorageS3

/// A transport that fails at every point: a load ends with the right catalog, or throws, and never finds less.
struct TransportFaultTests {
    private static let bucket = Task { try await FaultyBucket("promotions", pageSize: 7) }

    /// Which requests of a load fail.
    private func counted(_ failing: Range<Int>) -> @Sendable () -> Bool {
        let seen = Mutex(0)
        return {
            let number = seen.withLock { seen in
                defer { seen += 1 }
                return seen
            }
            return failing.contains(number)
        }
    }

    @Test
    func `a load without a fault is right`() async throws {
        let bucket = try await Self.bucket.value
        #expect(try await bucket.load { _ in nil } == .right)
        // Several pages, and several small objects.
        #expect(bucket.requests > 10 && bucket.catalog.servers.count > 0)
    }

    @Test(arguments: [HostileServer.Step.reset, .close], [1, 4])
    func `a connection that ends at any request, and not for ever, costs nothing`(
        end: HostileServer.Step,
        times: Int
    ) async throws {
        let bucket = try await Self.bucket.value
        for request in 0..<bucket.requests {
            let fails = counted(request..<(request + times))
            #expect(try await bucket.load { _ in fails() ? [end] : nil } == .right, "at request \(request)")
        }
    }

    @Test(arguments: [HostileServer.Step.reset, .close])
    func `a connection that always ends at one request ends the load`(end: HostileServer.Step) async throws {
        let bucket = try await Self.bucket.value
        for request in 0..<bucket.requests {
            let fails = counted(request..<Int.max)
            #expect(
                try await bucket.load { _ in fails() ? [end] : nil } == .failed(.network),
                "at request \(request)"
            )
        }
    }

    @Test(arguments: [HostileServer.Step.reset, .close])
    func `an answer that ends at any byte is asked for again`(end: HostileServer.Step) async throws {
        let bucket = try await Self.bucket.value
        for byte in Array(0..<20) + stride(from: 20, to: bucket.longest, by: max(1, bucket.longest / 60)) {
            // A different request for each byte, so that every kind of answer is cut at many places.
            let fails = counted((byte % bucket.requests)..<(byte % bucket.requests + 1))
            let proper = bucket.bucket
            let ending = try await bucket.load { question in
                guard fails() else { return nil }
                let answer = proper.answer(question)
                return answer.cut(after: min(byte, answer.byteCount - 1), then: end)
            }
            #expect(ending == .right, "at byte \(byte)")
        }
    }

    @Test(arguments: [HostileServer.Step.reset, .close])
    func `answers that always end at some byte end the load`(end: HostileServer.Step) async throws {
        let bucket = try await Self.bucket.value
        for byte in [0, 1, 5, 9] + stride(from: 20, to: bucket.longest, by: max(1, bucket.longest / 25)) {
            let proper = bucket.bucket
            let ending = try await bucket.load { question in
                let answer = proper.answer(question)
                return answer.cut(after: min(byte, answer.byteCount - 1), then: end)
            }
            guard case .failed(let code) = ending else {
                Issue.record("at byte \(byte): \(ending)")
                continue
            }
            #expect([.network, .badResponse].contains(code), "at byte \(byte)")
        }
    }

    @Test(arguments: [0, 60, 400])
    func `an answer that stalls is asked for again, and then ends the load`(byte: Int) async throws {
        let bucket = try await Self.bucket.value
        let proper = bucket.bucket
        let hurry: (inout S3Configuration) -> Void = { configuration in
            configuration.timeouts.stall = .seconds(1)
            configuration.timeouts.firstByte = .seconds(1)
            configuration.timeouts.firstByteOfListing = .seconds(1)
        }
        for request in [0, bucket.requests - 1] {
            let once = counted(request..<(request + 1))
            let ending = try await bucket.load(change: hurry) { question in
                once() ? proper.answer(question).cut(after: byte, then: .hang) : nil
            }
            #expect(ending == .right, "at request \(request)")
        }
        let ending = try await bucket.load(change: hurry) { proper.answer($0).cut(after: byte, then: .hang) }
        #expect(ending == .failed(.timedOut))
    }

    @Test
    func `a server that comes up while it is waited for is found`() async throws {
        let bucket = try await Self.bucket.value
        let proper = bucket.bucket
        // A port that is free again as soon as this server is gone.
        let port = try HostileServer { _ in [] }.port
        let started = Mutex<(waits: Int, server: HostileServer?)>((0, nil))
        let ending = try await bucket.load(
            "http://127.0.0.1:\(port)",
            sleep: { _ in
                try started.withLock { started in
                    started.waits += 1
                    if started.waits == 3 { started.server = try HostileServer(port: port) { proper.answer($0) } }
                }
            }
        )
        #expect(ending == .right)
        #expect(try await bucket.load("http://127.0.0.1:1") == .failed(.network))
    }

    @Test
    func `a host that is not found ends the load`() async throws {
        let bucket = try await Self.bucket.value
        #expect(try await bucket.load("http://nobody.invalid") == .failed(.network))
        #expect(try await bucket.load("https://nobody.invalid") == .failed(.network))
    }

    @Test
    func `TLS that fails ends the load, at the first connection or later`() async throws {
        let bucket = try await Self.bucket.value
        let plain = try HostileServer { _ in [] }
        let hurry: (inout S3Configuration) -> Void = { configuration in
            configuration.timeouts.connect = .seconds(1)
            configuration.maxAttempts = 2
        }
        // It waits for the rest of what it takes for a request.
        #expect(try await bucket.load("https://127.0.0.1:\(plain.port)", change: hurry) == .failed(.network))
        let talking = try HostileServer(greeting: { _ in .raw("HTTP/1.1 400 Bad Request\r\n\r\n") }) { _ in [] }
        #expect(try await bucket.load("https://127.0.0.1:\(talking.port)") == .failed(.tls))
        let rclone = try LoopbackServer.rclone(
            directory: packageRoot.appending(path: "Fixtures/buckets"),
            certificate: PrivateCertificates.shared().expired
        )
        #expect(try await bucket.load(rclone.endpoint(scheme: "https")) == .failed(.tls))
    }

    @Test(
        arguments: [
            .answer(404, [:], "<html>not found</html>"), .answer(404), .answer(200, [:], "<html>log in</html>"),
            .answer(302, ["Location": "http://127.0.0.1:1/login"]), .answer(407), .answer(413, [:], "too large"),
            .answer(200, ["Content-Encoding": "br"], "x"), .answer(200), .error(200, "InternalError"),
            .answer(200, ["Content-Type": "text/plain"], "try again later"), .answer(401), .answer(416),
        ] as [[HostileServer.Step]]
    )
    func `another's answer at any request never makes a report that misses objects`(
        answer: [HostileServer.Step]
    ) async throws {
        let bucket = try await Self.bucket.value
        for request in 0..<bucket.requests {
            let fails = counted(request..<Int.max)
            let ending = try await bucket.load { _ in fails() ? answer : nil }
            guard case .failed = ending else {
                Issue.record("at request \(request): \(ending)")
                continue
            }
        }
    }
}

import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// Servers that fail, are slow, tell the wrong time, or send elsewhere.
struct PatienceTests {
    @Test
    func `35 a storm of failures spends one budget, and then is given up`() async throws {
        let storm = try Misbehaviour { _ in .error(500, "InternalError") }
        let errors = await withTaskGroup(of: ObjectStoreError?.self) { group in
            for number in 0..<150 {
                group.addTask {
                    do throws(ObjectStoreError) {
                        _ = try await storm.store.get(ObjectKey("k\(number)"), limit: 10)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(errors.allSatisfy { $0?.code == .server })
        // 500 tokens, of which each repetition takes 5.
        #expect(storm.server.questions.count == 150 + 100)
        #expect(errors.contains { $0?.message.contains("too many requests failed before") == true })
        await (try Misbehaviour(.error(500, "InternalError")))
            .expectFailure(.server, requests: 5, saying: "gave up after 5 attempts")
    }

    @Test(
        arguments: [
            (["Retry-After": "86400"], 60), (["Retry-After": "7"], 7), (["Retry-After": "-5"], 0),
            (["Retry-After": "99999999999999999999"], 0), (["Retry-After": "soon"], 0), ([:], 0),
            (["Retry-After": "Fri, 20 Nov 2026 20:30:00 GMT", "Date": "Fri, 20 Nov 2026 20:29:50 GMT"], 10),
            (["Retry-After": "Fri, 20 Nov 2026 20:30:00 GMT", "Date": "Fri, 20 Nov 2026 20:40:00 GMT"], 0),
            (["Retry-After": "Fri, 20 Nov 2037 20:30:00 GMT", "Date": "Fri, 20 Nov 2026 20:30:00 GMT"], 60),
            (["x-amz-retry-after": "1500"], 1.5), (["x-amz-retry-after": "99999999"], 60),
        ] as [([String: String], Double)]
    )
    func `36 a wish to wait counts from 0 to 60 seconds`(headers: [String: String], seconds: Double) async throws {
        var world = S3World.impatient
        world.random = { 0 }
        let server = try Misbehaviour(.error(503, "SlowDown", headers: headers), world: world)
        await server.expectFailure(.throttled, requests: 8)
        #expect(server.waits.all == Array(repeating: seconds, count: 7))
    }

    @Test(arguments: ["HTTP/1.1 200 OK\r\nX-Slow: ", "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<ListBucket"])
    func `37 an answer that stalls in its head or body is given up after the fifth time`(start: String) async throws {
        let change = { (configuration: inout S3Configuration) in configuration.timeouts.stall = .seconds(1) }
        let slow: [HostileServer.Step] = [.send(Array(start.utf8)), .hang]
        try await Misbehaviour(slow, Misbehaviour.good, change: change).expectKeys(requests: 2)
        await (try Misbehaviour(slow, change: change))
            .expectFailure(.timedOut, requests: 5, saying: "no further byte of the answer within 1 s")
    }

    @Test
    func `37 a trickle that never stalls is seen by its rate`() {
        let start = ContinuousClock.now
        var timers = TransferTimers(firstByte: .seconds(30), stall: .seconds(30), total: nil)
        timers.start(at: start)
        timers.connected(at: start)
        var failure: TransportFailure?
        // One byte in ten seconds.
        for second in stride(from: 0, through: 80, by: 10) where failure == nil {
            timers.received(1)
            failure = timers.overdue(at: start + .seconds(second))
        }
        #expect(failure?.kind == .stalled)
    }

    @Test
    func `38 a server that says nothing is given up after the fifth time`() async throws {
        let change = { (configuration: inout S3Configuration) in
            configuration.timeouts.firstByteOfListing = .seconds(1)
        }
        try await Misbehaviour([.hang], Misbehaviour.good, change: change).expectKeys(requests: 2)
        await (try Misbehaviour([.hang], change: change))
            .expectFailure(.timedOut, requests: 5, saying: "no answer within 1 s")
    }

    @Test(arguments: [-86400, -1200, 1200, 86400])
    func `39 a clock that is wrong is corrected once`(seconds: Int64) async throws {
        let refused: [HostileServer.Step] = .error(
            403,
            "RequestTimeTooSkewed",
            headers: ["Date": "Fri, 20 Nov 2026 20:30:00 GMT"]
        )
        var world = S3World.impatient
        world.clock = { 1_795_206_600_000_000 + seconds * 1_000_000 }
        let server = try Misbehaviour(refused, Misbehaviour.good, world: world)
        try await server.expectKeys(requests: 2)
        #expect(server.server.questions[1].headers["x-amz-date"] == "20261120T203000Z")
        await (try Misbehaviour(refused, world: world)).expectFailure(.clockSkew, requests: 2, hint: "set the clock")
    }

    @Test(arguments: [
        ["Date": "Fri, 20 Nov 2026 20:30:00 GMT", "Age": "5"], ["Date": "Fri, 20 Nov 1926 20:30:00 GMT"],
        ["Date": "some day"], [:],
    ])
    func `39 the date of a cache, or of no clock at all, corrects nothing`(headers: [String: String]) async throws {
        var world = S3World.impatient
        world.clock = { 1_795_206_600_000_000 - 1_200_000_000 }
        await (try Misbehaviour(.error(403, "RequestTimeTooSkewed", headers: headers), world: world))
            .expectFailure(.clockSkew, requests: 1)
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `40 a redirect is never followed`(status: Int) async throws {
        let other = try HostileServer { _ in Misbehaviour.good }
        let targets = [
            "\(other.endpoint)/backups?token=canary", "file:///etc/passwd", "//169.254.169.254/latest/",
            "http://169.254.169.254/latest/meta-data/", "ftp://127.0.0.1:\(other.port)/", "gopher://x/",
        ]
        for target in targets {
            let server = try Misbehaviour(.answer(status, ["Location": target]))
            await server.expectFailure(.badResponse, requests: 1, saying: "which is never followed")
        }
        #expect(other.connections == 0)
    }

    @Test(arguments: ["../../evil", "a.b", "x/y", "evil.example", "A", "", String(repeating: "a", count: 64)])
    func `41 a region that is no name is not taken over`(region: String) async throws {
        let server = try Misbehaviour(.error(301, "PermanentRedirect", headers: ["x-amz-bucket-region": region]))
        await server.expectFailure(.wrongRegion, requests: 1)
        let inBody = try Misbehaviour(.error(400, "AuthorizationHeaderMalformed", "<Region>\(region)</Region>"))
        await inBody.expectFailure(.wrongRegion, requests: 1)
    }

    @Test
    func `42 a region is corrected once`() async throws {
        let server = try Misbehaviour { question in
            .error(400, "AuthorizationHeaderMalformed", "<Region>r\(question.number)</Region>")
        }
        await server.expectFailure(.wrongRegion, requests: 2, hint: "--region r1")
        await server.expectFailure(.wrongRegion, requests: 3)
    }

    @Test(arguments: ["ExpiredToken", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken"])
    func `56 refused credentials are not tried again and again`(code: String) async throws {
        await (try Misbehaviour(.error(403, code))).expectFailure(.accessDenied, requests: 1)
        await (try Misbehaviour(.answer(403))).expectFailure(.accessDenied, requests: 1)
    }

    @Test
    func `58 a dead IPv6 address before a living one is passed over`() async throws {
        // Nothing listens at ::1; where the system knows no such address, libcurl has none to try either.
        try await Misbehaviour(
            Misbehaviour.good,
            change: { $0.endpoint = $0.endpoint?.replacing("127.0.0.1", with: "localhost") }
        )
        .expectKeys(requests: 1)
        try await Misbehaviour(
            Misbehaviour.good,
            change: { $0.endpoint = $0.endpoint?.replacing("127.0.0.1", with: "0.0.0.0") }
        )
        .expectKeys(requests: 1)
    }

    @Test
    func `58 a host that certainly does not exist is not looked for again`() async throws {
        let server = try Misbehaviour(Misbehaviour.good) {
            $0.endpoint = "http://nobody.invalid:9"
            $0.allowsPublicHTTP = true
        }
        let error = await #expect(throws: ObjectStoreError.self) { try await server.listing() }
        #expect(error?.code == .network && error?.message.contains("cannot find the host") == true)
        // Where no name service answers, nobody can be certain.
        let isCertain = await HostLookup.isUnknown("nobody.invalid")
        #expect(server.store.statistics.list == (isCertain ? 1 : 5))
        #expect(server.server.connections == 0)
    }

    @Test
    func `59 a proxy's refusal is final, and its failure is asked for again`() async throws {
        await (try Misbehaviour(.answer(407, [:], "<html>")))
            .expectFailure(.network, requests: 1, saying: "proxy wants credentials", hint: "https_proxy")
        try await Misbehaviour(.answer(502, [:], "<html>bad gateway</html>"), Misbehaviour.good).expectKeys(requests: 2)
        await (try Misbehaviour(.answer(502, [:], "bad gateway"))).expectFailure(.server, requests: 5)
    }

    @Test(arguments: ["", "not found", "<html>not found</html>", "{\"message\":\"no Route matched\"}"])
    func `59 a proxy's 404 is no word about a bucket or an object`(body: String) async throws {
        let server = try Misbehaviour(.answer(404, [:], body))
        await server.expectFailure(.badResponse, requests: 2, hint: "S3 API")
        await server.expectFailure(.badResponse, requests: 4, hint: "S3 API") {
            _ = try await $0.store.get("base/1/backup.info", limit: 100)
        }
        #expect(try await Misbehaviour(.answer(404, [:], body), Misbehaviour.good).listing().keys == ["a", "b"])
    }

    @Test
    func `60 a listing may take its time, and is asked for once`() async throws {
        let server = try Misbehaviour([.pause(700)] + Misbehaviour.good) { $0.timeouts.firstByte = .milliseconds(100) }
        try await server.expectKeys(requests: 1)
        #expect(S3Configuration.Timeouts().firstByteOfListing == .seconds(180))
    }
}

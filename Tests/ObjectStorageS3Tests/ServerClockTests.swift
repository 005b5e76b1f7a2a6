import ObjectStorage
import Testing

@testable import ObjectStorageS3

/// What answers prove of the server's clock, and what they leave open.
struct ServerClockTests {
    // 2026-11-20T20:30:00Z
    private static let time: Int64 = 1_795_206_600_000_000
    private static let second: Int64 = 1_000_000

    private func answer(_ headers: [(String, String)]) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: headers.map { Header($0.0, $0.1) },
            body: [],
            isEndAnnounced: true
        )
    }

    private func clock(_ headers: [(String, String)], sent: Int64 = time, received: Int64 = time) -> StoreClock {
        var clock = ServerClock()
        clock.learn(from: answer(headers), sent: sent, received: received)
        return clock.clock
    }

    @Test(arguments: [
        "Fri, 20 Nov 2026 20:30:00 GMT", "Friday, 20-Nov-26 20:30:00 GMT", "Fri Nov 20 20:30:00 2026",
    ])
    func `reads each form of a date that HTTP has`(text: String) {
        #expect(clock([("date", text)]) == .apart(0))
        let ahead = clock([("date", text)], sent: Self.time - 100 * Self.second, received: Self.time - 90 * Self.second)
        #expect(ahead == .apart(90 * Self.second))
        // The date leaves out the fraction of its second.
        let behind = clock([("date", text)], sent: Self.time + 90 * Self.second, received: Self.time + 95 * Self.second)
        #expect(behind == .apart(-89 * Self.second))
    }

    @Test
    func `a clock that is years away is as wrong as one that is minutes away`() {
        let away = clock([("date", "Sun, 20 Nov 2016 20:30:00 GMT")])
        guard case .apart(let microseconds) = away else {
            Issue.record("\(away)")
            return
        }
        #expect(microseconds < -3650 * 86_400 * Self.second)
    }

    @Test(
        arguments: [
            ([], "no Date"), ([("date", "yesterday")], "cannot be read: yesterday"),
            ([("date", "Fri, 20 Nov 2026 20:30:00 GMT"), ("age", "30")], "out of a cache"),
            ([("date", "Fri, 20 Nov 2026 20:30:00 GMT"), ("age", "soon")], "out of a cache"),
        ] as [([(String, String)], String)]
    )
    func `what does not tell the time leaves it open, and says why`(headers: [(String, String)], reason: String) {
        let clock = clock(headers)
        guard case .unknown(let why) = clock else {
            Issue.record("\(clock)")
            return
        }
        #expect(why.contains(reason))
    }

    @Test
    func `an answer that took too long, or came before it was asked for, tells nothing`() {
        let date = [("date", "Fri, 20 Nov 2026 20:30:00 GMT")]
        for (sent, received) in [(Self.time - 2000 * Self.second, Self.time), (Self.time, Self.time - Self.second)] {
            guard case .unknown = clock(date, sent: sent, received: received) else {
                Issue.record("\(sent), \(received)")
                continue
            }
        }
    }

    @Test
    func `of several answers the one that is furthest away counts`() {
        var clock = ServerClock()
        for text in ["20 Nov 2026 20:30:00", "20 Nov 2026 22:30:00", "20 Nov 2026 20:30:01"] {
            clock.learn(from: answer([("date", "Fri, \(text) GMT")]), sent: Self.time, received: Self.time)
        }
        clock.learn(from: answer([]), sent: Self.time, received: Self.time)
        #expect(clock.clock == .apart(7200 * Self.second))
        // Signatures go by the last one.
        #expect(clock.skew == Self.second)
    }

    @Test(
        arguments: [
            ("age", "6", "Age: 6"), ("age", "99999999999999999999", "Age: 99999999999999999999"),
            ("x-cache", "HIT", "x-cache: HIT"), ("x-cache", "Hit from cloudfront", "x-cache: Hit from cloudfront"),
            ("x-cache-status", "STALE", "x-cache-status: STALE"), ("x-cache", "TCP_MEM_HIT from proxy", nil),
            ("cf-cache-status", "HIT", "cf-cache-status: HIT"),
            ("cache-status", "nginx; hit", "cache-status: nginx; hit"),
        ] as [(String, String, String?)]
    )
    func `knows an answer out of a cache`(name: String, value: String, sign: String?) {
        #expect(CacheSign.of(answer([(name, value)])) == sign ?? "\(name): \(value)")
    }

    @Test(
        arguments: [
            ("age", "0"), ("age", "5"), ("x-cache", "MISS"), ("x-cache-status", "REVALIDATED"),
            ("x-cache", "RefreshHit from cloudfront"), ("cf-cache-status", "DYNAMIC"), ("cache-control", "no-hit"),
            ("x-amz-id-2", "HIT"), ("x-cache-lookup", "HIT from squid"), ("x-cache", "MISS from HIT-proxy"),
            ("cache-status", "nginx; fwd=stale"),
        ]
    )
    func `knows one that the store was asked for`(name: String, value: String) {
        #expect(CacheSign.of(answer([(name, value)])) == nil)
    }
}

import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// Listings whose pages do not fit together.
struct PagingTests {
    /// A page that goes on at a token.
    private static func page(_ content: String, next: String) -> [HostileServer.Step] {
        .listing("\(content)<NextContinuationToken>\(next)</NextContinuationToken>", isTruncated: true)
    }

    @Test
    func `19 a listing without end stops at the limit of pages and at that of objects`() async throws {
        let endless: @Sendable (HostileServer.Question) -> [HostileServer.Step] = { question in
            // Digits in front keep the keys in order.
            Self.page(.entries("\(1_000_000 + question.number)"), next: "t\(question.number)")
        }
        var limits = ListingCursor.Limits()
        limits.pages = 50
        await (try Misbehaviour(script: endless)).expectFailure(.tooLarge, requests: 51, saying: "more than 50 pages") {
            _ = try await $0.listing(limits: limits)
        }
        limits = .init()
        limits.objects = 20
        await (try Misbehaviour(script: endless)).expectFailure(.tooLarge, requests: 21, saying: "than 20 objects") {
            _ = try await $0.listing(limits: limits)
        }
    }

    @Test
    func `19 a listing without end stops when its time is over, be a request under way or not`() async throws {
        for steps in [[], [.hang]] as [[HostileServer.Step]] {
            let server = try HostileServer { question in
                Self.page(.entries("\(1_000_000 + question.number)"), next: "t\(question.number)")
                    .enumerated().flatMap {
                        $0.offset == 0 && question.number > 2 ? steps + [$0.element] : [$0.element]
                    }
            }
            let credentials = S3Credentials(accessKeyID: "KEY", secretAccessKey: "secret")
            var configuration = S3Configuration(bucket: "b", endpoint: server.endpoint, credentials: credentials)
            configuration.timeouts.altogether = .milliseconds(400)
            var world = S3World()
            world.sleep = { _ in }
            let store = try S3ObjectStore(configuration, world: world)
            let begin = ContinuousClock.now
            let error = await #expect(throws: ObjectStoreError.self) {
                var listing = ObjectListing(of: store, ListRequest(prefix: ""))
                while try await listing.nextPage() != nil {}
            }
            #expect(error?.code == .timedOut)
            // A request that was under way says that it got no answer, and why it is not repeated.
            #expect(error?.message.contains("the time that all requests ") == true, "\(error?.message ?? "-")")
            #expect(ContinuousClock.now - begin >= .milliseconds(400))
            #expect(!server.questions.isEmpty)
        }
    }

    @Test
    func `20 a token that comes again is asked for once more`() async throws {
        let stuck = try Misbehaviour(
            Self.page(.entries("a"), next: "t"),
            Self.page(.entries("b"), next: "t"),
            .listing(.entries("b"))
        )
        try await stuck.expectKeys(requests: 3)
        await (try Misbehaviour(Self.page(.entries("a"), next: "t"), Self.page(.entries("b"), next: "t")))
            .expectFailure(.inconsistentListing, requests: 3, saying: "does not advance")
    }

    @Test
    func `20 tokens that take turns do not go on for ever`() async throws {
        let server = try Misbehaviour { question in
            Self.page("", next: question.number.isMultiple(of: 2) ? "t" : "u")
        }
        await server.expectFailure(.inconsistentListing, requests: 101, saying: "101 empty pages")
    }

    @Test(arguments: [("b", "a"), ("b", "b"), ("b", "c"), ("a", "c")])
    func `21 keys that come again or go back on a later page end it`(first: String, second: String) async throws {
        await
            (try Misbehaviour(
                Self.page(.entries("a", "c"), next: "t"),
                .listing(.entries(first < second ? "b" : second, "d"))
            )).expectFailure(.inconsistentListing, requests: 2, saying: "was already past")
    }

    @Test
    func `22 a key twice on a page is dropped and noted, and with other properties ends it`() async throws {
        try await Misbehaviour(.listing(.entries("a", "b", "b"))).expectKeys(requests: 1, suspicions: 1)
        let other = String.entries("b").replacing("<Size>1", with: "<Size>2")
        await (try Misbehaviour(.listing(.entries("a", "b") + other)))
            .expectFailure(.inconsistentListing, requests: 1, saying: "came twice")
    }

    @Test
    func `23 keys out of order end it, with a word about stores that have none`() async throws {
        await (try Misbehaviour(.listing(.entries("b", "a"))))
            .expectFailure(.inconsistentListing, requests: 1, saying: "not in byte order", hint: "directory bucket")
    }

    @Test(arguments: ["other", "", "wal", "wals"])
    func `24 a key outside of the prefix ends it`(key: String) async throws {
        await (try Misbehaviour(.listing(.entries("\(key)x"))))
            .expectFailure(.inconsistentListing, requests: 1, saying: "outside the prefix") {
                _ = try await $0.listing("wals/")
            }
    }

    @Test(arguments: ["b", "a"])
    func `25 a key up to the start is told, so that the listing is done anew with one cursor`(key: String) async throws
    {
        // What the loader then does is held in ParallelListingTests.
        await (try Misbehaviour(.listing(.entries(key, "c"))))
            .expectFailure(.inconsistentListing, requests: 1, saying: "was already past") {
                _ = try await $0.listing(after: "b")
            }
    }

    @Test
    func `26 a page that goes on without a token goes on behind its last key`() async throws {
        let rest: [HostileServer.Step] = .listing(.entries("b"))
        let marked: [HostileServer.Step] = .listing(.entries("a") + "<NextMarker>a</NextMarker>", isTruncated: true)
        let byMarker = try Misbehaviour(marked, rest)
        try await byMarker.expectKeys(requests: 2)
        let byKey = try Misbehaviour(.listing(.entries("a"), isTruncated: true), rest)
        try await byKey.expectKeys(requests: 2, suspicions: 1)
        for server in [byMarker, byKey] {
            #expect(server.server.questions[1].query["start-after"] == Array("a".utf8))
        }
        await (try Misbehaviour(.listing("", isTruncated: true)))
            .expectFailure(.badResponse, requests: 1, saying: "neither an entry nor a token")
    }

    @Test
    func `28 a hundred empty pages in a row are waited out, and no more`() async throws {
        let patient = try Misbehaviour { question in
            question.number < 100 ? Self.page("", next: "t\(question.number)") : Misbehaviour.good
        }
        try await patient.expectKeys(requests: 101)
        await (try Misbehaviour { Self.page("", next: "t\($0.number)") })
            .expectFailure(.inconsistentListing, requests: 101, saying: "101 empty pages")
    }

    @Test(arguments: [
        ("<Prefix>other/</Prefix>", "another prefix"), ("<StartAfter>p/z</StartAfter>", "another start"),
    ])
    func `61 the answer to another request is asked for once more`(echo: String, message: String) async throws {
        let bad: [HostileServer.Step] = .listing(echo + .entries("p/b"))
        let good: [HostileServer.Step] = .listing("<Prefix>p/</Prefix>" + .entries("p/b"))
        #expect(try await Misbehaviour(bad, good).listing("p/", after: "p/a").keys == ["p/b"])
        await (try Misbehaviour(bad)).expectFailure(.badResponse, requests: 2, saying: message) {
            _ = try await $0.listing("p/", after: "p/a")
        }
    }

    @Test
    func `61 another page of the listing is asked for once more`() async throws {
        let first = Self.page(.entries("a"), next: "t")
        let bad: [HostileServer.Step] = .listing("<ContinuationToken>u</ContinuationToken>" + .entries("z"))
        let good: [HostileServer.Step] = .listing("<ContinuationToken>t</ContinuationToken>" + .entries("b"))
        try await Misbehaviour(first, bad, good).expectKeys(requests: 3)
        await (try Misbehaviour(first, bad)).expectFailure(.badResponse, requests: 3, saying: "another page")
    }
}

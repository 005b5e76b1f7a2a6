import Testing

@testable import ObjectStorageS3

struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-20T20:30:00.000Z", 1_795_206_600_000_000),
            ("2026-11-20T20:30:00.123456789Z", 1_795_206_600_123_456),
            ("2028-02-29T12:00:00+00:00", 1_835_438_400_000_000),
            ("1969-12-31T23:59:59.5Z", -500_000), ("2000-02-29T00:00:00.1Z", 951_782_400_100_000),
        ] as [(String, Int64)]
    )
    func `reads the times of a listing`(text: String, microseconds: Int64) {
        #expect(Timestamp(text: text)?.microseconds == microseconds)
    }

    @Test(arguments: [
        "", "2026-11-20", "2026-11-20T20:30:00", "2026-11-20T24:00:00Z", "2026-11-31T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-11-20T20:30:00.Z", "2026-11-20T20:30:00+02:00", "2026-11-20T20:30:00Zx",
        "２０２６-11-20T20:30:00Z",
    ])
    func `refuses what is no time`(text: String) {
        #expect(Timestamp(text: text) == nil)
    }

    @Test
    func `reads the date of a header`() {
        #expect(Timestamp(httpDate: "Fri, 20 Nov 2026 20:30:00 GMT")?.seconds == 1_795_206_600)
        for text in ["", "Fri, 20 Nov 2026 20:30:00", "20 Nov 2026 20:30:00 GMT", "Fri, 32 Nov 2026 20:30:00 GMT"] {
            #expect(Timestamp(httpDate: text) == nil)
        }
    }

    @Test(
        arguments: [
            (1_795_206_600, "20261120T203000Z"), (0, "19700101T000000Z"), (-1, "19691231T235959Z"),
            (1_798_761_599, "20261231T235959Z"), (1_798_761_600, "20270101T000000Z"), (951_782_400, "20000229T000000Z"),
        ] as [(Int64, String)]
    )
    func `writes the time of a signature`(seconds: Int64, text: String) {
        #expect(Timestamp(seconds: seconds).basicFormat == text)
    }

    @Test(arguments: [Int64.min, .max])
    func `does not trap at the ends of time`(value: Int64) {
        #expect(!Timestamp(microseconds: value).basicFormat.isEmpty)
        #expect(!Timestamp(seconds: value).basicFormat.isEmpty)
    }
}

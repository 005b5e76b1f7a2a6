import PostgresWAL
import Testing

struct TimelineIDTests {
    @Test(arguments: [
        (TimelineID(rawValue: 1), "1", "00000001.history"), (10, "10", "0000000A.history"),
        (4_294_967_295, "4294967295", "FFFFFFFF.history"),
    ])
    func `prints in decimal and names its history in hexadecimal`(
        timeline: TimelineID,
        text: String,
        history: String
    ) {
        #expect(timeline.description == text)
        #expect(timeline.historyFileName == history)
    }

    @Test
    func `the last timeline has no next one`() {
        #expect(TimelineID.first.next == 2)
        #expect(TimelineID(rawValue: .max).next == nil)
    }
}

import PostgresWAL
import Testing

struct LSNTests {
    @Test(arguments: [
        ("0/0", 0), ("0/28", 0x28), ("16/B374D848", 0x16_B374_D848), ("1/0", 0x1_0000_0000),
        ("ffffffff/ffffffff", UInt64.max), ("00000001/0000000A", 0x1_0000_000A),
    ])
    func `reads two hexadecimal numbers of either case`(text: String, value: UInt64) {
        #expect(LSN(text)?.rawValue == value)
    }

    @Test(arguments: [
        "", "/", "0", "0/", "/0", "0/0/0", "0/G", "g/0", "0x1/0", "-1/0", "+1/0", "0 /0", " 0/0", "0/0 ",
        "123456789/0", "0/123456789", "0-0", "0/０", "0/0\n",
    ])
    func `refuses what is not a position`(text: String) {
        #expect(LSN(text) == nil)
    }

    @Test(arguments: [
        (UInt64(0), "0/0"), (0xAB, "0/AB"), (0x16_B374_D848, "16/B374D848"), (0x1_0000_0000, "1/0"),
        (.max, "FFFFFFFF/FFFFFFFF"),
    ])
    func `prints as PostgreSQL does`(value: UInt64, text: String) {
        #expect(LSN(rawValue: value).description == text)
        #expect(LSN(text) == LSN(rawValue: value))
    }

    @Test
    func `reads what it prints`() {
        for shift in 0..<64 {
            for value in [UInt64(1) << shift, (UInt64(1) << shift) &- 1, UInt64.max << shift] {
                #expect(LSN(LSN(rawValue: value).description)?.rawValue == value)
            }
        }
    }

    @Test
    func `is ordered by the stream and not by its text`() {
        #expect(LSN(rawValue: 0xA) < LSN(rawValue: 0x10))
        #expect(!(LSN(rawValue: 0x10) < LSN(rawValue: 0x10)))
        #expect(LSN(rawValue: 0xFFFF_FFFF) < LSN(rawValue: 0x1_0000_0000))
    }
}

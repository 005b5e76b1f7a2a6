import Testing

@testable import BarmanCatalog

struct CursorLimitTests {
    @Test
    func `halves when the store asks to slow down, and grows again after a while without`() {
        var limit = CursorLimit(most: 16, throttles: 3)
        #expect(limit.value == 16)
        limit.listed(throttles: 4)
        #expect(limit.value == 8)
        limit.listed(throttles: 6)
        #expect(limit.value == 4)
        for _ in 0..<19 { limit.listed(throttles: 6) }
        #expect(limit.value == 4)
        limit.listed(throttles: 6)
        #expect(limit.value == 5)
    }

    @Test
    func `never goes below one cursor nor above what was asked for`() {
        var limit = CursorLimit(most: 2, throttles: 0)
        for throttles in 1...9 { limit.listed(throttles: throttles) }
        #expect(limit.value == 1)
        for _ in 0..<100 { limit.listed(throttles: 9) }
        #expect(limit.value == 2)
    }
}

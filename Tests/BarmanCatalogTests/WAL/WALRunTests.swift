import BarmanCatalog
import PostgresWAL
import Testing

struct WALRunTests {
    @Test
    func `knows the names of its ends`() {
        let run = WALRun(timeline: 2, segments: 0xFE...0x101)
        #expect(run.count == 4)
        #expect(run.firstName(size: .standard).description == "0000000200000000000000FE")
        #expect(run.lastName(size: .standard).description == "000000020000000100000001")
    }
}

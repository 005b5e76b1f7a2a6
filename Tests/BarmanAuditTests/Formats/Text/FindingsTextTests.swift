import Testing

@testable import BarmanAudit

struct FindingsTextTests {
    private func lines(errors: Int, infos: Int) -> [String] {
        let findings =
            (0..<errors).map { Finding(.walGap, .error, "error \($0)") }
            + (0..<infos).map { Finding(.walOrphan, .info, "info \($0)") }
        return FindingsText(findings, style: TextStyle(width: 80)).lines
    }

    @Test
    func `fifty findings are all shown`() {
        let lines = lines(errors: 20, infos: 30)
        #expect(lines.count == 50)
        #expect(lines.last == "info     wal-orphan: info 29")
    }

    @Test
    func `of more, the last are left out and counted`() {
        let lines = lines(errors: 20, infos: 31)
        #expect(lines.count == 51)
        #expect(lines.count { $0.hasPrefix("error") } == 20)
        #expect(lines.last == "… and 1 more: --output json lists them all")
    }

    @Test
    func `infos give way to errors`() {
        let lines = lines(errors: 60, infos: 1_500)
        #expect(lines.dropLast().allSatisfy { $0.hasPrefix("error") })
        #expect(lines.last == "… and 1,510 more: --output json lists them all")
    }
}

internal import BarmanCatalog

/// What takes the room of a server.
struct UsageText {
    private let usage: Usage
    private let style: TextStyle

    init(_ usage: Usage, style: TextStyle) {
        self.usage = usage
        self.style = style
    }

    var lines: [String] {
        var table = TextTable([.text("class"), .number("objects"), .number("size"), .number("bytes")])
        for kind in Usage.Class.allCases where usage[kind].objects > 0 {
            let share = usage[kind]
            table.append([kind.rawValue, grouped(share.objects), byteCount(share.bytes), String(share.bytes)])
        }
        let total = usage.total
        table.append(["total", grouped(total.objects), byteCount(total.bytes), String(total.bytes)])
        return table.lines(indent: 2, style: style)
    }
}

/// Rows of cells in columns as wide as their widest cell.
///
/// Where the rows are wider than the style allows, columns are left out, the most dispensable first.
struct TextTable {
    /// One column.
    struct Column {
        var title: String
        var isNumber = false
        /// 0 for a column that stays, else the higher the sooner it is left out.
        var dispensability = 0

        static func text(_ title: String, dispensable: Int = 0) -> Column {
            Column(title: title, dispensability: dispensable)
        }

        static func number(_ title: String, dispensable: Int = 0) -> Column {
            Column(title: title, isNumber: true, dispensability: dispensable)
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    mutating func append(_ row: [String]) {
        rows.append(row)
    }

    /// The lines, the head first, without blanks at their ends.
    func lines(indent: Int = 0, style: TextStyle) -> [String] {
        let widths = columns.indices.map { column in
            ([columns[column].title] + rows.map { $0[column] }).map(\.displayWidth).max() ?? 0
        }
        let shown = self.shown(widths, room: style.width - indent)
        let lines = ([columns.map(\.title)] + rows).map { row in
            let cells = shown.map { column in
                columns[column].isNumber ? row[column].aligned(widths[column]) : row[column].padded(widths[column])
            }
            return (String(repeating: " ", count: indent) + cells.joined(separator: "  ")).withoutTrailingBlanks
        }
        return [style.paint(lines[0], .faint)] + lines.dropFirst()
    }

    /// The columns that there is room for.
    private func shown(_ widths: [Int], room: Int) -> [Int] {
        var shown = Array(columns.indices)
        while shown.reduce(-2, { $0 + widths[$1] + 2 }) > room,
            let dispensable = shown.max(by: { columns[$0].dispensability < columns[$1].dispensability }),
            columns[dispensable].dispensability > 0
        {
            shown.removeAll { $0 == dispensable }
        }
        return shown
    }
}

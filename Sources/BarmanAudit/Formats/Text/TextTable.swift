/// Rows of cells in columns as wide as their widest cell.
struct TextTable {
    /// How the cells of a column stand.
    enum Alignment {
        case left
        case right
    }

    private let head: [String]
    private let alignments: [Alignment]
    private var rows: [[String]] = []

    init(_ columns: [(String, Alignment)]) {
        head = columns.map(\.0)
        alignments = columns.map(\.1)
    }

    mutating func append(_ row: [String]) {
        rows.append(row)
    }

    /// The lines, the head first, without blanks at their ends.
    func lines(indent: Int = 0, style: TextStyle) -> [String] {
        let widths = head.indices.map { column in
            ([head] + rows).map { $0[column].count }.max() ?? 0
        }
        let all = ([head] + rows).map { row in
            let cells = row.indices.map { column in
                alignments[column] == .left ? row[column].padded(widths[column]) : row[column].aligned(widths[column])
            }
            let line = String(repeating: " ", count: indent) + cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
        return [style.paint(all[0], .faint)] + all.dropFirst()
    }
}

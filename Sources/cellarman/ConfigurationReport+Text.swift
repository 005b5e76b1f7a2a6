extension ConfigurationReport {
    /// The report for people.
    var text: String {
        var lines = table(
            [["setting", "value", "from"]] + settings.map { [$0.name, $0.value ?? "not set", $0.source] }
        )
        lines += ["", "credentials"]
        lines += table(credentialRows).map { "  \($0)" }
        lines += ["", "keys were looked for in this order"]
        lines += table(places.map { [Self.words[$0.outcome] ?? $0.outcome, $0.name, $0.reason ?? ""] }).map {
            "  \($0)"
        }
        if !warnings.isEmpty {
            lines += ["", "warnings"]
            lines += warnings.map { "  \($0)" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let words = [
        "used": "used", "empty": "nothing", "failed": "bad", "skipped": "skipped", "notReached": "not needed",
    ]

    private var credentialRows: [[String]] {
        guard let credentials else { return [["none"]] }
        let unasked = "not asked for yet; --resolve does"
        var rows = [
            ["from", credentials.source], ["by", credentials.kind],
            ["access key", credentials.accessKeyID ?? unasked],
            ["secret key", credentials.secretAccessKey ?? unasked],
            ["session token", credentials.sessionToken ?? unasked],
        ]
        if credentials.kind != "keys" { rows.insert(["of", credentials.from], at: 2) }
        if let expires = credentials.expires { rows.append(["expires", expires]) }
        return rows
    }

    /// Columns as wide as what is in them; the last one is as long as it is.
    private func table(_ rows: [[String]]) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
            }
            var line = cells.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }
}

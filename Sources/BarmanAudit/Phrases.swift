internal import ObjectStorage
internal import PostgresWAL

/// A number and its noun: `1 segment`, `2 segments`.
func counted(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
}

/// One segment or the first and the last of several: `0000…05`, `0000…05 to 0000…07`.
func span(_ timeline: TimelineID, _ segments: ClosedRange<UInt64>, size: WALSegmentSize) -> String {
    let first = WALSegmentName(timeline: timeline, number: segments.lowerBound, size: size)
    guard segments.count > 1 else { return first.description }
    return "\(first) to \(WALSegmentName(timeline: timeline, number: segments.upperBound, size: size))"
}

/// A length of time in its two largest units: `3d 4h`, `5m 12s`.
func duration(_ seconds: Double) -> String {
    let seconds = Int(max(0, min(seconds.rounded(), 1e12)))
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
    guard let first = parts.firstIndex(where: { $0.0 > 0 }) else { return "0s" }
    return parts[first...].prefix(2).filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined(separator: " ")
}

/// A size in binary units with three figures at least: `612 B`, `1.17 MiB`, `24.0 GiB`.
func byteCount(_ bytes: Int64) -> String {
    var value = Double(bytes)
    var units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][...]
    while value >= 1024, units.count > 1 {
        value /= 1024
        units = units.dropFirst()
    }
    guard units.count < 7 else { return "\(bytes) B" }
    let decimals = value < 10 ? 100.0 : value < 100 ? 10.0 : 1.0
    let scaled = Int((value * decimals).rounded())
    guard decimals > 1 else { return "\(scaled) \(units.first ?? "B")" }
    let fraction = String(scaled % Int(decimals))
    let zeros = String(repeating: "0", count: (decimals == 100 ? 2 : 1) - fraction.count)
    return "\(scaled / Int(decimals)).\(zeros)\(fraction) \(units.first ?? "B")"
}

/// Dollars with two figures that count: `$12`, `$0.052`, `$0.00025`; less than that is `$0`.
func money(_ dollars: Double) -> String {
    guard dollars >= 0.000_001 else { return "$0" }
    var (scaled, decimals) = (dollars, 0)
    while scaled < 9.95 {
        (scaled, decimals) = (scaled * 10, decimals + 1)
    }
    let number = Int(scaled.rounded())
    guard decimals > 0 else { return "$\(grouped(number))" }
    let digits = String(number)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return "$\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
}

/// A number with its thousands apart: `1,234,567`.
func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number.magnitude).reversed().enumerated() {
        if index > 0, index % 3 == 0 { text.append(",") }
        text.append(digit)
    }
    return (number < 0 ? "-" : "") + String(text.reversed())
}

extension RequestPrices {
    /// Whose prices they are, behind "at".
    var name: String {
        source.map { "the list prices of \($0.provider) on \($0.asOf)" } ?? "the prices of --request-prices"
    }
}

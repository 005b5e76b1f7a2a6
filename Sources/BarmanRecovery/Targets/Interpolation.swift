/// Where to cut a range of segments next, to find a place in it that lies on a scale.
///
/// It draws a line between what is known on both sides of the place (regula falsi; the end that stays where it is
/// counts half each time, which is the Illinois way), but keeps so near to the middle that it needs at most four cuts
/// more than halving. Where a server wrote evenly, a handful is enough for any number of segments.
struct Interpolation {
    private struct End {
        var number: UInt64
        var distance: Double
    }

    private static let moreThanHalving = 4

    private var before: End?
    private var behind: End?
    private var wasBehind: Bool?
    /// How many segments may be left behind the next cut.
    private var mostLeft: UInt64

    /// Cuts for this range.
    init(in range: Range<UInt64>) {
        let halvings = UInt64.bitWidth - (range.upperBound - range.lowerBound).leadingZeroBitCount
        let doublings = halvings + Self.moreThanHalving - 1
        mostLeft = doublings < UInt64.bitWidth ? 1 << UInt64(doublings) : .max
    }

    /// Takes note of how far from the place, behind it or before it, a segment lies.
    mutating func learn(_ number: UInt64, isBehind: Bool, _ distance: Double) {
        let end = End(number: number, distance: distance)
        if isBehind {
            if wasBehind == true { before?.distance /= 2 }
            behind = end
        } else {
            if wasBehind == false { behind?.distance /= 2 }
            before = end
        }
        wasBehind = isBehind
    }

    /// The segment to look at next, in a range that is not empty.
    mutating func next(in range: Range<UInt64>) -> UInt64 {
        mostLeft /= 2
        let middle = range.lowerBound + (range.upperBound - range.lowerBound) / 2
        guard let before, let behind, before.number < behind.number else { return middle }
        let part = -before.distance / (behind.distance - before.distance)
        // Neither where the two contradict each other.
        guard part >= 0, part < 1 else { return middle }
        let width = behind.number - before.number
        let steps = min(UInt64(part * Double(width)), width)
        // So that neither side is too long: of one that lies before the place, what is left begins behind it.
        let last = range.upperBound - 1
        let least = last - range.lowerBound > mostLeft ? last - mostLeft : range.lowerBound
        let most = last - range.lowerBound > mostLeft ? range.lowerBound + mostLeft : last
        guard least <= most else { return middle }
        return min(max(before.number + steps, least), most)
    }
}

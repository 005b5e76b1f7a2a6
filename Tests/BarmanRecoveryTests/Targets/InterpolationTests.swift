import Testing

@testable import BarmanRecovery

/// The cuts of a range in which a place is looked for.
struct InterpolationTests {
    /// How many cuts it takes to find the last number before the place, and which that is.
    private func search(
        in range: Range<UInt64>,
        for place: UInt64,
        knowsEnds: Bool = false,
        _ distance: (UInt64) -> Double
    ) -> (cuts: Int, found: UInt64?) {
        var (low, high, cuts): (UInt64, UInt64, Int) = (range.lowerBound, range.upperBound, 0)
        var found: UInt64?
        var cut = Interpolation(in: range)
        for end in knowsEnds ? [low, high - 1] : [] { cut.learn(end, isBehind: end >= place, distance(end)) }
        while low < high, cuts < 200 {
            let number = cut.next(in: low..<high)
            #expect(low..<high ~= number)
            cut.learn(number, isBehind: number >= place, distance(number))
            cuts += 1
            if number >= place {
                high = number
            } else {
                found = number
                low = number + 1
            }
        }
        return (cuts, found)
    }

    @Test(arguments: [1, 2, 3, 7, 100, 4096, 100_000, 1 << 40, UInt64.max] as [UInt64])
    func `a place is found with at most four cuts more than halving takes, whatever the distances say`(
        count: UInt64
    ) {
        let most = UInt64.bitWidth - count.leadingZeroBitCount + 4
        for place in [0, 1, count / 3, count / 2, count - 1, count] {
            let signs: [(UInt64) -> Double] = [
                { Double($0) - Double(place) + 0.5 },
                { $0 < place ? -1 : 1 },
                { $0 < place ? -1e-9 : 1e9 },
                { $0 < place ? -1e9 : 1e-9 },
                { $0 < place ? -Double.infinity : 1 },
                { $0 < place ? -1 : .infinity },
                { $0 < place ? 1 : -1 },
                { _ in .nan },
                { _ in 0 },
                { number in number < place ? -1 : Double(number) * Double(number) },
            ]
            for distance in signs {
                let (cuts, found) = search(in: 0..<count, for: place, distance)
                #expect(cuts <= most)
                #expect(found == (place > 0 ? place - 1 : nil))
            }
        }
    }

    @Test
    func `on an even scale a few cuts are enough for any number`() {
        for count in [1000, 1_000_000, 1 << 40] as [UInt64] {
            for place in stride(from: count / 10, to: count, by: Int(count / 10)) {
                let (cuts, _) = search(in: 0..<count, for: place, knowsEnds: true) { Double($0) - Double(place) + 0.5 }
                #expect(cuts <= 8, "\(count), \(place)")
            }
        }
    }
}

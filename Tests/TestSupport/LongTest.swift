internal import Foundation
public import Testing

extension Tag {
    /// Takes long when it runs whole, so that a run of the gate takes a sample of it: see ``Sample``.
    @Tag public static var long: Self
}

/// Which part of a long test a run goes through.
///
/// `CELLARMAN_FULL=1` asks for everything, as `Scripts/full` does. Otherwise each long test goes through a share of its
/// cases that `CELLARMAN_SEED` draws: the same seed draws the same cases, so a failure can be repeated.
package enum Sample {
    /// Whether everything is to be gone through.
    package static let isFull = ProcessInfo.processInfo.environment["CELLARMAN_FULL"] == "1"

    /// What draws the sample; 1 where nothing else is asked for.
    package static let seed = ProcessInfo.processInfo.environment["CELLARMAN_SEED"].flatMap { UInt64($0) } ?? 1

    /// Whether the case of this number belongs to the run: every one of a full run, else about one in so many.
    ///
    /// - Parameters:
    ///   - number: which case it is, counted in the same way in every run.
    ///   - share: one case in so many is drawn for a sample.
    package static func draws(_ number: Int, oneIn share: Int) -> Bool {
        guard !isFull else { return true }
        // Mixed twice: seeds and numbers that lie side by side must not draw side by side.
        var mixed = SplitMix(seed: seed)
        var random = SplitMix(seed: mixed.next() ^ UInt64(truncatingIfNeeded: number))
        return random.below(share) == 0
    }

    /// Seeds for a test that makes its cases itself: 0 to `all` in a full run, else `few` of these.
    ///
    /// What a sample finds a full run finds as well.
    package static func seeds(_ few: UInt64, of all: UInt64) -> Range<UInt64> {
        guard !isFull else { return 0..<all }
        let first = seed % max(1, all / few) * few
        return first..<min(first + few, all)
    }
}

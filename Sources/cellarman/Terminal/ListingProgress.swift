import BarmanCatalog
import Synchronization

/// Says how far a listing has come, how fast, and how long it may still take.
final class ListingProgress: Sendable {
    private let line: ProgressLine
    private let start = ContinuousClock.now

    init(_ line: ProgressLine) {
        self.line = line
    }

    /// Shows how far it has come.
    func show(_ progress: CatalogLoader.Progress) {
        line.show(text(progress, after: ContinuousClock.now - start))
    }

    /// `312,000 objects in 312 of about 1,000 pages, 31,200/s, 8 cursors, about 22 s left`.
    func text(_ progress: CatalogLoader.Progress, after time: Duration) -> String {
        if progress.read > 0 {
            return "\(progress.objects) objects listed in \(progress.pages) pages, \(progress.read) small ones read"
        }
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        // A page or two tell nothing of the speed.
        guard seconds >= 1, progress.pages > 0 else { return "\(progress.objects) objects listed" }
        var text = "\(progress.objects) objects in \(progress.pages)"
        let left = progress.pagesKnown - progress.pages
        text += left > 0 ? " of at least \(progress.pagesKnown) pages" : " pages"
        text += ", \(Int(Double(progress.objects) / seconds))/s"
        text += ", \(progress.cursors) cursor\(progress.cursors == 1 ? "" : "s")"
        if left > 0 { text += ", at least \(Int(Double(left) * seconds / Double(progress.pages))) s left" }
        return text
    }
}

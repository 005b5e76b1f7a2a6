import BarmanCatalog
import Synchronization

/// Remembers how far a load has come.
final class Pages: Sendable {
    private let state = Mutex<CatalogLoader.Progress?>(nil)

    var last: CatalogLoader.Progress? { state.withLock { $0 } }

    func note(_ progress: CatalogLoader.Progress) {
        state.withLock { $0 = progress }
    }
}

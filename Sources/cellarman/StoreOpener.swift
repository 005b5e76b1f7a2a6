import BarmanCatalog
import ObjectStorage

/// Opens the store that a location lies in.
struct StoreOpener {
    let options: StoreOptions
    let isQuiet: Bool

    func open(_ location: ArchiveLocation) throws -> any ObjectStore {
        switch location.place {
        case .directory(let path): try DirectoryObjectStore(path: path)
        case .bucket(let bucket):
            throw ObjectStoreError(.unsupported, "bucket \(bucket)")
        }
    }
}

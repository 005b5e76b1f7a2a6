internal import ObjectStorage

/// Looks for keys in one place after the other, and keeps what came of each.
///
/// The first place that names keys wins, whether they are good or not: to go on behind half a key pair, or a service
/// that fails, would be to use other keys than meant.
struct CredentialsSearch {
    private(set) var found: S3Settings.Setting<CredentialsSource>?
    private(set) var problem: ObjectStoreError?
    private(set) var places: [S3Settings.Place] = []

    /// Whether nothing was found and nothing went wrong so far.
    private var isOpen: Bool { found == nil && problem == nil }

    /// Looks in a place, unless the search is over.
    ///
    /// - Parameters:
    ///   - absent: why nothing is there, where nothing is.
    ///   - find: what is there; throws where it cannot be used.
    mutating func look(
        in place: String,
        absent: @autoclosure () -> String,
        _ find: () throws(ObjectStoreError) -> S3Settings.Setting<CredentialsSource>?
    ) {
        guard isOpen else {
            places.append(.init(name: place, outcome: .notReached, reason: nil))
            return
        }
        do throws(ObjectStoreError) {
            found = try find()
            let reason = found.map { $0.value.description } ?? absent()
            places.append(.init(name: place, outcome: found == nil ? .empty : .used, reason: reason))
        } catch {
            problem = error
            places.append(.init(name: place, outcome: .failed, reason: error.message))
        }
    }

    /// Notes a place that is not to be looked in.
    mutating func skip(_ place: String, because reason: String) {
        places.append(.init(name: place, outcome: isOpen ? .skipped : .notReached, reason: isOpen ? reason : nil))
    }

    /// Notes that something went wrong before any place could be looked in.
    mutating func fail(_ place: String, _ error: ObjectStoreError) {
        guard isOpen else { return }
        problem = error
        places.append(.init(name: place, outcome: .failed, reason: error.message))
    }
}

import Synchronization

/// How many objects of all servers are done.
final class DeletionCount: Sendable {
    private let all: Int
    private let progress: ProgressLine
    private let asked = Atomic<Int>(0)
    private let answered = Atomic<Int>(0)

    init(of all: Int, _ progress: ProgressLine) {
        self.all = all
        self.progress = progress
    }

    /// Takes an object that the store is asked to delete.
    func ask() {
        asked.wrappingAdd(1, ordering: .relaxed)
    }

    /// Takes an object for which it has answered.
    func answer() {
        let count = answered.wrappingAdd(1, ordering: .relaxed).newValue
        progress.show("\(count) of \(all) objects dealt with")
    }

    /// Whether the store was asked to delete nothing at all.
    var isUntouched: Bool { asked.load(ordering: .relaxed) == 0 }

    /// How far it has come when something has stopped it: the first that anybody wants to know.
    var interruption: String {
        let (asked, answered) = (asked.load(ordering: .relaxed), answered.load(ordering: .relaxed))
        guard asked > 0 else { return "nothing was deleted" }
        let open = asked > answered ? ", and what became of \(asked - answered) more is not known" : ""
        return "\(answered) of \(all) objects were dealt with before\(open)"
    }
}

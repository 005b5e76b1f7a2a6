/// A reader of untrusted bytes, and what has to hold whatever it is given.
protocol FuzzTarget {
    /// Makes the next input.
    func input(_ random: inout SeededGenerator) -> [UInt8]

    /// Reads an input in every way that must not differ.
    ///
    /// Whatever is chosen at random here is chosen from the input's own bytes, so that the bytes alone replay it.
    func check(_ input: [UInt8]) throws(Violation)
}

/// Something that has to hold did not.
struct Violation: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Throws where the condition does not hold.
func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws(Violation) {
    guard condition else { throw Violation(message()) }
}

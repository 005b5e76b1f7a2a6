/// One input of a run, made anew wherever it is wanted: a run is its seed, and a case its number.
struct Case: Hashable {
    var target: String
    var seed: UInt64
    var number: UInt64

    /// The input, of the target of this name.
    func input(of target: any FuzzTarget) -> [UInt8] {
        var random = SeededGenerator(seed: seed, target: self.target, number: number)
        return target.input(&random)
    }

    /// Names the files of a finding.
    var name: String { "\(target)-\(seed)-\(number)" }
}

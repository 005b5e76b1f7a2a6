public import ArgumentParser
public import ObjectStorage

/// `5,0.4`: US dollars for a million LIST and for a million GET or HEAD requests.
extension RequestPrices: ExpressibleByArgument {
    /// The prices that a text gives, nil where it is none.
    public init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard numbers.count == 2, let list = numbers[0], let get = numbers[1],
            [list, get].allSatisfy({ $0.isFinite && $0 >= 0 && $0 <= 1_000_000 })
        else { return nil }
        self.init(source: nil, list: list, get: get)
    }
}

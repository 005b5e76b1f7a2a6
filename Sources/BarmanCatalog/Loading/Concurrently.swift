/// The results for all inputs in their order, at most `atOnce` under way.
///
/// - Parameters:
///   - inputs: what to work on.
///   - atOnce: how many of them at the same time.
///   - show: is given each result in their order, as soon as it and all before it are there.
///   - body: the work.
package func concurrently<Input: Sendable, Output: Sendable>(
    _ inputs: [Input],
    atOnce: Int,
    show: (Output) throws -> Void = { _ in },
    body: @escaping @Sendable (Input) async throws -> Output
) async throws -> [Output] {
    try await withThrowingTaskGroup(of: (Int, Output).self) { group in
        var results = [Output?](repeating: nil, count: inputs.count)
        var next = 0
        var shown = 0
        while next < min(atOnce, inputs.count) {
            let index = next
            group.addTask { (index, try await body(inputs[index])) }
            next += 1
        }
        while let (index, output) = try await group.next() {
            results[index] = output
            while shown < results.count, let known = results[shown] {
                try show(known)
                shown += 1
            }
            guard next < inputs.count else { continue }
            let following = next
            group.addTask { (following, try await body(inputs[following])) }
            next += 1
        }
        return results.compactMap { $0 }
    }
}

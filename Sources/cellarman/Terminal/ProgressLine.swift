import Synchronization

/// Shows on standard error how far long work has come.
final class ProgressLine: Sendable {
    /// How to show it.
    enum Mode {
        /// One line, written over and over.
        case line
        /// A line now and then, for logs.
        case plain
        /// Not at all.
        case none
    }

    private let mode: Mode
    private let lastShown = Mutex<ContinuousClock.Instant?>(nil)

    init(_ mode: Mode) {
        self.mode = mode
    }

    /// Shows the text, unless one was shown a moment ago.
    func show(_ text: @autoclosure () -> String) {
        guard mode != .none, isDue() else { return }
        let text = text()
        switch mode {
        case .line: Terminal.write("\r\u{1B}[K\(text)", to: .error)
        case .plain: Terminal.write("cellarman: \(text)\n", to: .error)
        case .none: break
        }
    }

    /// Takes the line away again.
    func finish() {
        if mode == .line, lastShown.withLock({ $0 != nil }) { Terminal.write("\r\u{1B}[K", to: .error) }
    }

    private func isDue() -> Bool {
        let interval: Duration = mode == .line ? .milliseconds(200) : .seconds(5)
        return lastShown.withLock { last in
            let now = ContinuousClock.now
            if let last, now - last < interval { return false }
            last = now
            return true
        }
    }
}

import Foundation

/// The directory that inputs go to which something is wrong with: the input, and what was wrong beside it.
struct Findings {
    let directory: URL

    /// Keeps an input, and says so.
    func keep(_ found: Case, _ input: [UInt8], _ message: String) throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let file = directory.appending(path: "\(found.name).bin")
        try Data(input).write(to: file)
        let note =
            "target \(found.target), seed \(found.seed), case \(found.number), \(input.count) bytes: \(message)\n"
        try Data(note.utf8).write(to: directory.appending(path: "\(found.name).txt"))
        say("FINDING \(note)replay with: cellarman-fuzz --target \(found.target) --replay \(file.path)")
    }
}

/// Prints a line at once: whoever waits for a long run wants to see it.
func say(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
}

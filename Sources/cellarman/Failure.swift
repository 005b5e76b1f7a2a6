import ArgumentParser
import BarmanCatalog
import FoundationEssentials
import Glibc
import ObjectStorage

/// Why the program ends without an answer, and how it says so.
struct Failure {
    private let status: ExitStatus
    private let code: String
    private let message: String
    private let hint: String?

    /// What ArgumentParser itself wants to print: help, version, usage, or a bare exit status.
    private let parserText: String?
    private let parserStatus: Int32

    init(_ error: any Error, of command: any ParsableCommand.Type) {
        var text: String?
        var exit: Int32 = 0
        switch error {
        case let error as ObjectStoreError:
            (status, code, message, hint) = (.couldNotLook, error.code.rawValue, error.message, error.hint)
        case let error as ServerNotFound:
            let hint = "check the prefix of the location and the server's name"
            (status, code, message, self.hint) = (.couldNotLook, "noSuchServer", error.description, hint)
        case let error as ArchiveLocationError:
            (status, code, message, hint) = (.usage, "usage", error.description, nil)
        case let error as Refusal:
            (status, code, message, hint) = (error.status, error.code, error.message, error.hint)
        default:
            exit = command.exitCode(for: error).rawValue
            text = command.fullMessage(for: error)
            let isUsage = exit == ExitCode.validationFailure.rawValue
            (status, code) = isUsage ? (.usage, "usage") : (.defect, "defect")
            (message, hint) = (command.message(for: error), isUsage ? "see cellarman --help" : nil)
            // An error that nobody foresaw is ours.
            if !(error is ExitCode), exit != 0, !isUsage { exit = ExitStatus.defect.rawValue }
        }
        parserText = text
        parserStatus = text == nil ? status.rawValue : exit
    }

    /// Says it on standard error and ends the process.
    func exit() -> Never {
        if let parserText, parserStatus == 0 {
            Terminal.write(parserText.isEmpty ? "" : parserText + "\n", to: .output)
        } else if let parserText, parserText.isEmpty {
            // A command has said all that there is to say.
        } else if Self.wantsJSON {
            Terminal.write(json, to: .error)
        } else if let parserText {
            Terminal.write(parserText + "\n", to: .error)
        } else {
            let hint = hint.map { "\n  hint: \($0)" } ?? ""
            Terminal.write("cellarman: error: \(message)\(hint)\n", to: .error)
        }
        Glibc.exit(parserStatus)
    }

    private struct Document: Encodable {
        struct Details: Encodable {
            let code: String
            let message: String
            let hint: String?
        }

        let error: Details
    }

    private var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let document = Document(error: Document.Details(code: code, message: message, hint: hint))
        let data = try? encoder.encode(document)
        return (data.map { String(decoding: $0, as: UTF8.self) } ?? "{\"error\":{}}") + "\n"
    }

    /// Whether `-o json` is on the command line: known even where the rest of it cannot be parsed.
    private static var wantsJSON: Bool {
        let words = CommandLine.arguments
        return ["json", "ndjson"].contains { format in
            words.contains { ["--output=\(format)", "-o\(format)", "-o=\(format)"].contains($0) }
                || zip(words, words.dropFirst()).contains { isOutputOption($0) && $1 == format }
        }
    }

    /// `--output`, `-o`, and `-o` behind other letters: `-qo`.
    private static func isOutputOption(_ word: String) -> Bool {
        word == "--output" || word.hasPrefix("-") && !word.hasPrefix("--") && word.hasSuffix("o")
    }
}

/// A reason of the command's own to end without an answer.
struct Refusal: Error {
    let status: ExitStatus
    let code: String
    let message: String
    let hint: String?
}

internal import ObjectStorage

/// A profile file as AWS's tools write it: sections of `name = value` lines, a value of which may be a block.
struct INIFile: Sendable {
    /// The settings of each section, their names in lower case; one of a block is called `block.name`.
    private(set) var sections: [String: [String: String]] = [:]

    /// Reads a whole file, and refuses lines that are none of these.
    init(_ text: String, path: String) throws(ObjectStoreError) {
        var section: String?
        var block: String?
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            func refuse(_ why: String) -> ObjectStoreError {
                // Never the line itself: it may hold a secret.
                ObjectStoreError(.invalidConfiguration, "line \(index + 1) of \(printable(path)) \(why)")
            }
            let content = line.trimmingBlanks
            guard let first = content.first, first != "#", first != ";" else { continue }
            if first == "[" {
                guard let end = content.firstIndex(of: "]") else { throw refuse("begins a section without an end") }
                let name = content[content.index(after: content.startIndex)..<end]
                let title = name.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
                (section, block) = (title, nil)
                // A section that comes again goes on.
                if sections[title] == nil { sections[title] = [:] }
                continue
            }
            guard let section else { throw refuse("stands before the first section") }
            guard let equals = content.firstIndex(of: "=") else { throw refuse("has no equals sign") }
            let name = lowercased(String(content[..<equals].trimmingBlanks))
            let value = String(content[content.index(after: equals)...].trimmingBlanks)
            if line.first == " " || line.first == "\t", let block {
                sections[section]?["\(block).\(name)"] = value
            } else {
                block = value.isEmpty ? name : nil
                sections[section]?[name] = value
            }
        }
    }
}

extension Substring {
    /// Without blanks and tabs at either end.
    var trimmingBlanks: Substring {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        let start = drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return "" }
        return start[...last]
    }
}

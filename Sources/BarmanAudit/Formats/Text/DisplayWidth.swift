extension String {
    /// How many columns of a terminal the text takes.
    var displayWidth: Int {
        // Nearly every text is ASCII, and there a character is a byte.
        utf8.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "\r") } ? utf8.count : reduce(0) { $0 + $1.displayWidth }
    }
}

extension Substring {
    /// How many columns of a terminal the text takes.
    var displayWidth: Int { String(self).displayWidth }
}

extension Character {
    /// 2 for what East Asian scripts and emoji draw wide, 1 for everything else.
    ///
    /// Marks belong to the character that they stand on, so they take no column of their own.
    fileprivate var displayWidth: Int {
        guard let first = unicodeScalars.first else { return 0 }
        return Self.wide.contains { $0.contains(first.value) } || first.properties.isEmojiPresentation ? 2 : 1
    }

    // The blocks of which Unicode's EastAsianWidth.txt says W or F, unassigned places between them included.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F,  // Hangul Jamo, leading consonants
        0x2E80...0x303E,  // CJK radicals, Kangxi, punctuation
        0x3041...0x33FF,  // Hiragana, Katakana, Bopomofo, compatibility Jamo, enclosed CJK
        0x3400...0x4DBF,  // CJK extension A
        0x4E00...0x9FFF,  // CJK
        0xA000...0xA4CF,  // Yi
        0xA960...0xA97F,  // Hangul Jamo extended A
        0xAC00...0xD7A3,  // Hangul syllables
        0xF900...0xFAFF,  // CJK compatibility ideographs
        0xFE30...0xFE6F,  // CJK compatibility and small forms
        0xFF01...0xFF60,  // full-width forms
        0xFFE0...0xFFE6,  // full-width signs
        0x17000...0x18CFF,  // Tangut, Khitan
        0x1B000...0x1B2FF,  // Kana supplements, Nushu
        0x20000...0x3FFFD,  // CJK extensions B and further
    ]
}

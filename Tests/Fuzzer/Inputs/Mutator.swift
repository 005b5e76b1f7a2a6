/// Changes bytes the way damage, chance and malice do.
struct Mutator {
    /// What inputs are made from, and spliced with.
    let corpus: [[UInt8]]

    /// Texts that mean something to the reader, inserted as they are.
    var words: [[UInt8]] = []

    /// The most bytes that an input may grow to.
    var sizeLimit = 65_536

    /// What a format is cut into: 8,192 for pages of WAL.
    var blockSize = 512

    /// Behind which byte a text is whole, so that another can be inserted: a line end, a tag's end.
    var boundary: UInt8?

    /// What may stand between two things from the corpus; nil where they are never put one behind the other.
    var separators: [[UInt8]]?

    /// A changed copy of something in the corpus; rarely nothing but chance.
    func input(_ random: inout SeededGenerator) -> [UInt8] {
        if random.oneIn(50) { return noise(random.below(300), &random) }
        if let separators, random.oneIn(3) { return series(separators, &random) }
        var bytes = Array((corpus.randomElement(using: &random) ?? []).prefix(sizeLimit))
        mutate(&bytes, &random)
        return bytes
    }

    /// Whole things one behind the other, now and then with one change.
    private func series(_ separators: [[UInt8]], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<random.size(upTo: 8) where bytes.count < sizeLimit {
            bytes += corpus.randomElement(using: &random) ?? []
            if random.oneIn(3) { bytes += separators.randomElement(using: &random) ?? [] }
        }
        if random.oneIn(3) { change(&bytes, &random) }
        return bytes
    }

    /// Changes the bytes in one place, or in many.
    func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        for _ in 0..<(random.oneIn(2) ? 1 : random.size(upTo: 12)) {
            change(&bytes, &random)
        }
        if bytes.count > sizeLimit { bytes.removeLast(bytes.count - sizeLimit) }
    }

    private func change(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else {
            bytes = noise(random.size(upTo: 64), &random)
            return
        }
        let place = random.below(bytes.count)
        switch random.below(16) {
        case 0, 1, 2: bytes[place] ^= 1 << UInt8(random.below(8))
        case 3: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 4, 5, 6: overwrite(&bytes, at: place, with: interesting(&random))
        case 7: bytes.removeSubrange(place...)
        case 8: bytes.removeSubrange(place..<min(bytes.count, place + random.size(upTo: 256)))
        case 9: bytes.insert(contentsOf: piece(of: bytes, &random), at: place)
        case 10: bytes.insert(contentsOf: noise(random.size(upTo: 64), &random), at: place)
        case 11: insertWord(&bytes, at: place, &random)
        case 12: splice(&bytes, at: place, &random)
        case 13: swapBlocks(&bytes, &random)
        case 14: overwrite(&bytes, at: place, with: piece(of: bytes, &random))
        default: overwrite(&bytes, at: place, with: [UInt8](repeating: 0, count: random.size(upTo: 64)))
        }
    }

    private func insertWord(_ bytes: inout [UInt8], at place: Int, _ random: inout SeededGenerator) {
        if let word = words.randomElement(using: &random) {
            let whole = boundary.flatMap { bytes[place...].firstIndex(of: $0) }.map { $0 + 1 } ?? place
            bytes.insert(contentsOf: word, at: random.oneIn(2) ? whole : place)
        } else {
            let count = random.size(upTo: 1024)
            bytes.insert(contentsOf: repeatElement(random.oneIn(2) ? 0 : bytes[place], count: count), at: place)
        }
    }

    /// Puts the rest of something else behind the place, or all of it behind the end.
    private func splice(_ bytes: inout [UInt8], at place: Int, _ random: inout SeededGenerator) {
        guard let other = corpus.randomElement(using: &random), other.count <= sizeLimit else { return }
        if random.oneIn(2) {
            bytes += other
        } else {
            bytes.removeSubrange(place...)
            bytes += other[random.below(other.count)...]
        }
    }

    private func swapBlocks(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let size = random.oneIn(2) ? blockSize : random.size(upTo: blockSize)
        let count = bytes.count / size
        let (one, other) = (random.below(count) * size, random.below(count) * size)
        guard count > 1 else { return }
        for index in 0..<size { bytes.swapAt(one + index, other + index) }
    }

    private func piece(of bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        let start = random.below(bytes.count)
        return Array(bytes[start..<min(bytes.count, start + random.size(upTo: 1024))])
    }

    private func noise(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
}

/// Replaces the bytes from `place` on, as far as there are some.
func overwrite(_ bytes: inout [UInt8], at place: Int, with replacement: [UInt8]) {
    for (index, byte) in replacement.prefix(max(0, bytes.count - place)).enumerated() {
        bytes[place + index] = byte
    }
}

/// A number at which programs go wrong, in one to eight bytes, lowest first or last.
func interesting(_ random: inout SeededGenerator) -> [UInt8] {
    let width = [1, 2, 4, 8].randomElement(using: &random) ?? 1
    let bits = UInt64(width * 8)
    let edge: UInt64 =
        switch random.below(4) {
        case 0: 0
        case 1: .max
        case 2: 1 << UInt64(random.below(Int(bits)))
        default: UInt64(random.size(upTo: 4096))
        }
    let value = edge &+ UInt64(truncatingIfNeeded: random.below(5) - 2)
    let bytes = littleEndian(value).prefix(width)
    return random.oneIn(4) ? bytes.reversed() : Array(bytes)
}

/// The bytes of a number, lowest first.
func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    (0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
}

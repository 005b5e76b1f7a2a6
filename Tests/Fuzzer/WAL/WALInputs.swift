import PostgresWAL

/// Makes WAL out of real WAL: damaged as a disk would, or changed and sealed again, so that only the readers of
/// what lies in a record can find out.
struct WALInputs {
    let samples: WALSamples
    let mutator: Mutator

    init(_ corpus: Corpus) throws {
        samples = try WALSamples(corpus)
        mutator = Mutator(
            corpus: samples.segments.map { Array($0.bytes.prefix(4 * WALPageHeader.pageSize)) },
            sizeLimit: 3 << 20,
            blockSize: WALPageHeader.pageSize
        )
    }

    func input(_ random: inout SeededGenerator) -> [UInt8] {
        guard let index = samples.segments.indices.randomElement(using: &random) else { return [] }
        let segment = samples.segments[index]
        // Rarely a whole segment and the beginning of the next: it takes a hundred times as long.
        let isWhole = random.oneIn(200)
        let pages = random.size(upTo: 16)
        var bytes = isWhole ? segment.bytes : Array(segment.bytes.prefix(pages * WALPageHeader.pageSize))
        if isWhole { bytes += samples.segments[(index + 1) % samples.segments.count].bytes.prefix(20_000) }
        switch random.below(10) {
        case 0, 1, 2: reseal(&bytes, of: segment, &random)
        case 3, 4, 5, 6: bytes = rewritten(&random)
        case 7: changePages(&bytes, &random)
        case 8:
            reseal(&bytes, of: segment, &random)
            changePages(&bytes, &random)
        default: mutator.mutate(&bytes, &random)
        }
        return bytes
    }

    /// Changes some records where they lie, and gives them the checksums that they then have to have.
    private func reseal(_ bytes: inout [UInt8], of segment: WALSamples.Segment, _ random: inout SeededGenerator) {
        let records = segment.records.prefix { $0.layout.end <= bytes.count }
        let events = records.filter { $0.carriesEvent }
        for _ in 0..<random.size(upTo: 6) {
            let record = (random.oneIn(4) || events.isEmpty ? records[...] : events[...]).randomElement(using: &random)
            guard let layout = record?.layout else { return }
            var raw = layout.bytes(in: bytes)
            change(&raw, &random)
            layout.write(RawRecord.sealed(raw), to: &bytes)
        }
    }

    /// Changes a record without changing its size, the link to the record before mostly left alone.
    private func change(_ record: inout [UInt8], _ random: inout SeededGenerator) {
        for _ in 0..<random.size(upTo: 4) {
            // The headers of a record's parts, and what is at the beginning of its data, decide most.
            let place = random.oneIn(3) ? random.below(record.count) : 24 + random.below(min(40, record.count - 24))
            switch random.below(8) {
            case 0: overwrite(&record, at: 16, with: [UInt8.random(in: 0...255, using: &random)])
            case 1: overwrite(&record, at: 17, with: [UInt8(random.below(2))])
            case 2: overwrite(&record, at: 0, with: littleEndian(UInt32(random.size(upTo: 70_000))))
            case 3, 4: overwrite(&record, at: place, with: interesting(&random))
            default: if place < record.count { record[place] ^= 1 << UInt8(random.below(8)) }
            }
        }
    }

    /// Lays records, real and made up, into pages of their own.
    private func rewritten(_ random: inout SeededGenerator) -> [UInt8] {
        let formats = WALFormat.supported
        let edges: [UInt64] = [0, 1, 2, 0xFFF, 0x1000, 1 << 43, (1 << 44) - 2, (1 << 44) - 1]
        var writer = PageWriter(
            segment: edges.randomElement(using: &random) ?? 1,
            segmentSize: 1 << (random.oneIn(4) ? 24 : 20),
            magic: formats.randomElement(using: &random)?.pageMagic ?? 0,
            timeline: random.oneIn(4) ? UInt32(random.below(5)) : 1,
            systemIdentifier: random.next()
        )
        for _ in 0..<random.size(upTo: 40) {
            if random.oneIn(60) { writer.timeline &+= 1 }
            let record = self.record(&random)
            writer.write(record)
            let isSwitch = record.resourceManager == 0 && record.info & 0xF0 == 0x40
            if isSwitch, writer.segmentSize == 1 << 20, random.oneIn(20) { writer.endSegment() }
        }
        var stream = writer.stream
        if random.oneIn(4) { changePages(&stream, &random) }
        if random.oneIn(8) { mutator.mutate(&stream, &random) }
        return stream
    }

    private func record(_ random: inout SeededGenerator) -> RawRecord {
        if random.oneIn(4) { return transactionEnd(&random) }
        let source = random.oneIn(3) ? samples.others : samples.events
        var record = source.randomElement(using: &random) ?? transactionEnd(&random)
        guard !record.body.isEmpty else { return record }
        switch random.below(8) {
        case 0: record.body[random.below(min(40, record.body.count))] ^= 1 << UInt8(random.below(8))
        case 1: overwrite(&record.body, at: random.below(min(80, record.body.count)), with: interesting(&random))
        case 2: record.body.removeLast(random.below(record.body.count))
        case 3: record.body += [UInt8](repeating: 0x78, count: random.size(upTo: 40_000))
        case 4: record.info = UInt8.random(in: 0...255, using: &random)
        default: break
        }
        return record
    }

    /// A commit or an abort with lists whose lengths may be lies.
    private func transactionEnd(_ random: inout SeededGenerator) -> RawRecord {
        let info: UInt8 = [0x00, 0x20, 0x30, 0x40].randomElement(using: &random) ?? 0
        var main = littleEndian(random.next())
        let flags = UInt32(random.below(512))
        main += littleEndian(flags) + littleEndian(random.next())
        for _ in 0..<random.below(6) {
            let count = random.size(upTo: random.oneIn(10) ? 3000 : 20)
            let told = random.oneIn(6) ? Array(interesting(&random).prefix(4)) : littleEndian(UInt32(count))
            main += told + [UInt8](repeating: UInt8(random.below(3)), count: count * 4 * (1 + random.below(4)))
        }
        main += littleEndian(UInt32(truncatingIfNeeded: random.next()))
        let told = random.oneIn(8) ? main.count + random.below(9) - 4 : main.count
        let head = main.count > 255 ? [254] + littleEndian(UInt32(told)) : [255, UInt8(truncatingIfNeeded: told)]
        return RawRecord(xid: 700, info: info | 0x80, resourceManager: 1, body: head + main)
    }

    /// Changes headers of pages, exchanges pages, repeats them or takes them away.
    private func changePages(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let size = WALPageHeader.pageSize
        for _ in 0..<random.size(upTo: 3) {
            let pages = bytes.count / size
            guard pages > 0 else { return }
            // Of a long stream the beginning: a fault in it hides all that follows.
            let page = random.below(min(pages, 32)) * size
            switch random.below(8) {
            case 0: overwrite(&bytes, at: page + 2, with: [UInt8(random.below(32))])
            case 1: overwrite(&bytes, at: page + 4, with: littleEndian(UInt32(random.below(4))))
            case 2: overwrite(&bytes, at: page + 16, with: interesting(&random))
            case 3: overwrite(&bytes, at: page + random.below(40), with: interesting(&random))
            case 4:
                overwrite(&bytes, at: page, with: Array(bytes[(random.below(min(pages, 32)) * size)...].prefix(size)))
            case 5: overwrite(&bytes, at: page, with: [UInt8](repeating: 0, count: random.size(upTo: size)))
            case 6: bytes.removeSubrange(page..<page + size)
            default: bytes.removeSubrange((page + random.below(size))...)
            }
        }
    }
}

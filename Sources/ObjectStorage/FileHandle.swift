import Glibc

/// A regular file, open for reading.
struct FileHandle: ~Copyable {
    /// Its size when it was opened, in bytes.
    let size: Int64

    /// Its modification time, in microseconds since 1970-01-01 00:00:00 UTC.
    let lastModified: Int64

    private let descriptor: Int32
    private let key: ObjectKey

    /// Takes over `descriptor`, and refuses what is not a regular file.
    init(descriptor: Int32, key: ObjectKey) throws(ObjectStoreError) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ObjectStoreError(.noSuchKey, "\(key) is not a regular file")
        }
        self.descriptor = descriptor
        self.key = key
        self.size = Int64(status.st_size)
        self.lastModified = status.st_mtim.microseconds
    }

    deinit {
        close(descriptor)
    }

    /// The bytes of a range that lies within the file.
    func read(_ range: Range<Int64>) throws(ObjectStoreError) -> [UInt8] {
        var failed: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            guard let base = buffer.baseAddress else { return }
            while filled < range.count {
                // Safe: the buffer has room for the whole range, of which `filled` bytes are there.
                let offset = off_t(range.lowerBound) + off_t(filled)
                let count = unsafe pread(descriptor, base + filled, range.count - filled, offset)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    failed = count < 0 ? errno : 0
                    return
                }
                filled += count
            }
        }
        guard failed == 0, bytes.count == range.count else {
            throw ObjectStoreError(
                .fileSystem,
                "cannot read \(key): \(failed == 0 ? "it became shorter meanwhile" : systemMessage(failed))"
            )
        }
        return bytes
    }
}

extension timespec {
    /// Microseconds since 1970-01-01 00:00:00 UTC, cut to whole milliseconds.
    ///
    /// A listing of S3 has no finer times, and a mirror shall give the same report as its bucket.
    var microseconds: Int64 {
        Int64(tv_sec) * 1_000_000 + Int64(tv_nsec) / 1_000_000 * 1000
    }
}

/// What the system says of an error number.
func systemMessage(_ number: Int32) -> String {
    unsafe String(cString: strerror(number))
}

/// The bytes with a zero behind them, as C wants a name.
func cString(_ name: some Collection<UInt8>) -> [CChar] {
    name.map { CChar(bitPattern: $0) } + [0]
}

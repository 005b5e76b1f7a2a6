import Glibc

/// Where a worker leaves the number of the case it is at, for whoever has to say what it died of.
struct ProgressFile: ~Copyable {
    private let descriptor: Int32

    /// Opens the file, nil where that is not possible.
    init?(_ path: String) {
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return nil }
    }

    deinit {
        close(descriptor)
    }

    /// The number, as last written by either side.
    var number: UInt64 {
        get {
            var number: UInt64 = 0
            unsafe pread(descriptor, &number, 8, 0)
            return number
        }
        nonmutating set {
            var number = newValue
            unsafe pwrite(descriptor, &number, 8, 0)
        }
    }
}

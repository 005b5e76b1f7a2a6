internal import Glibc

/// The bytes of a file, mapped into memory: to copy them would take as long as to read the records in them.
@safe
public struct MappedFile: ~Copyable {
    private let memory: UnsafeMutableRawBufferPointer

    /// Maps a file as it is now; nobody may make it shorter meanwhile.
    public init(path: String) throws(FileError) {
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { throw FileError(path, errno: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw FileError(path, errno: errno) }
        let size = Int(status.st_size)
        // No file is mapped in no bytes.
        guard size > 0 else { throw FileError(path, errno: EINVAL) }
        let address = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard unsafe address != MAP_FAILED else { throw FileError(path, errno: errno) }
        unsafe memory = UnsafeMutableRawBufferPointer(start: address, count: size)
        unsafe madvise(address, size, MADV_SEQUENTIAL)
    }

    deinit {
        unsafe munmap(memory.baseAddress, memory.count)
    }

    /// The bytes, as long as the file is mapped.
    public var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            let buffer = unsafe UnsafeBufferPointer(memory.bindMemory(to: UInt8.self))
            return unsafe _overrideLifetime(Span(_unsafeElements: buffer), borrowing: self)
        }
    }
}

import Glibc

/// An open directory, and what lies directly in it.
///
/// Every step down refuses symbolic links.
struct DirectoryHandle: ~Copyable, Sendable {
    /// One name in a directory, with a slash behind it if it is a directory itself.
    struct Entry {
        var name: [UInt8]
        var kind: Kind
    }

    /// What a name stands for.
    enum Kind {
        case directory
        case file
        /// A symbolic link, a pipe, a device.
        case other
    }

    private let descriptor: Int32
    private let path: String

    init(path: String) throws(ObjectStoreError) {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let missing = errno == ENOENT
            throw ObjectStoreError(
                missing ? .noSuchBucket : .fileSystem,
                "cannot open directory \(printable(path)): \(systemMessage(errno))",
                hint: missing ? "name an existing directory, or a bucket as s3://bucket/prefix" : nil
            )
        }
        self.descriptor = descriptor
        self.path = path
    }

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    /// What lies in the directory, in byte order, directories ordered with their slash.
    func entries(below key: [UInt8]) throws(ObjectStoreError) -> [Entry] {
        let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = unsafe fdopendir(copy) else {
            throw failure("read directory", key)
        }
        defer { unsafe closedir(stream) }
        var entries: [Entry] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else { break }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            guard name != [0x2E], name != [0x2E, 0x2E] else { continue }
            let kind = try kind(of: name, hint: unsafe entry.pointee.d_type)
            entries.append(Entry(name: kind == .directory ? name + [0x2F] : name, kind: kind))
        }
        guard errno == 0 else { throw failure("read directory", key) }
        return entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// A directory directly in this one, nil where it has gone meanwhile.
    func openDirectory(_ name: some Collection<UInt8>) throws(ObjectStoreError) -> DirectoryHandle? {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let child = unsafe openat(descriptor, cString(name), flags)
        if child >= 0 {
            return DirectoryHandle(descriptor: child, path: path)
        }
        guard errno == ENOENT || errno == ELOOP || errno == ENOTDIR else { throw failure("open", Array(name)) }
        return nil
    }

    /// Size and time of a file directly in this directory, nil where it has gone meanwhile.
    func summary(of name: [UInt8], key: [UInt8]) throws(ObjectStoreError) -> ObjectSummary? {
        var status = stat()
        guard unsafe fstatat(descriptor, cString(name), &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            guard errno == ENOENT else { throw failure("look at", key) }
            return nil
        }
        return ObjectSummary(
            key: ObjectKey(bytes: key),
            size: Int64(status.st_size),
            lastModified: status.st_mtim.microseconds
        )
    }

    /// The file of a key, any number of directories below this one.
    func open(_ key: ObjectKey) throws(ObjectStoreError) -> FileHandle {
        let parts = key.bytes.split(separator: 0x2F, omittingEmptySubsequences: false)
        guard let name = parts.last, parts.allSatisfy({ !$0.isEmpty && $0 != [0x2E] && $0 != [0x2E, 0x2E] }),
            !key.bytes.contains(0)
        else {
            throw ObjectStoreError(.noSuchKey, "no file \(key) in \(path)")
        }
        if parts.count > 1 {
            let rest = ObjectKey(bytes: Array(key.bytes.dropFirst(parts[0].count + 1)))
            guard let child = try openDirectory(parts[0]) else {
                throw ObjectStoreError(.noSuchKey, "no file \(key) in \(path)")
            }
            return try child.open(rest)
        }
        let file = unsafe openat(descriptor, cString(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            guard errno == ENOENT || errno == ELOOP else { throw failure("open", key.bytes) }
            throw ObjectStoreError(.noSuchKey, "no file \(key) in \(path)")
        }
        return try FileHandle(descriptor: file, key: key)
    }

    /// Removes the file of a key, if it is there, and the directories below this one that become empty by it.
    ///
    /// What is no regular file is no object, and stays.
    func unlink(_ key: ObjectKey) throws(ObjectStoreError) {
        let parts = key.bytes.split(separator: 0x2F, omittingEmptySubsequences: false)
        // No file system has an empty name, nor a zero in one: such a file is not there.
        guard parts.allSatisfy({ !$0.isEmpty && $0 != [0x2E] && $0 != [0x2E, 0x2E] }), !key.bytes.contains(0) else {
            return
        }
        _ = try unlink(parts[...], key: key)
    }

    /// Whether a file was removed.
    private func unlink(_ parts: ArraySlice<ArraySlice<UInt8>>, key: ObjectKey) throws(ObjectStoreError) -> Bool {
        guard let name = parts.first else { return false }
        if parts.count > 1 {
            guard let child = try openDirectory(name), try child.unlink(parts.dropFirst(), key: key) else {
                return false
            }
            // Refused where something is left in it; a directory is no object, so whatever the reason, it may stay.
            unsafe unlinkat(descriptor, cString(name), AT_REMOVEDIR)
            return true
        }
        var status = stat()
        guard unsafe fstatat(descriptor, cString(name), &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            guard errno == ENOENT || errno == ENAMETOOLONG else { throw failure("look at", key.bytes) }
            return false
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return false }
        guard unsafe unlinkat(descriptor, cString(name), 0) == 0 else {
            guard errno == ENOENT else { throw failure("delete", key.bytes) }
            return false
        }
        return true
    }

    /// What a name stands for.
    ///
    /// Some file systems do not say it in the directory, so ask there.
    private func kind(of name: [UInt8], hint: UInt8) throws(ObjectStoreError) -> Kind {
        switch Int(hint) {
        case Int(DT_DIR): return .directory
        case Int(DT_REG): return .file
        case Int(DT_UNKNOWN):
            var status = stat()
            guard unsafe fstatat(descriptor, cString(name), &status, AT_SYMLINK_NOFOLLOW) == 0 else { return .other }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: return .directory
            case S_IFREG: return .file
            default: return .other
            }
        default: return .other
        }
    }

    private func failure(_ verb: String, _ key: [UInt8]) -> ObjectStoreError {
        ObjectStoreError(.fileSystem, "cannot \(verb) \(printable(key)) in \(path): \(systemMessage(errno))")
    }
}

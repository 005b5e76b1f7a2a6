/// How two byte strings stand to each other.
enum ByteOrder {
    case ascending
    case equal
    case descending
}

extension Span<UInt8> {
    /// Whether these bytes begin with all of `prefix`.
    func starts(with prefix: Span<UInt8>) -> Bool {
        guard count >= prefix.count else { return false }
        for index in prefix.indices where self[index] != prefix[index] {
            return false
        }
        return true
    }

    /// Whether `other` comes behind these bytes (ascending), is equal, or comes before them.
    func order(against other: Span<UInt8>) -> ByteOrder {
        for index in 0..<Swift.min(count, other.count) where self[index] != other[index] {
            return self[index] < other[index] ? .ascending : .descending
        }
        if count == other.count { return .equal }
        return count < other.count ? .ascending : .descending
    }
}

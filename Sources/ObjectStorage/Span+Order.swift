internal import Glibc

/// How two byte strings stand to each other.
enum ByteOrder {
    case ascending
    case equal
    case descending
}

extension Span<UInt8> {
    /// Whether these bytes begin with all of `prefix`.
    func starts(with prefix: Span<UInt8>) -> Bool {
        count >= prefix.count && compare(prefix, count: prefix.count) == 0
    }

    /// Whether `other` comes behind these bytes (ascending), is equal, or comes before them.
    func order(against other: Span<UInt8>) -> ByteOrder {
        let difference = compare(other, count: Swift.min(count, other.count))
        if difference != 0 { return difference < 0 ? .ascending : .descending }
        if count == other.count { return .equal }
        return count < other.count ? .ascending : .descending
    }

    /// Below zero where the first bytes of these come before those of `other`; both have so many.
    private func compare(_ other: Span<UInt8>, count: Int) -> Int32 {
        guard count > 0 else { return 0 }
        return unsafe withUnsafeBytes { left in
            unsafe other.withUnsafeBytes { right in
                // Safe: both callers hold `count` against the lengths.
                guard let left = left.baseAddress, let right = right.baseAddress else { return 0 }
                return unsafe memcmp(left, right, count)
            }
        }
    }
}

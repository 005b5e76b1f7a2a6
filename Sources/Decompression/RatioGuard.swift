/// Refuses streams that expand too far to be a backup.
///
/// The caller's limit is what stops a bomb: an idle WAL segment is nothing but zeros, and such a one of 16 MiB
/// is packed 1,000:1 by gzip, 30,000:1 by zstd and 370,000:1 by bzip2, so that no ratio tells the two apart.
/// Where a caller allows more than any segment can hold, as for the tar of a base backup, zeros throughout are
/// no longer an honest explanation.
package struct RatioGuard {
    /// The plain bytes that are never looked at: 1 GiB, the largest WAL segment that initdb can make.
    package var free = 1 << 30

    /// The most plain bytes for a compressed one beyond that: four times what gzip can reach at all.
    package var most = 4096

    package init() {}

    func allows(_ expanded: Int, from compressed: Int) -> Bool {
        expanded <= free || expanded / most <= compressed
    }
}

"""A segment that was written while the second of three backups ran is missing.

The second backup cannot be restored at all, although its status is DONE. The first one can, up to the hole; the third
one lies behind it and is whole.
"""

import walnames
from stage import Stage


def play(stage: Stage) -> None:
    server = stage.server("example-db", "/homelab-cluster")
    cluster = stage.cluster("example-db-1")
    server.begin_archiving(cluster, "--gzip")
    server.backup(cluster)
    server.fill(cluster, 2)
    long_one = server.backup_during(cluster, lambda: server.fill(cluster, 4))
    server.fill(cluster, 2)
    server.backup(cluster)
    server.fill(cluster, 2)

    spanned = server.listed_backup(long_one)
    names = walnames.segment_range(spanned["begin_wal"], spanned["end_wal"], cluster.segment_size)
    if len(names) < 3:
        raise RuntimeError(f"the backup spans {len(names)} segments only")
    lost = names[1]
    server.loses(lost, lost, cluster.segment_size)
    server.expects("wal-gap", timeline=1, segment=lost, lastSegment=lost)
    server.expects("wal-gap-in-backup", backup=long_one, timeline=1, segment=lost, lastSegment=lost)

"""A hole in the WAL between the second and the third backup.

All three backups can be restored. What lies behind the hole cannot be reached from the first two.
"""

from stage import Stage


def play(stage: Stage) -> None:
    server = stage.server("example-db", "/homelab-cluster")
    cluster = stage.cluster("example-db-1")
    server.begin_archiving(cluster, "--gzip")
    server.backup(cluster)
    server.fill(cluster, 2)
    server.backup(cluster)
    between = server.fill(cluster, 6)
    server.backup(cluster)
    server.fill(cluster, 2)

    first, last = between[2], between[3]
    server.loses(first, last, cluster.segment_size)
    server.expects("wal-gap", timeline=1, segment=first, lastSegment=last)

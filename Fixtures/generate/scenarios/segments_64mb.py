"""PostgreSQL 18 with segments of 64 MB, and names that cross from one log to the next.

A log holds 64 segments of this size: `00000001000000000000003F` is followed by `000000010000000100000000`. The cluster was brought to
the end of its first log with pg_resetwal before it archived anything.
"""

from stage import Stage


def play(stage: Stage) -> None:
    server = stage.server("example-db", "/homelab-cluster")
    cluster = stage.cluster("example-db-1", major=18, segment_megabytes=64)
    cluster.continue_at("00000001000000000000003B")
    server.begin_archiving(cluster, "--gzip")
    server.backup(cluster)
    server.fill(cluster, 6)

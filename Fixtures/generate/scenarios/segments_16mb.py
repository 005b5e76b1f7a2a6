"""PostgreSQL 16 with segments of 16 MB, the usual size."""

from stage import Stage


def play(stage: Stage) -> None:
    server = stage.server("example-db", "/homelab-cluster")
    cluster = stage.cluster("example-db-1", major=16, segment_megabytes=16)
    server.begin_archiving(cluster, "--gzip")
    server.backup(cluster)
    server.fill(cluster, 5)

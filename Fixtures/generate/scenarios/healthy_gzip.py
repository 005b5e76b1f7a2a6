"""A healthy server: three backups on the primary, gzip for data and WAL, nothing to complain about.

The destinationPath ends in a slash, as CloudNativePG users write it. Archiving begins right before the first backup, so
that no WAL lies before it.
"""

from stage import Stage


def play(stage: Stage) -> None:
    server = stage.server("example-db", "/homelab-cluster/example-db/")
    cluster = stage.cluster("example-db-1")
    server.begin_archiving(cluster, "--gzip")
    server.backup(cluster, "--gzip")
    server.fill(cluster, 3)
    server.backup(cluster, "--gzip")
    server.fill(cluster, 3)
    server.backup(cluster, "--gzip")
    server.fill(cluster, 2)

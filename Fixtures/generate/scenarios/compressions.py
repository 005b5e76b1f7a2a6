"""WAL written in turn with every compression that Barman 3.19.1 has, and with none.

Then three promotions of the server by itself (a crash, a restart as a standby of nobody, a promotion), so that `.history` and
`.partial` lie there in zstd, xz and bzip2. The parent's whole segment was never archived beside its `.partial`: nothing is
shadowed.
"""

from barman import Server
from postgres import Cluster
from stage import Stage

COMPRESSIONS = ["gzip", "bzip2", "xz", "snappy", "zstd", "lz4"]


def play(stage: Stage) -> None:
    server = stage.server("example-db", "/homelab-cluster")
    cluster = stage.cluster("example-db-1")
    server.begin_archiving(cluster, "--gzip")
    server.backup(cluster, "--bzip2")
    for compression in COMPRESSIONS:
        cluster.archive_with(server.archive_command(f"--{compression}"))
        server.fill(cluster, 2)
    cluster.archive_with(server.archive_command())
    server.fill(cluster, 1)

    fork(server, cluster, 2, "--zstd")
    fork(server, cluster, 3, "--xz")
    fork(server, cluster, 4, "--bzip2")
    cluster.archive_with(server.archive_command("--lz4"))
    server.backup(cluster, "--lz4")
    server.fill(cluster, 1)


def fork(server: Server, cluster: Cluster, timeline: int, *flags: str) -> None:
    cluster.archive_with(server.archive_command(*flags))
    cluster.write("the last of its timeline")
    cluster.promote_itself()
    server.wait_for_wal(f"{timeline:08X}.history")
    server.fill(cluster, 2)

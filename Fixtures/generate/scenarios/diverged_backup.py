"""A backup behind a fork: of a primary that went on after others had recovered from its archive.

Timelines 2 and 3 are point-in-time recoveries of the first backup to the restore point `fork`. Timeline 1 went on meanwhile, and
its second backup belongs to neither. Timeline 2 ends before the place where that backup was taken, timeline 3 goes past it:
PostgreSQL refuses both, in different words, and `latest` is timeline 3.
Whether and how an inspector warns that this backup is not on the way to the latest timeline is left open.
"""

from branching import branch
from stage import Stage


def play(stage: Stage) -> None:
    server = stage.server("example-db", "/homelab-cluster")
    old = stage.cluster("example-db-1")
    server.begin_archiving(old, "--gzip")
    common = server.backup(old)
    server.fill(old, 2)
    old.write("the last that all know")
    old.query("SELECT pg_create_restore_point('fork')", record=True)
    old.write("only on the first timeline")
    old.switch()
    server.fill(old, 2)
    diverged = server.backup(old)
    server.fill(old, 2)

    settings = ["recovery_target_name = 'fork'", "recovery_target_timeline = 'current'"]
    short = branch(stage, server, common, "example-db-2", *settings)
    server.fill(short, 2)
    short.stop("immediate")
    long = branch(stage, server, common, "example-db-3", *settings)
    server.fill(long, 8)
    server.tolerates("latest-not-reachable", backup=diverged)
    server.tolerates("backup-not-on-timeline", backup=diverged)

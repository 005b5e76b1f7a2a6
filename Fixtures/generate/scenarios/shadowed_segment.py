"""A `.partial` beside its whole segment, in zstd, where `barman-cloud-wal-restore` takes the `.partial`.

It holds what a failover in the middle of the segment would have left: the beginning, and zeros behind it. Behind the
shadowed segment everything is whole, and out of reach unless `--no-partial` is given.
Whether the hole that the shadow makes is also reported as a gap is left open.
"""

import walnames
from stage import Stage


def play(stage: Stage) -> None:
    server = stage.server("example-db", "/homelab-cluster")
    cluster = stage.cluster("example-db-1")
    server.begin_archiving(cluster, "--zstd")
    server.backup(cluster)
    server.fill(cluster, 2)
    cluster.write("in both")
    position = cluster.value("SELECT pg_current_wal_lsn()::text")
    cluster.write("in the whole segment only")
    name = cluster.switch()
    server.wait_for_wal(name)
    server.fill(cluster, 2)

    key = server.wal_key(name)
    whole = walnames.decompress(key, server.bucket.body(key))
    kept = int(position.split("/")[1], 16) % cluster.segment_size
    file = server.scratch_file(f"{name}.partial", whole[:kept] + bytes(cluster.segment_size - kept))
    stage.journal.note(f"{name}.partial made: the first {kept} bytes of {name}, and zeros")
    server.archive_file(file, "--zstd")
    shadow = key.replace(".zst", ".partial.zst")
    server.expects("wal-shadowed", timeline=1, segment=name, key=shadow)
    server.expects("partial-elsewhere", timeline=1, segment=name, key=shadow)
    server.tolerates("wal-gap", timeline=1, segment=name, lastSegment=name)

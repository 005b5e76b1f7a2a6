"""Keep annotations under destinationPaths with and without a trailing slash.

* `with-slash/` has the slash, so Barman puts its annotations under `with-slash//`. One backup is kept `full`, one
  `standalone`, and one annotation is left of a backup that was deleted object by object.
* `plain` has none. One backup is kept `full`, one `standalone`; the third was kept with `s3://keeps/plain/` on the command line, which put the
  annotation where Barman does not look for it when it is given `s3://keeps/plain`: `keep-not-seen`.

Whoever is given the bucket alone cannot know which spelling the first server's destinationPath has, so `keep-not-seen` is left open
there. In the tree the two spellings fall together, as in any mirror.
"""

from barman import Server
from stage import Stage


def play(stage: Stage) -> None:
    cluster = stage.cluster("example-db-1")
    slashed = stage.server("example-db", "/with-slash/")
    slashed.begin_archiving(cluster, "--gzip")
    standalone, gone, full = (slashed.backup(cluster) for _ in range(3))
    slashed.keep(standalone, "standalone")
    slashed.keep(full, "full")
    slashed.keep(gone, "full")
    delete_by_hand(slashed, gone)
    slashed.expects("annotation-orphan", backup=gone)
    for backup in (standalone, gone, full):
        slashed.tolerates("keep-not-seen", backup=backup)

    plain = stage.server("example-db", "/plain")
    plain.begin_archiving(cluster, "--gzip")
    full, standalone, unseen = (plain.backup(cluster) for _ in range(3))
    plain.keep(full, "full")
    plain.keep(standalone, "standalone")
    plain.keep(unseen, "full", destination="s3://keeps/plain/")
    plain.expects("keep-not-seen", backup=unseen)


def delete_by_hand(server: Server, backup: str) -> None:
    for key in server.bucket.keys(server.backup_key(backup, "")):
        server.bucket.delete(key)

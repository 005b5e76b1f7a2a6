"""Three servers that lack something: `wal-only`, `base-only`, `empty`.

While `base-only` was backed up, archive_command was `true`. `empty` consists of the two objects that consoles make for "folders":
`empty/` and `empty/wals/`. Keys that end in a slash have no file, so this server is in the listing and not in the tree
(`"markersOnly": true`). Without a backup nothing but WAL itself tells the system identifier and the segment size of `wal-only`: `null`.
"""

from stage import Stage


def play(stage: Stage) -> None:
    cluster = stage.cluster("example-db-1")
    wal_only = stage.server("wal-only")
    wal_only.begin_archiving(cluster, "--gzip")
    archived = wal_only.fill(cluster, 4)
    wal_only.expects("no-backup")
    wal_only.tolerates("wal-orphan", timeline=1, segment=archived[0], lastSegment=archived[-1])

    cluster.archive_with("true")
    base_only = stage.server("base-only")
    backup = base_only.listed_backup(base_only.backup(cluster))
    base_only.expects("no-wal")
    base_only.tolerates(
        "wal-gap-in-backup",
        backup=backup["backup_id"],
        timeline=1,
        segment=backup["begin_wal"],
        lastSegment=backup["end_wal"],
    )

    empty = stage.server("empty")
    empty.markers_only = True
    stage.bucket.put("empty/", b"", "a directory marker")
    stage.bucket.put("empty/wals/", b"", "a directory marker")
    empty.tolerates("object-unknown")

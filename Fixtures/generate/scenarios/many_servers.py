"""Eight servers at different depths, with names that must be quoted, decoded or compared with care.

One archive is real: `pg`, at the root of the bucket. The others are copies of it inside the store, object by object; Barman lists them
all the same. `pg` is a prefix of `pg-1` and of `pg.old`, which sort before and after `pg/` (`-` and `.` before the slash).
"""

from stage import Stage

COPIES = [
    ("pg-1", ""),
    ("pg.old", ""),
    ("orders db", "/team a"),
    ("a+b", "/eu/west/prod/"),
    ("r&d", "/eu/west/prod"),
    ("100%2F", "/deep/er/and/deeper/still"),
    ("データベース", "/café"),
]


def play(stage: Stage) -> None:
    original = stage.server("pg")
    cluster = stage.cluster("example-db-1")
    original.begin_archiving(cluster, "--gzip")
    original.backup(cluster)
    original.fill(cluster, 2)
    for name, path in COPIES:
        copy = stage.server(name, path)
        stage.bucket.copy_all(original.prefix, copy.prefix)

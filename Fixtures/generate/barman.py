"""One server directory in the bucket, written by the real barman-cloud commands."""

import json
import subprocess
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import walnames
from postgres import SOCKETS, Cluster
from store import Bucket, S3Server
from workshop import POSTGRES_HOME, Workshop


class Server:
    """A `destinationPath` and a server name, and what a correct inspector must find there."""

    def __init__(self, workshop: Workshop, s3: S3Server, bucket: Bucket, destination: str, name: str):
        self.workshop = workshop
        self.bucket = bucket
        self.destination = destination
        self.name = name
        self.endpoint = ["--endpoint-url", s3.endpoint]
        self.path = destination.removeprefix("s3://").partition("/")[2].rstrip("/")
        self.prefix = f"{self.path}/{name}/" if self.path else f"{name}/"
        self.findings: list[dict] = []
        self.may_report: list[dict] = []
        self.gaps: list[dict] = []
        self.markers_only = False

    # What must be found

    def expects(self, code: str, **where) -> None:
        self.findings.append({"code": code, **where})

    def tolerates(self, code: str, **where) -> None:
        """A finding that the code table neither demands nor forbids here."""
        self.may_report.append({"code": code, **where})

    def loses(self, first: str, last: str, segment_size: int) -> None:
        """Deletes segments from the archive on purpose and notes the hole."""
        names = walnames.segment_range(first, last, segment_size)
        for name in names:
            self.bucket.delete(self.wal_key(name))
        timeline = int(first[:8], 16)
        self.gaps.append({"timeline": timeline, "first": first, "last": last, "segments": len(names)})

    # WAL

    def archive_command(self, *flags: str) -> str:
        words = ["barman-cloud-wal-archive", *flags, *self.endpoint, self.destination, self.name]
        quoted = [f'"{word}"' if any(sign in word for sign in " &+") else word for word in words]
        return " ".join([*quoted, "%p"])

    def archive_file(self, file: Path, *flags: str) -> None:
        """Archives one file by hand."""
        self.run("barman-cloud-wal-archive", *flags, *self.endpoint, self.destination, self.name, file)

    def wal_key(self, name: str) -> str:
        """The key of an archived file, whatever its compression."""
        found = self.wal_keys(name)
        if len(found) != 1:
            raise RuntimeError(f"{name} lies in the bucket {len(found)} times")
        return found[0]

    def wal_keys(self, name: str) -> list[str]:
        keys = self.bucket.keys(f"{self.prefix}wals/")
        return [key for key in keys if walnames.split_extension(key)[0] == name]

    def wait_for_wal(self, name: str) -> None:
        deadline = time.monotonic() + 120
        while not self.wal_keys(name):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} was not archived within two minutes")
            time.sleep(0.1)

    def fill(self, cluster: Cluster, segments: int) -> list[str]:
        """Writes and archives some segments, each with one small transaction."""
        names = []
        for _ in range(segments):
            cluster.write("an ordinary day")
            names.append(cluster.switch())
        self.wait_for_wal(names[-1])
        return names

    def begin_archiving(self, cluster: Cluster, *flags: str) -> None:
        """From here on WAL goes to the bucket; what was written before does not."""
        cluster.discard_wal_so_far()
        cluster.archive_with(self.archive_command(*flags))

    # Backups

    def backup_command(self, cluster: Cluster, *flags: str) -> list:
        # An id is the second in which a backup began; the next one must not fall into the same.
        time.sleep(1)
        name = f"backup-{datetime.now(timezone.utc):%Y%m%d%H%M%S}"
        return [
            "barman-cloud-backup", "--user", "postgres", "--name", name, "--host", SOCKETS, "--port", cluster.port,
            "--dbname", "template1", "--immediate-checkpoint", *(flags or ["--bzip2"]), *self.endpoint,
            "--cloud-provider", "aws-s3", self.destination, self.name,
        ]  # fmt: skip

    def backup(self, cluster: Cluster, *flags: str) -> str:
        """Takes a base backup and returns its id."""
        before = self.backup_ids()
        self.run(*self.backup_command(cluster, *flags))
        (made,) = self.backup_ids() - before
        return made

    def backup_during(self, cluster: Cluster, activity: Callable[[], object]) -> str:
        """Takes a base backup while something else happens, which begins when `backup.info` says STARTED."""
        before = self.backup_ids()
        process = self.start_backup(cluster)
        made = self.wait_for_new_backup(before)
        self.bucket.journal.note("while it runs:")
        activity()
        if process.wait() != 0:
            raise RuntimeError("barman-cloud-backup failed")
        self.bucket.journal.note("it has ended")
        return made

    def start_backup(self, cluster: Cluster) -> subprocess.Popen:
        command = self.backup_command(cluster)
        self.bucket.journal.command(command, background=True)
        return self.workshop.start([self.workshop.tools / command[0], *command[1:]])

    def backup_ids(self) -> set[str]:
        root = f"{self.prefix}base/"
        return {key.removeprefix(root).split("/")[0] for key in self.bucket.keys(root)}

    def backup_key(self, backup: str, file: str) -> str:
        return f"{self.prefix}base/{backup}/{file}"

    def wait_for_new_backup(self, before: set[str]) -> str:
        """Waits for the `backup.info` that a running backup uploads when it starts."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for backup in self.backup_ids() - before:
                return backup
            time.sleep(0.02)
        raise RuntimeError(f"no backup.info within a minute, only {sorted(before)}")

    def keep(self, backup: str, target: str, destination: str | None = None) -> None:
        self.run(
            "barman-cloud-backup-keep", "--target", target, *self.endpoint,
            destination or self.destination, self.name, backup,
        )  # fmt: skip

    def listed(self) -> list[dict]:
        """The backups as barman-cloud-backup-list reports them."""
        answer = self.ask("barman-cloud-backup-list", "--format", "json")
        return json.loads(answer.stdout)["backups_list"]

    def listed_backup(self, backup: str) -> dict:
        return next(entry for entry in self.listed() if entry["backup_id"] == backup)

    # Running

    def ask(self, tool: str, *flags: str, backup: str | None = None):
        """Runs a command that only looks. Not part of the scenario's story."""
        words = [*flags, *self.endpoint, self.destination, self.name, *([backup] if backup else [])]
        return self.workshop.run([self.workshop.tools / tool, *words], check=False)

    def run(self, tool: str, *arguments):
        self.bucket.journal.command([tool, *arguments])
        return self.workshop.run([self.workshop.tools / tool, *arguments])

    def scratch_file(self, name: str, body: bytes) -> Path:
        """A file with this name outside the bucket, for tools that want one."""
        file = POSTGRES_HOME / "scratch" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(body)
        file.chmod(0o644)
        return file

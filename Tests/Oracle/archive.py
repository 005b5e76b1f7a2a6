"""A committed bucket, served again: its objects under their true keys, and what the real commands make of it."""

import json
import shlex
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote

from store import S3Server
from workshop import Workshop

FIXTURES = Path(__file__).resolve().parent.parent.parent / "Fixtures"

# barman-cloud-wal-restore takes half a second to start, and what it answers depends on the bucket, the name and
# its flags alone: it is run once for each, with a spool directory of its own, and the answer is kept.
FETCH = """\
#!/bin/sh
# Usage: fetch ASKED NAME DESTINATION
kept={kept}/$2
if [ ! -e "$kept.status" ]; then
    spool=$(mktemp -d)
    {command} --spool-dir "$spool" {source} "$2" "$kept" 2>"$kept.stderr"
    echo $? >"$kept.status"
    rm -rf "$spool"
fi
read -r status <"$kept.status"
echo "$2 $status" >>"$1"
[ "$status" != 0 ] || cp "$kept" "$3"
exit "$status"
"""


class Archive:
    """One server directory of a scenario."""

    def __init__(self, workshop: Workshop, s3: S3Server, scenario: str, expected: dict, directory: Path):
        self.workshop = workshop
        self.endpoint = ["--endpoint-url", s3.endpoint]
        self.scenario = scenario
        self.name = expected["name"]
        self.prefix = expected["prefix"]
        self.destination = expected["destinationPath"]
        self.segment_size = expected["walSegmentSize"]
        self.backups = {backup["id"]: backup for backup in expected["backups"]}
        self.expected = expected
        self.directory = directory
        self._commands: dict[bool, Path] = {}

    @property
    def source(self) -> list[str]:
        return [self.destination, self.name]

    def major(self, backup: str) -> int:
        known = self.backups.get(backup) or next(iter(self.backups.values()), None)
        return known["postgresVersion"] // 10000 if known and known["postgresVersion"] else 15

    def kept(self, no_partial: bool) -> Path:
        """Where the answers of barman-cloud-wal-restore are kept."""
        return self.directory / ("whole-only" if no_partial else "wal")

    def fetch(self, no_partial: bool) -> Path:
        """The program for `restore_command`."""
        if no_partial not in self._commands:
            self.kept(no_partial).mkdir(parents=True)
            shutil.chown(self.kept(no_partial), "postgres", "postgres")
            words = ["barman-cloud-wal-restore", *self.endpoint, *(["--no-partial"] if no_partial else [])]
            program = self.directory / f"fetch-{self.kept(no_partial).name}"
            program.write_text(
                FETCH.format(
                    kept=shlex.quote(str(self.kept(no_partial))),
                    command=shlex.join(words),
                    source=shlex.join(self.source),
                )
            )
            program.chmod(0o755)
            self._commands[no_partial] = program
        return self._commands[no_partial]

    def file(self, name: str, no_partial: bool = False) -> Path | None:
        """A file of the archive as barman-cloud-wal-restore delivers it, or nothing."""
        program = self.fetch(no_partial)
        self.workshop.run([program, "/dev/null", name, "/dev/null"], check=False)
        status = (self.kept(no_partial) / f"{name}.status").read_text().strip()
        return self.kept(no_partial) / name if status == "0" else None

    def restore(self, backup: str, directory: Path) -> subprocess.CompletedProcess:
        """Runs barman-cloud-restore."""
        return self.workshop.run(
            [self.workshop.tools / "barman-cloud-restore", *self.endpoint, *self.source, backup, directory],
            check=False,
        )


def upload(s3: S3Server, scenario: str) -> None:
    """Puts the objects of a scenario into a bucket of its name."""
    s3.client.create_bucket(Bucket=scenario)
    for line in (FIXTURES / "scenarios" / scenario / "listing.tsv").read_text().splitlines():
        if line.startswith("#"):
            continue
        key = unquote(line.split("\t")[0])
        # Keys that end in a slash have no file; doubled slashes are single in the tree.
        file = FIXTURES / "buckets" / scenario / key
        s3.client.put_object(Bucket=scenario, Key=key, Body=b"" if key.endswith("/") else file.read_bytes())


def archives(workshop: Workshop, s3: S3Server, scenario: str) -> dict[str, Archive]:
    """The server directories of a scenario by their prefixes, in a bucket made for them."""
    upload(s3, scenario)
    expected = json.loads((FIXTURES / "scenarios" / scenario / "expected.json").read_text())
    found = {}
    for number, server in enumerate(expected["servers"]):
        # A number: restore_command names the directory, and the names of servers would have to be quoted there.
        directory = workshop.scratch / "archives" / scenario / str(number)
        directory.mkdir(parents=True)
        shutil.chown(directory, "postgres", "postgres")
        found[server["prefix"]] = Archive(workshop, s3, scenario, server, directory)
    return found

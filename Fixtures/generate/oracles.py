"""Asks the real tools about a finished bucket and keeps what they say."""

import json
import subprocess
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import walnames
from barman import Server
from stage import Stage

# More than this is a segment full of data; the records at both ends are enough to compare.
LONGEST_DUMP = 64 << 10


@dataclass
class Answers:
    """What the tools said about one server, as far as the expectation needs it."""

    backups: list[dict]
    keeps: dict[str, str] = field(default_factory=dict)


def consult(stage: Stage, directory: Path) -> dict[str, Answers]:
    """Writes `tools/<server prefix>/…` for every server and returns the answers by prefix."""
    answers = {}
    for server in stage.servers:
        notebook = Notebook(stage, directory / server.prefix)
        answers[server.prefix] = ask_barman(server, notebook)
        for key in segments_to_dump(server):
            dump_wal(stage, server, key, notebook)
    return answers


class Notebook:
    """Writes the output of a tool to files, without the paths of this machine."""

    def __init__(self, stage: Stage, directory: Path):
        self.clean = stage.journal.clean
        self.directory = directory

    def write(self, name: str, answer: subprocess.CompletedProcess) -> None:
        file = self.directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.clean(answer.stdout))
        if answer.stderr:
            file.with_suffix(".stderr").write_text(self.clean(answer.stderr))
        if answer.returncode != 0:
            file.with_suffix(".status").write_text(f"{answer.returncode}\n")


def ask_barman(server: Server, notebook: Notebook) -> Answers:
    listed = server.ask("barman-cloud-backup-list", "--format", "json")
    notebook.write("backup-list.json", listed)
    answers = Answers(json.loads(listed.stdout)["backups_list"])
    for backup in answers.backups:
        identifier = backup["backup_id"]
        shown = server.ask("barman-cloud-backup-show", "--format", "json", backup=identifier)
        notebook.write(f"backup-show/{identifier}.json", shown)
        kept = server.ask("barman-cloud-backup-keep", "--status", backup=identifier)
        notebook.write(f"backup-keep-status/{identifier}.txt", kept)
        answers.keeps[identifier] = kept.stdout.strip().removeprefix("Keep: ")

    checked = server.ask("barman-cloud-check-wal-archive")
    notebook.write("check-wal-archive.txt", checked)
    (notebook.directory / "check-wal-archive.status").write_text(f"{checked.returncode}\n")
    return answers


def segments_to_dump(server: Server) -> list[str]:
    """The keys of the first and last two segments of every timeline."""
    by_timeline: dict[str, list[str]] = {}
    for key in server.bucket.keys(f"{server.prefix}wals/"):
        name, _ = walnames.split_extension(key)
        if walnames.SEGMENT.fullmatch(name):
            by_timeline.setdefault(name[:8], []).append(key)
    chosen = []
    for keys in by_timeline.values():
        chosen += keys if len(keys) <= 4 else keys[:2] + keys[-2:]
    return chosen


def dump_wal(stage: Stage, server: Server, key: str, notebook: Notebook) -> None:
    name, _ = walnames.split_extension(key)
    try:
        body = walnames.decompress(key, server.bucket.body(key))
    except (EOFError, OSError, zlib.error):
        # Damaged on purpose, and nothing is left for pg_waldump to read.
        return
    segment = server.scratch_file(name, body)
    program = stage.workshop.binaries(stage.clusters[0].major) / "pg_waldump"
    answer = stage.workshop.run([program, segment], check=False)
    if len(answer.stdout) > LONGEST_DUMP:
        lines = answer.stdout.splitlines()
        left_out = f"[{len(lines) - 40} records left out]"
        answer.stdout = "\n".join([*lines[:20], left_out, *lines[-20:]]) + "\n"
    notebook.write(f"waldump/{key.rsplit('/', 1)[-1]}.txt", answer)
    segment.unlink()

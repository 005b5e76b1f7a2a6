"""Records of WAL as pg_waldump prints them, and where they end."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import walnames

LINE = re.compile(
    r"rmgr: (?P<manager>\S+)\s+len \(rec/tot\):\s+\d+/\s*(?P<length>\d+), tx:\s+(?P<xid>\d+), "
    r"lsn: (?P<lsn>[0-9A-F]+/[0-9A-F]+), prev [0-9A-F]+/[0-9A-F]+, desc: (?P<text>.*)"
)
PAGE = 8192
SHORT_HEADER, LONG_HEADER = 24, 40


@dataclass(frozen=True)
class Record:
    start: int
    length: int
    manager: str
    xid: int
    text: str

    @property
    def kind(self) -> str:
        return self.text.split(" ", 1)[0]

    @property
    def ends_transaction(self) -> bool:
        return self.manager == "Transaction" and self.kind in ("COMMIT", "ABORT", "COMMIT_PREPARED", "ABORT_PREPARED")

    @property
    def time(self) -> str | None:
        """The time of a transaction's end, as PostgreSQL takes it."""
        match = re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?", self.text)
        return match.group(0) if match else None

    @property
    def top_level(self) -> int:
        """The transaction that it ends: a prepared one's is in the text."""
        match = re.match(r"(?:COMMIT|ABORT)_PREPARED (\d+)", self.text)
        return int(match.group(1)) if match else self.xid

    @property
    def timeline(self) -> int | None:
        """The timeline that a checkpoint or an end of recovery sets."""
        match = re.search(r"\btli (\d+); prev tli", self.text)
        return int(match.group(1)) if match else None

    def end(self, segment_size: int) -> int:
        """The position right behind it, where PostgreSQL expects the next one."""
        if self.manager == "XLOG" and self.kind == "SWITCH":
            return -(-(self.start + 1) // segment_size) * segment_size
        position, left = self.start, self.length
        while True:
            room = PAGE - position % PAGE
            if left <= room:
                return position + -(-left // 8) * 8
            left -= room
            position += room
            position += SHORT_HEADER if position % segment_size else LONG_HEADER


def number(lsn: str) -> int:
    high, low = lsn.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def text(lsn: int) -> str:
    return f"{lsn >> 32:X}/{lsn & 0xFFFFFFFF:X}"


def records(workshop, program: Path, files: dict[int, Path], segment_size: int, scratch: Path) -> list[Record]:
    """The records of segments that follow each other, given by their numbers."""
    if not files:
        return []
    subprocess.run(["rm", "-rf", scratch], check=True)
    scratch.mkdir(parents=True)
    # One timeline's names whatever the timelines are: pg_waldump follows one only.
    for at, file in files.items():
        (scratch / walnames.segment_name(1, at, segment_size)).symlink_to(file)
    # pg_waldump waits five seconds for a file that is not there; one from elsewhere in the stream ends it at once.
    (scratch / walnames.segment_name(1, max(files) + 1, segment_size)).symlink_to(files[min(files)])
    first = min(files) * segment_size
    # Nothing can be before the first page of the first log.
    answer = workshop.run([program, "-p", scratch, "-t", "1", "-s", text(max(first, segment_size))], check=False)
    found = []
    for match in map(LINE.match, answer.stdout.splitlines()):
        if match:
            found.append(
                Record(
                    number(match["lsn"]), int(match["length"]), match["manager"], int(match["xid"]), match["text"]
                )
            )
    return found

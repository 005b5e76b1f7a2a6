"""Reads from a recovery's log, and from the WAL it was given, what came of it."""

import re

import replay
from archive import Archive
from recovery import Base, Run

SEGMENT = re.compile(r"[0-9A-F]{24}")

FAILURES = [
    ("ended-before-target", r"recovery ended before configured recovery target was reached"),
    ("before-consistent-point", r"requested recovery stop point is before consistent recovery point"),
    ("not-a-child", r"requested timeline \d+ is not a child of this server's history"),
    ("not-a-child", r"requested timeline \d+ does not contain minimum recovery point"),
    ("timeline-does-not-exist", r"recovery target timeline \d+ does not exist"),
    ("no-checkpoint-record", r"could not (locate|find) (required|a valid) checkpoint record"),
    ("no-checkpoint-record", r"could not find redo location"),
    ("wal-ends-before-backup-end", r"WAL ends before (end of online backup|consistent recovery point)"),
    ("wrong-size", r'archive file ".*" has wrong size'),
    ("history-syntax", r"(syntax error in|invalid data in) history file|Expected a numeric timeline ID"),
    ("invalid-setting", r"invalid value for parameter|configuration file .* contains errors"),
]


def class_of(message: str) -> str:
    return next((name for name, pattern in FAILURES if re.search(pattern, message)), "other")


def found(pattern: str, log: str) -> str | None:
    match = re.search(pattern, log, re.MULTILINE)
    return match.group(1) if match else None


def rfc3339(text: str | None) -> str | None:
    """The time of a log line, in UTC as the recoveries log it."""
    if text is None:
        return None
    day, clock, zone = re.fullmatch(r"(\S+) (\S+?)(?:\+00| UTC)()?", text).groups()
    return f"{day}T{clock}Z"


def not_restored(target: dict, message: str) -> dict:
    """The outcome where barman-cloud-restore already failed."""
    return {
        "id": target["id"],
        "reached": False,
        "consistent": False,
        "promoted": False,
        "failure": "backup-not-restored",
        "message": message,
        "stop": None,
        "landsAt": None,
        "newTimeline": None,
        "fetched": [],
        "refused": [],
    }


def read(target: dict, run: Run, archive: Archive, base: Base) -> dict:
    log = run.log
    new_timeline = found(r"^LOG:  selected new timeline ID: (\d+)", log)
    promoted = "database system is ready to accept connections" in log and new_timeline is not None
    message = found(r"^((?:FATAL|PANIC):  (?!the database system is).*)", log)
    failure = None if promoted else class_of(message or log)
    fetched, refused = {}, {}
    for name, status in run.asked:
        (refused if status else fetched)[name] = status
    return {
        "id": target["id"],
        # From PostgreSQL 13 on, a recovery that does not reach its target never promotes.
        "reached": promoted,
        "consistent": "consistent recovery state reached at" in log,
        "promoted": promoted,
        "failure": failure,
        "message": message,
        "stop": found(r"^LOG:  (recovery stopping .*)", log),
        "landsAt": lands_at(target, run, archive, base, fetched, int(new_timeline) if promoted else None),
        "newTimeline": int(new_timeline) if promoted else None,
        # Why replay went no further, where it says so: what PostgreSQL found instead of the next record.
        "endOfWAL": end_of_wal(log),
        "fetched": list(fetched),
        "refused": [{"name": name, "status": status} for name, status in refused.items()],
    }


END_OF_WAL = re.compile(
    r"^LOG:  ((?:invalid|incorrect|unexpected|record with|out-of-sequence|WAL file is from|there is no contrecord|"
    r"missing contrecord|contrecord|could not decompress|unable to).*)",
    re.MULTILINE,
)


def end_of_wal(log: str) -> str | None:
    replayed = log.partition("redo starts at")[2]
    match = END_OF_WAL.search(replayed)
    return match.group(1) if match else None


def lands_at(target: dict, run: Run, archive: Archive, base: Base, fetched: dict, new: int | None) -> dict | None:
    """Where replay ended; nothing if it did not begin, or broke off with an error on its way."""
    start = found(r"redo done at ([0-9A-F]+/[0-9A-F]+)", run.log)
    if start is None:
        return None
    last = replay.number(start)
    replayed = [record for record in replayable(archive, base, target, fetched) if record.start <= last]
    begin = replay.number(found(r"redo starts at ([0-9A-F]+/[0-9A-F]+)", run.log))
    replayed = [record for record in replayed if record.start >= begin]
    end = None
    if replayed and replayed[-1].start == last:
        end = replay.text(replayed[-1].end(archive.segment_size or 1 << 20))
    if new is not None:
        switch = switch_point(run, new)
        if end is not None and end != switch:
            raise RuntimeError(f"{target['id']}: {end} was computed, timeline {new} begins at {switch}")
        end = switch
    timelines = [record.timeline for record in replayed if record.timeline is not None]
    return {
        "lsn": end,
        "lastRecord": start,
        "time": rfc3339(found(r"last completed transaction was at log time (.*)", run.log)),
        "timeline": timelines[-1] if timelines else None,
    }


def switch_point(run: Run, new: int) -> str:
    """Where the new timeline begins: the end of what was replayed."""
    lines = (run.pgdata / "pg_wal" / f"{new:08X}.history").read_text().splitlines()
    return [line for line in lines if line.strip()][-1].split("\t")[1]


def replayable(archive: Archive, base: Base, target: dict, fetched: dict) -> list[replay.Record]:
    """The records of the segments that this recovery was given."""
    size = archive.segment_size or 1 << 20
    files = {}
    for name in fetched:
        if SEGMENT.fullmatch(name):
            at = int(name[8:16], 16) * (2**32 // size) + int(name[16:], 16)
            # The first that was delivered is the one that was replayed; later ones are looked at again at the end.
            files.setdefault(at, archive.kept(target["noPartial"]) / name)
    files = {at: file for at, file in files.items() if file.stat().st_size == size}
    first = min(files, default=0)
    unbroken = {}
    while first in files:
        unbroken[first] = files[first]
        first += 1
    return replay.records(
        archive.workshop, base.binaries / "pg_waldump", unbroken, size, archive.directory / "waldump"
    )

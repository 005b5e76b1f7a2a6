"""Reads what came of a recovery."""

import re

from archive import Archive
from landing import lands_at
from logtext import found
from recovery import Base, Run

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
    found = next((name for name, pattern in FAILURES if re.search(pattern, message)), None)
    if found is None:
        # As likely a mistake of ours as something new about PostgreSQL: somebody must look.
        raise RuntimeError(f"a failure that is in no class: {message}")
    return found


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
        "endOfWAL": None,
        "fetched": [],
        "refused": [],
    }


def read(target: dict, run: Run, archive: Archive, base: Base) -> dict:
    log = run.log
    new_timeline = found(r"^LOG:  selected new timeline ID: (\d+)", log)
    promoted = "database system is ready to accept connections" in log and new_timeline is not None
    message = found(r"^((?:FATAL|PANIC):  (?!the database system is).*)", log)
    if message and "contains errors" in message:
        # It names the file; the line before tells what is wrong in it.
        message = found(r"^(LOG:  .*)\nFATAL:  configuration file", log)
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

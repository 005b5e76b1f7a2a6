"""Builds expected.json from the listing, from what the tools said and from what was done on purpose."""

import re
from datetime import datetime, timedelta, timezone

import walnames
from barman import Server
from oracles import Answers
from stage import Stage
from store import Object

HISTORY_LINE = re.compile(r"^(\d+)\t([0-9A-F]+/[0-9A-F]+)\t(.*)$")


def build(stage: Stage, objects: list[Object], answers: dict[str, Answers]) -> dict:
    newest = max(entry.modified for entry in objects)
    return {
        "scenario": stage.name,
        "now": rfc3339(newest + timedelta(days=1)),
        "destinationPaths": list(dict.fromkeys(server.destination for server in stage.servers)),
        "objects": len(objects),
        "bytes": sum(entry.size for entry in objects),
        "servers": [expected_server(server, objects, answers[server.prefix]) for server in stage.servers],
    }


def rfc3339(time: datetime) -> str:
    text = time.astimezone(timezone.utc).isoformat()
    return text.replace("+00:00", "Z")


def expected_server(server: Server, objects: list[Object], answers: Answers) -> dict:
    backups = [expected_backup(server, backup, objects, answers) for backup in answers.backups]
    wal = WALNames(server, objects)
    timelines = expected_timelines(server, wal)
    identifiers = {backup["systemIdentifier"] for backup in backups} - {None}
    sizes = {backup["xlog_segment_size"] for backup in answers.backups}
    segment_size = sizes.pop() if len(sizes) == 1 else None
    findings = server.findings + wal_before_first_backup(wal, backups) + abandoned(wal, timelines, segment_size)
    return {
        "name": server.name,
        "prefix": server.prefix,
        "destinationPath": server.destination,
        "markersOnly": server.markers_only,
        "systemIdentifier": identifiers.pop() if len(identifiers) == 1 else None,
        "walSegmentSize": segment_size,
        "backups": backups,
        "timelines": timelines,
        "wal": {
            "segments": len(wal.segments),
            "firstSegment": wal.segments[0] if wal.segments else None,
            "lastSegment": wal.segments[-1] if wal.segments else None,
            "partials": wal.partials,
            "gaps": server.gaps,
        },
        "findings": findings,
        "mayReport": server.may_report,
    }


# Backups


def expected_backup(server: Server, backup: dict, objects: list[Object], answers: Answers) -> dict:
    identifier = backup["backup_id"]
    prefixes = tuple(f"{prefix}base/{identifier}/" for prefix in both_spellings(server))
    own = [entry for entry in objects if entry.key.startswith(prefixes)]
    keep = answers.keeps[identifier]
    return {
        "id": identifier,
        "name": backup.get("backup_name"),
        "status": backup["status"],
        "timeline": backup["timeline"],
        "beginWAL": backup["begin_wal"],
        "endWAL": backup["end_wal"],
        "beginLSN": backup["begin_xlog"],
        "endLSN": backup["end_xlog"],
        "beginTime": barman_time(backup["begin_time_iso"]),
        "endTime": barman_time(backup.get("end_time_iso")),
        "postgresVersion": backup["version"],
        "systemIdentifier": backup["systemid"],
        "keep": keep if keep in ("full", "standalone") else None,
        "bytes": sum(entry.size for entry in own),
        "objects": len(own),
    }


def both_spellings(server: Server) -> tuple[str, str]:
    """The server's prefix, and the one where Barman puts annotations if the destinationPath ends in a slash."""
    return server.prefix, f"{server.path}//{server.name}/"


def barman_time(text: str | None) -> str | None:
    return rfc3339(datetime.fromisoformat(text)) if text else None


# WAL


class WALNames:
    """What the names below `wals/` say."""

    def __init__(self, server: Server, objects: list[Object]):
        keys = [entry.key for entry in objects if entry.key.startswith(f"{server.prefix}wals/")]
        names = {key: walnames.split_extension(key)[0] for key in keys}
        self.segments = sorted({name.upper() for name in names.values() if walnames.SEGMENT.fullmatch(name)})
        self.partials = sorted({name for name in names.values() if walnames.PARTIAL.fullmatch(name)})
        self.histories = {int(name[:8], 16): key for key, name in names.items() if walnames.HISTORY.fullmatch(name)}

    def on_timeline(self, timeline: int) -> list[str]:
        return [name for name in self.segments if int(name[:8], 16) == timeline]

    def timelines(self) -> list[int]:
        return sorted({int(name[:8], 16) for name in self.segments} | set(self.histories))


def expected_timelines(server: Server, wal: WALNames) -> list[dict]:
    return [expected_timeline(server, wal, timeline) for timeline in wal.timelines()]


def expected_timeline(server: Server, wal: WALNames, timeline: int) -> dict:
    unknown = {"timeline": timeline, "parent": None, "switchLSN": None, "reason": None}
    if timeline == 1:
        return {**unknown, "history": "none"}
    if timeline not in wal.histories:
        return {**unknown, "history": "missing"}
    key = wal.histories[timeline]
    lines = walnames.decompress(key, server.bucket.body(key)).decode().splitlines()
    switches = [match.groups() for match in map(HISTORY_LINE.match, lines) if match]
    if not switches:
        return {**unknown, "history": "invalid"}
    parent, switch, reason = switches[-1]
    return {
        "timeline": timeline,
        "parent": int(parent),
        "switchLSN": switch,
        "reason": reason.strip(),
        "history": "present",
    }


# Findings that follow from names alone, whatever the scenario


def wal_before_first_backup(wal: WALNames, backups: list[dict]) -> list[dict]:
    """`wal-orphan`: segments of the oldest backup's timeline that lie before its first one."""
    begins = [backup["beginWAL"] for backup in backups if backup["status"] == "DONE"]
    if not begins:
        return []
    oldest = min(begins)
    orphans = [name for name in wal.on_timeline(int(oldest[:8], 16)) if name < oldest]
    if not orphans:
        return []
    return [finding("wal-orphan", orphans)]


def abandoned(wal: WALNames, timelines: list[dict], segment_size: int | None) -> list[dict]:
    """`timeline-abandoned`: segments of a parent wholly behind the fork."""
    findings = []
    for child in timelines:
        if child["parent"] is None:
            continue
        switch = walnames.segment_of_lsn(child["switchLSN"], segment_size)
        behind = [
            name
            for name in wal.on_timeline(child["parent"])
            if walnames.segment_number(name, segment_size) > switch
        ]
        found = finding("timeline-abandoned", behind) if behind else None
        # Two children may have left at the same point.
        if found and found not in findings:
            findings.append(found)
    return findings


def finding(code: str, names: list[str]) -> dict:
    return {"code": code, "timeline": int(names[0][:8], 16), "segment": names[0], "lastSegment": names[-1]}

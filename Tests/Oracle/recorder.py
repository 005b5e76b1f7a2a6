"""Recovers to every target of some scenarios, one after another, and writes or compares the outcomes."""

import json
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "Fixtures" / "generate"))

import choice  # noqa: E402
import outcome  # noqa: E402
from archive import Archive, archives  # noqa: E402
from recovery import Base  # noqa: E402
from store import S3Server  # noqa: E402
from workshop import Workshop  # noqa: E402

# What two recordings of the same recovery may differ in: how far ahead PostgreSQL read before it stopped.
INCIDENTAL = ["fetched", "refused"]


def targets_of(scenario: str) -> list[dict]:
    return json.loads((HERE / "targets" / f"{scenario}.json").read_text())["targets"]


def write(file: Path, scenario: str, entries: dict[str, list[dict]]) -> None:
    """One entry per line, so that a difference shows the one that changed."""
    file.parent.mkdir(exist_ok=True)
    text = json.dumps({"scenario": scenario, **{name: [] for name in entries}}, ensure_ascii=False)
    for name, rows in entries.items():
        lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows)
        text = text.replace(f'"{name}": []', f'\n "{name}": [\n{lines}\n ]')
    file.write_text(text + "\n")


def recover(targets: list[dict], servers: dict[str, Archive], logs: Path | None) -> list[dict]:
    """The outcomes, in the order of the targets."""
    bases: dict[tuple[str, str], Base] = {}
    outcomes = []
    for target in targets:
        archive = servers[target["server"]]
        key = (target["server"], target["backup"])
        if key not in bases:
            bases[key] = Base(archive, target["backup"])
        base = bases[key]
        if base.answer.returncode != 0:
            said = base.answer.stderr.strip().splitlines()
            last = next((line for line in reversed(said) if "ERROR" in line), said[-1] if said else "")
            outcomes.append(outcome.not_restored(target, last.partition("ERROR: ")[2] or last))
            continue
        run = base.recover(target)
        if logs is not None:
            file = logs / archive.scenario / f"{target['id']}.log"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(run.log)
        outcomes.append(outcome.read(target, run, archive, base))
    return outcomes


def differences(scenario: str, outcomes: list[dict]) -> list[str]:
    recorded = json.loads((HERE / "outcomes" / f"{scenario}.json").read_text())["outcomes"]
    by_id = {entry["id"]: entry for entry in recorded}
    found = []
    for entry in outcomes:
        before = by_id.get(entry["id"], {})
        for name in sorted((set(entry) | set(before)) - set(INCIDENTAL)):
            if entry.get(name) != before.get(name):
                found.append(f"{scenario} {entry['id']} {name}:\n- {before.get(name)}\n+ {entry.get(name)}")
    return found


def main() -> int:
    scratch, job, logs = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]) if sys.argv[3] else None
    names = sys.argv[4:]
    subset = json.loads((HERE / "subset.json").read_text()) if job == "subset" else {}
    names = names or sorted(subset) or (
        sorted(choice.PLANS) if job == "choose" else sorted(file.stem for file in (HERE / "targets").glob("*.json"))
    )
    workshop = Workshop(scratch)
    found: list[str] = []
    with S3Server(workshop) as s3:
        for name in names:
            started = time.monotonic()
            servers = archives(workshop, s3, name)
            if job == "choose":
                targets = choice.choose(name, servers)
                write(HERE / "targets" / f"{name}.json", name, {"targets": targets})
                print(f"{name}: {len(targets)} targets", flush=True)
                continue
            targets = targets_of(name)
            if job == "subset":
                targets = [target for target in targets if target["id"] in subset.get(name, [])]
            outcomes = recover(targets, servers, logs)
            if job == "record":
                write(HERE / "outcomes" / f"{name}.json", name, {"outcomes": outcomes})
            else:
                found += differences(name, outcomes)
            print(f"{name}: {len(outcomes)} recoveries, {time.monotonic() - started:.0f} s", flush=True)
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

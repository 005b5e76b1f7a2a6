"""Compares two builds of one program of ours: their time, in turn, and their instructions, as callgrind counts them.

Time tells what a user waits for. It differs from run to run by more than most changes make, so that instructions tell
of a change that time does not show.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from bench import Run, circumstances, run, table


@dataclass
class Job:
    """What follows the program's name, and why a run does not count."""

    arguments: list
    fault: Callable[[Run], str | None]


@dataclass
class Kind:
    """A job that is timed, and one that is counted: less of the same where callgrind would take minutes."""

    name: str
    timed: Job
    counted: Job
    counts: int = 1  # the least of so many stands in the table


class Failure(Exception):
    """A run that does not count."""


def program(text: str) -> Path:
    path = Path(text).resolve()
    if not (path.is_file() and os.access(path, os.X_OK)):
        raise argparse.ArgumentTypeError(f"{text} is no program")
    return path


def add_options(parser: argparse.ArgumentParser, name: str, needs: str, example: str) -> None:
    group = parser.add_argument_group(f"two builds of {name}, and nothing else", f"{needs} Example: {example}")
    group.add_argument("--before", type=program, metavar="PROGRAM")
    group.add_argument("--after", type=program, metavar="PROGRAM")
    group.add_argument(
        "--limit-instructions", type=float, metavar="RATIO",
        help="status 1 where `after` takes more instructions than so many times those of `before` (example: 1.02)",
    )  # fmt: skip
    group.add_argument(
        "--limit-wall", type=float, metavar="RATIO", help="the same for the median of wall time (example: 1.10)"
    )


def wanted(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> bool:
    """Whether two builds are to be compared. Ends the program where they cannot be."""
    builds, limits = (arguments.before, arguments.after), (arguments.limit_instructions, arguments.limit_wall)
    if not any(builds):
        if any(limits):
            parser.error("--limit-instructions and --limit-wall go with --before and --after")
        return False
    if not all(builds):
        parser.error("--before and --after: wanted both")
    if arguments.only not in (None, "ours"):
        parser.error("--only: wanted `ours` with --before and --after")
    for tool, package in (("valgrind", "valgrind"), ("strip", "binutils")):
        if not shutil.which(tool):
            sys.exit(f"no {tool} here, which it takes to count instructions: apt-get install {package}")
    return True


def checked(side: str, program: Path, job: Job, limit: float, *before: object) -> Run:
    result = run([*before, program, *job.arguments], limit)
    if fault := job.fault(result):
        raise Failure(f"{side}: {fault}")
    return result


def instructions(side: str, program: Path, job: Job, limit: float, scratch: Path) -> int:
    """How many a whole process takes, in all of its threads."""
    log, stripped = scratch / "callgrind.log", scratch / side
    # Debian 12's valgrind gives up where it reads what Swift 6.3 writes for debuggers.
    if subprocess.run(["strip", "--strip-debug", "-o", stripped, program]).returncode != 0:
        raise Failure(f"{side}: strip cannot read it")
    log.unlink(missing_ok=True)
    checked(
        # Hash tables of Swift have another order in each process otherwise.
        side, stripped, job, limit, "env", "SWIFT_DETERMINISTIC_HASHING=1", "valgrind", "--tool=callgrind",
        "--cache-sim=no", f"--callgrind-out-file={scratch / 'callgrind.out'}", f"--log-file={log}",
    )  # fmt: skip
    found = re.search(r"Collected : (\d+)", log.read_text())
    if not found:
        raise Failure(f"{side}: callgrind counted nothing")
    return int(found[1])


def measured(kind: Kind, builds: dict[str, Path], rounds: int, limit: float, scratch: Path) -> list[tuple]:
    """Before and after: of wall and CPU time, in milliseconds, and of instructions, in millions."""
    counts, times = [], {side: [] for side in builds}
    # Counted first, so that files lie in memory when time is taken.
    for side, build in builds.items():
        found = [instructions(side, build, kind.counted, limit, scratch) for _ in range(kind.counts)]
        counts.append(min(found) / 1e6)
        print(f"{kind.name}, {side}: {counts[-1]:.1f} million instructions", file=sys.stderr, flush=True)
    for number in range(rounds):
        # The other way round each second time: of one program given twice, one was slower by a sixth all along.
        for side, build in list(builds.items())[:: -1 if number % 2 else 1]:
            result = checked(side, build, kind.timed, limit)
            times[side].append((result.wall * 1000, result.processor * 1000))
            said = f"round {number + 1}, {kind.name}, {side}: {result.wall * 1000:.1f} ms"
            print(said, file=sys.stderr, flush=True)
    medians = [[statistics.median(column) for column in zip(*times[side])] for side in builds]
    return [*zip(*medians), tuple(counts)]


def compare(kinds: list[Kind], counted: str, arguments: argparse.Namespace, scratch: Path, limit: float = 1200) -> int:
    """Prints a table, and returns the status to end with: 1 where a run failed, or a ratio is above its limit."""
    builds = {"before": arguments.before, "after": arguments.after}
    print(f"\nMedians of {arguments.rounds} rounds; instructions of {counted}\n{circumstances()}", flush=True)
    rows, complaints = [], []
    limits = (("wall time", 0, arguments.limit_wall), ("instructions", 2, arguments.limit_instructions))
    for kind in kinds:
        try:
            pairs = measured(kind, builds, arguments.rounds, limit, scratch)
        except Failure as failure:
            rows.append([kind.name, f"failed, {failure}".replace("|", "/"), *[""] * 8])
            complaints.append(f"{kind.name} failed, {failure}")
            continue
        cells, ratios = [kind.name], [after / before for before, after in pairs]
        for (before, after), ratio, digits in zip(pairs, ratios, (2, 2, 4)):
            cells += [f"{before:.1f}", f"{after:.1f}", f"{ratio:.{digits}f}"]
        rows.append(cells)
        for what, which, most in limits:
            if most and ratios[which] > most:
                complaints.append(f"{kind.name}: {ratios[which]:.4f} times the {what}, at most {most} is wanted")
    titles = [""]
    for what in ("wall, ms", "CPU, ms", "instructions, millions"):
        titles += [f"{what}: before", "after", "ratio"]
    table(titles, rows)
    print(f"\nAt the end: {circumstances()}", flush=True)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0

"""Makes the scenarios one after another and writes them to the tree."""

import importlib
import sys
import time
from pathlib import Path

import export
from stage import Stage
from store import S3Server
from workshop import Workshop

HERE = Path(__file__).resolve().parent


def scenario_names() -> list[str]:
    return sorted(file.stem.replace("_", "-") for file in (HERE / "scenarios").glob("[a-z]*.py"))


def make(name: str, workshop: Workshop, s3: S3Server) -> None:
    """Plays one scenario and writes what came of it."""
    script = importlib.import_module("scenarios." + name.replace("-", "_"))
    stage = Stage(name, workshop, s3)
    try:
        script.play(stage)
        export.write(stage, prose=script.__doc__, fixtures=HERE.parent)
    finally:
        stage.clear()


def main() -> None:
    scratch, names = Path(sys.argv[1]), sys.argv[2:]
    known = scenario_names()
    unknown = sorted(set(names) - set(known))
    if unknown:
        sys.exit(f"no such scenario: {', '.join(unknown)}; there are {', '.join(known)}")

    workshop = Workshop(scratch)
    with S3Server(workshop) as s3:
        for name in names or known:
            started = time.monotonic()
            make(name, workshop, s3)
            print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)


main()

"""Writes a finished scenario to the tree: objects, listing, what the tools said, expectation, README."""

import json
import shutil
from pathlib import Path
from urllib.parse import quote

import expectation
import oracles
from stage import Stage
from store import Object


def write(stage: Stage, prose: str, fixtures: Path) -> None:
    objects = stage.bucket.objects()
    write_tree(stage, objects, fresh(fixtures / "buckets" / stage.name))
    directory = fresh(fixtures / "scenarios" / stage.name)
    (directory / "listing.tsv").write_text(listing(objects))
    answers = oracles.consult(stage, directory / "tools")
    expected = expectation.build(stage, objects, answers)
    (directory / "expected.json").write_text(json.dumps(expected, indent=2, ensure_ascii=False) + "\n")
    (directory / "README.md").write_text(readme(stage, prose))


def fresh(directory: Path) -> Path:
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    return directory


def write_tree(stage: Stage, objects: list[Object], root: Path) -> None:
    for entry in objects:
        if entry.key.endswith("/"):
            continue
        # A path drops empty components, which is how a mirror of such a bucket looks.
        file = root / entry.key
        if file.exists():
            raise RuntimeError(f"two keys fall together on {file}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(stage.bucket.body(entry.key))


def listing(objects: list[Object]) -> str:
    lines = ["# key\tsize\tlastModified\tetag"]
    for entry in objects:
        modified = entry.modified.strftime("%Y-%m-%dT%H:%M:%S.") + f"{entry.modified.microsecond // 1000:03}Z"
        lines.append(f"{quote(entry.key, safe='/-._~')}\t{entry.size}\t{modified}\t{entry.etag}")
    return "\n".join(lines) + "\n"


def readme(stage: Stage, prose: str) -> str:
    commands = "\n".join(stage.journal.lines)
    return f"""# {stage.name}

{prose.strip()}

## How it was made

By `generate/run {stage.name}`, which ran the following. `$ENDPOINT` is the S3 server on loopback. Lines that begin with `#` tell
what was done without a command, `boto3:` what was done to the bucket on purpose.

```
{commands}
```
"""

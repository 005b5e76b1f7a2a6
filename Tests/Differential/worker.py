"""Runs `barman-cloud-backup-delete` for one line of JSON after the other, each in a process of its own.

It is Barman's own program; only its clock stands still, so that an archive can be drawn around it.
"""

import datetime
import json
import os
import sys
import tempfile

import barman
import boto3  # Imported here once, not in every run.
from barman.clients import cloud_backup_delete
# Behind the program itself: imported first, it would begin a circle of imports.
from barman import retention_policies


def run(job) -> int:
    """The exit status of one run."""
    now = datetime.datetime.fromisoformat(job["now"])

    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return now.astimezone(tz)

    retention_policies.datetime = Clock
    try:
        cloud_backup_delete.main(job["arguments"])
    except SystemExit as exit:
        return exit.code or 0
    return 0


def main():
    print(json.dumps({"barman": barman.__version__, "boto3": boto3.__version__}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        with tempfile.TemporaryFile() as said:
            child = os.fork()
            if child == 0:
                os.dup2(said.fileno(), 1)
                os.dup2(said.fileno(), 2)
                status = 70
                try:
                    status = run(job)
                finally:
                    os._exit(status)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            said.seek(0)
            text = said.read().decode(errors="replace")
        # Without the time and the number of the process, which differ from run to run.
        errors = [line.split("ERROR: ", 1)[1] for line in text.splitlines() if "ERROR: " in line]
        print(json.dumps({"status": status, "error": errors[-1] if errors else None}), flush=True)


if __name__ == "__main__":
    main()

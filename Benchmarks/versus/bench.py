"""What the comparisons share: the programs of our own that they need, a way to measure one, and tables."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent
PACKAGE = BENCHMARKS.parent
GATEWAY = BENCHMARKS / "versus" / "radosgw"

# Of the bucket, and of the gateway's one user.
BUCKET = "archive"
ACCESS_KEY, SECRET_KEY = "cellarman", "cellarman-secret"
REGION = "us-east-1"


def environment() -> dict[str, str]:
    """What a client finds: the credentials, and no configuration of whoever runs this."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "S3_", "RCLONE_"))}
    return kept | {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "HOME": "/nonexistent",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def compile_c(name: str, folder: Path, *libraries: str) -> Path:
    """A program of Benchmarks/Sources, by the C compiler alone: the package's other dependencies are not needed."""
    if not shutil.which("cc"):
        sys.exit("no C compiler here: apt-get install gcc libcurl4-openssl-dev zlib1g-dev")
    program = folder / name
    sources = sorted((BENCHMARKS / "Sources" / name).glob("*.c"))
    command = ["cc", "-O2", "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", program, *sources]
    finish([*command, *(f"-l{library}" for library in libraries)])
    return program


def build_listing_server(folder: Path) -> Path:
    return compile_c("listing-server", folder, "z")


def build_cellarman() -> Path:
    """The command, as it is released."""
    command = ["swift", "build", "--package-path", PACKAGE, "--configuration", "release", "--product", "cellarman"]
    command.append("--static-swift-stdlib")
    subprocess.run(command, check=True, stdout=sys.stderr)
    answer = subprocess.run([*command, "--show-bin-path"], check=True, stdout=subprocess.PIPE, text=True)
    return Path(answer.stdout.strip()) / "cellarman"


def end_when_told() -> None:
    """Makes SIGTERM and SIGHUP run what stands in `finally`, as Control-C does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))


def finish(command: list) -> str:
    """Runs a script that must not be left half done: where this program is told to end, it waits until that one has."""
    command = [str(part) for part in command]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        output, _ = child.communicate()
    except BaseException:
        if Path(command[0]) != GATEWAY:
            child.terminate()
        child.wait()
        raise
    if child.returncode != 0:
        sys.exit(f"{command[0]} ended with status {child.returncode}")
    return output.strip()


class Server:
    """A server that prints its address when it is ready, for as long as a `with` lasts."""

    def __init__(self, program: Path, *options):
        self.command = [str(part) for part in (program, *options)]

    def __enter__(self) -> str:
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        address = self.process.stdout.readline().strip()
        if not address:
            sys.exit(f"{self.command[0]} ended with status {self.process.wait()}")
        return address

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait()


class Gateway:
    """The radosgw of a directory, for as long as a `with` lasts, with an archive in its bucket."""

    def __init__(self, directory: Path, archive: list):
        self.directory, self.archive = directory, archive

    def __enter__(self) -> str:
        try:
            finish([BENCHMARKS / "versus" / "fill", self.directory, *self.archive])
            return finish([GATEWAY, "start", self.directory])
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_) -> None:
        finish([GATEWAY, "stop", self.directory])


@dataclass
class Run:
    """One process, with those that it started and waited for."""

    wall: float  # seconds
    processor: float  # seconds, the system's for it included
    memory: float  # MiB, resident at most
    status: int
    lines: int
    output: bytes  # unless there is much of it
    complaint: str

    @property
    def reason(self) -> str:
        """Why it failed, in one line."""
        if self.status == -signal.SIGKILL:
            return "killed: it took too long, or too much memory"
        last = self.complaint.splitlines()[-1] if self.complaint else "no message"
        if last.startswith("{"):
            last = json.loads(last)["error"]["message"]
        return f"status {self.status}: {last[:200]}"


def run(command: list, limit: float) -> Run:
    """Runs a program to its end, or for `limit` seconds.

    A child's peak of memory counts what this process has when it starts one, so this one must stay small: it never
    reads an output of many lines as a whole.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaint:
        start = time.perf_counter()
        child = subprocess.Popen(
            [str(part) for part in command], env=environment(), stdin=subprocess.DEVNULL, stdout=output,
            stderr=complaint, start_new_session=True,
        )  # fmt: skip
        timer = threading.Timer(limit, os.killpg, (child.pid, signal.SIGKILL))
        timer.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:
            os.killpg(child.pid, signal.SIGKILL)
            raise
        finally:
            timer.cancel()
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        size = output.seek(0, os.SEEK_END)
        output.seek(0)
        lines = sum(block.count(b"\n") for block in iter(lambda: output.read(1 << 16), b""))
        output.seek(0)
        complaint.seek(0)
        return Run(
            wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, child.returncode, lines,
            output.read() if size < 1 << 20 else b"", complaint.read(1 << 20).decode(errors="replace").strip(),
        )  # fmt: skip


def circumstances() -> str:
    """When and on what this runs, for the head of a table."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    model = next(names, "an unknown processor")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    moment = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    system = f"Linux {os.uname().release}"
    return f"{moment}, {os.cpu_count()} cores of {model}, {memory:.0f} GiB, {system}, load average {load:.1f}"


def table(titles: list[str], rows: list[list[str]]) -> None:
    print("\n| " + " | ".join(titles) + " |")
    print("|---" + "|---:" * (len(titles) - 1) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)

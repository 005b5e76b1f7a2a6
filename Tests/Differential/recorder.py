"""Serves random archives on loopback, lets Barman apply policies to each, and writes down which keys went."""

import argparse
import json
import random
import subprocess
import sys
import threading
from pathlib import Path

from moto.core import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.models import s3_backends
from werkzeug.serving import WSGIRequestHandler, make_server

from archives import NOW, SERVER, Archive
from casefile import folded, mask

HERE = Path(__file__).resolve().parent
POLICIES = [
    "REDUNDANCY 0", "REDUNDANCY 1", "REDUNDANCY 1", "REDUNDANCY 2", "REDUNDANCY 2", "REDUNDANCY 3", "redundancy 1", "RECOVERY WINDOW OF 0 DAYS",
    "RECOVERY WINDOW OF 1 DAY", "RECOVERY WINDOW OF 3 DAYS", "RECOVERY WINDOW OF 7 DAYS", "RECOVERY WINDOW OF 1 WEEK",
    "RECOVERY WINDOW OF 2 WEEKS", " recovery  window of 14 days", "RECOVERY WINDOW OF 1 MONTH",
    "RECOVERY WINDOW OF 2 MONTHS", "RECOVERY WINDOW OF 6 DAYS",
]


class Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_):
        pass


class Recorder:
    def __init__(self, barman: Path):
        server = make_server(
            "127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True, request_handler=Silent
        )
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{server.server_port}"
        self.store = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
        environment = {
            "AWS_ACCESS_KEY_ID": "recorder", "AWS_SECRET_ACCESS_KEY": "recorder", "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true", "TZ": "UTC", "HOME": "/nonexistent", "PATH": "/usr/bin:/bin",
        }
        self.worker = subprocess.Popen(
            [barman / "bin" / "python", "-B", HERE / "worker.py"], env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        self.versions = json.loads(self.worker.stdout.readline())

    def apply(self, archive: Archive, policy: str, minimum: int) -> dict:
        """What one policy does to a copy of an archive."""
        self.store.create_bucket("archive", "us-east-1")
        for key, body in archive.objects.items():
            self.store.put_object("archive", key, (body if body is not None else "x").encode())
        arguments = [
            "--cloud-provider", "aws-s3", "--endpoint-url", self.endpoint, "--retention-policy", policy,
            "--minimum-redundancy", str(minimum), f"s3://archive/{archive.path}", SERVER,
        ]
        self.worker.stdin.write(json.dumps({"now": NOW.isoformat(), "arguments": arguments}) + "\n")
        self.worker.stdin.flush()
        answer = json.loads(self.worker.stdout.readline())
        left = set(self.store.buckets["archive"].keys.keys())
        for key in left:
            self.store.delete_object("archive", key)
        self.store.delete_bucket("archive")
        keys = sorted(archive.objects, key=str.encode)
        result = {"policy": policy, "minimum": minimum, "status": answer["status"]}
        result["gone"] = mask(keys, set(keys) - left)
        if answer["status"]:
            result["error"] = answer["error"]
        return result

    def case(self, seed: int) -> dict:
        archive = Archive(seed)
        chooser = random.Random(seed)
        keys = sorted(archive.objects, key=str.encode)
        texts = {key: body for key, body in sorted(archive.objects.items()) if body is not None}
        policies = [(policy, chooser.choice([0, 0, 0, 0, 0, 1, 2, 4])) for policy in chooser.sample(POLICIES, 4)]
        return {
            "seed": seed, "path": archive.path, "objects": folded([key for key in keys if key not in texts]),
            "texts": texts, "runs": [self.apply(archive, *policy) for policy in policies],
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("barman", type=Path, help="the virtual environment that Barman is in")
    parser.add_argument("--first", type=int, default=1, help="the seed of the first archive")
    parser.add_argument("--count", type=int, default=300, help="how many archives")
    parser.add_argument("--output", type=Path, default=HERE / "cases.jsonl")
    arguments = parser.parse_args()
    recorder = Recorder(arguments.barman)
    seeds = range(arguments.first, arguments.first + arguments.count)
    print(f"seeds {seeds.start} to {seeds.stop - 1}, {recorder.versions}", file=sys.stderr)
    with arguments.output.open("w") as output:
        output.write(json.dumps({"now": NOW.isoformat(), "server": SERVER, **recorder.versions}) + "\n")
        for seed in seeds:
            output.write(json.dumps(recorder.case(seed), separators=(",", ":")) + "\n")
    recorder.worker.stdin.close()


if __name__ == "__main__":
    main()

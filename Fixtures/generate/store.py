"""The S3 server, and one bucket of it with the deliberate damage done to it."""

import socket
import subprocess
import time
from dataclasses import dataclass
from datetime import datetime

import boto3

from journal import Journal
from workshop import Workshop


class S3Server:
    """A moto server on loopback."""

    def __init__(self, workshop: Workshop):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.process = workshop.start(
            [workshop.tools / "moto_server", "-H", "127.0.0.1", "-p", self.port],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.client = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id="fixtures",
            aws_secret_access_key="fixtures",
            region_name="us-east-1",
        )

    def __enter__(self) -> "S3Server":
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.1)
        raise RuntimeError("the S3 server did not come up")

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait()


@dataclass(frozen=True)
class Object:
    """One entry of the listing."""

    key: str
    size: int
    modified: datetime
    etag: str


class Bucket:
    """One bucket. Whatever changes it on purpose is written to the journal."""

    def __init__(self, client, name: str, journal: Journal):
        self.client = client
        self.name = name
        self.journal = journal
        client.create_bucket(Bucket=name)

    def objects(self, prefix: str = "") -> list[Object]:
        """The listing, in byte order of the keys."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        found = [
            Object(entry["Key"], entry["Size"], entry["LastModified"], entry["ETag"].strip('"'))
            for page in pages
            for entry in page.get("Contents", [])
        ]
        return sorted(found, key=lambda entry: entry.key.encode())

    def keys(self, prefix: str = "") -> list[str]:
        return [entry.key for entry in self.objects(prefix)]

    def body(self, key: str) -> bytes:
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def delete(self, key: str) -> None:
        self.client.delete_object(Bucket=self.name, Key=key)
        self.journal.note(f"boto3: delete_object(Key={key!r})")

    def put(self, key: str, body: bytes, what: str) -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=body)
        self.journal.note(f"boto3: put_object(Key={key!r}), {what}, {len(body)} bytes")

    def copy(self, source: str, destination: str) -> None:
        self.client.copy_object(
            Bucket=self.name, Key=destination, CopySource={"Bucket": self.name, "Key": source}
        )
        self.journal.note(f"boto3: copy_object(Key={destination!r}) from {source!r}")

    def copy_all(self, source: str, destination: str) -> None:
        """Copies everything below one prefix to another, inside the store."""
        for key in self.keys(source):
            self.client.copy_object(
                Bucket=self.name,
                Key=destination + key.removeprefix(source),
                CopySource={"Bucket": self.name, "Key": key},
            )
        self.journal.note(f"boto3: copy_object of every object below {source!r} to {destination!r}")

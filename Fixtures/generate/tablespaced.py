"""Backups of a cluster with two tablespaces, small enough to keep and yet in several parts."""

from dataclasses import dataclass

from barman import Server
from postgres import Cluster
from stage import Stage

# A tar is closed once more than this was uploaded of it. The stream is written in blocks of 64 KiB,
# so the parts are at least that large. --min-chunk-size cannot go below the 5 MiB of S3: every part is one chunk.
SPLITTING = ["--gzip", "--max-archive-size", "60kB", "--min-chunk-size", "64kB"]


@dataclass
class Tablespaces:
    server: Server
    backups: list[str]
    # The object ids of the tablespaces, which are the names of their tars.
    hot: int
    cold: int


def back_up_tablespaces(stage: Stage, backups: int) -> Tablespaces:
    server = stage.server("example-db", "/homelab-cluster")
    cluster = stage.cluster("example-db-1")
    # Barman looks for the next part only between two files, so the hot one has several.
    hot = create_tablespace(stage, cluster, "hot", tables=3, rows=1500)
    cold = create_tablespace(stage, cluster, "cold", tables=1, rows=100)
    server.begin_archiving(cluster, "--gzip")
    made = []
    for _ in range(backups):
        made.append(server.backup(cluster, *SPLITTING))
        server.fill(cluster, 2)
    return Tablespaces(server, made, hot, cold)


def create_tablespace(stage: Stage, cluster: Cluster, name: str, tables: int, rows: int) -> int:
    """Makes a tablespace with tables whose rows hardly compress, and returns its object id."""
    directory = cluster.pgdata.parent / "tablespaces" / name
    command = ["mkdir", "-p", directory]
    stage.journal.command(command)
    stage.workshop.run(command)
    cluster.query(f"CREATE TABLESPACE {name} LOCATION '{directory}'", record=True)
    for number in range(1, tables + 1):
        cluster.query(
            f"CREATE TABLE {name}_{number} TABLESPACE {name}"
            f" AS SELECT md5('{number}' || line) FROM generate_series(1, {rows}) AS line",
            record=True,
        )
    return cluster.value(f"SELECT oid::int FROM pg_tablespace WHERE spcname = '{name}'")

"""One scenario in the making: its bucket, its journal, its clusters, its servers."""

from barman import Server
from journal import Journal
from postgres import MEGABYTE, Cluster
from store import Bucket, S3Server
from workshop import Workshop


class Stage:
    def __init__(self, name: str, workshop: Workshop, s3: S3Server):
        self.name = name
        self.workshop = workshop
        self.s3 = s3
        self.journal = Journal({s3.endpoint: "$ENDPOINT", f"{workshop.tools}/": "", str(workshop.scratch): "$SCRATCH"})
        self.bucket = Bucket(s3.client, name, self.journal)
        self.servers: list[Server] = []
        self.clusters: list[Cluster] = []

    def server(self, name: str, path: str = "") -> Server:
        """A server directory; `path` is what follows the bucket in the destinationPath, slashes and all."""
        server = Server(self.workshop, self.s3, self.bucket, f"s3://{self.bucket.name}{path}", name)
        self.servers.append(server)
        return server

    def cluster(self, name: str, major: int = 15, segment_megabytes: int = 1) -> Cluster:
        """A new, running cluster with an empty table. It archives nothing yet."""
        cluster = self._add(Cluster(self.workshop, self.journal, name, self._port(), major, segment_megabytes))
        cluster.initialise()
        cluster.start()
        cluster.create_ledger()
        return cluster

    def standby(self, primary: Cluster, name: str) -> Cluster:
        return self._add(primary.make_standby(name, self._port()))

    def bare_cluster(self, name: str) -> Cluster:
        """A cluster like the first one, whose data directory is still to be filled."""
        first = self.clusters[0]
        return self._add(
            Cluster(self.workshop, self.journal, name, self._port(), first.major, first.segment_size // MEGABYTE)
        )

    def clear(self) -> None:
        for cluster in self.clusters:
            cluster.remove()

    def _port(self) -> int:
        return 5432 + len(self.clusters)

    def _add(self, cluster: Cluster) -> Cluster:
        self.clusters.append(cluster)
        return cluster

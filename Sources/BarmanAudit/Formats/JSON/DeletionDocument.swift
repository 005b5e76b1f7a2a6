internal import BarmanCatalog
internal import ObjectStorage

/// What a deletion has done, as JSON.
struct DeletionDocument: Encodable {
    struct Failure: Encodable {
        let key: String
        let error: String
    }

    struct Server: Encodable {
        let prefix: String
        let planned: Int
        let deleted: Int
        let deletedBytes: Int64
        let hidden: Int
        let failed: Int
        let leftWAL: Bool
        let remaining: Int
        let failures: [Failure]
        let losses: [String]
    }

    let schemaVersion = 1
    let complete: Bool
    let digest: String
    let servers: [Server]

    init(_ report: DeletionReport) {
        complete = report.isComplete
        digest = report.digest
        servers = report.servers.map { server in
            Server(
                prefix: server.prefix.description,
                planned: server.planned,
                deleted: server.tally.deleted,
                deletedBytes: server.tally.deletedBytes,
                hidden: server.tally.hidden,
                failed: server.tally.failed,
                leftWAL: server.tally.leftWAL,
                remaining: server.tally.remaining,
                failures: server.tally.failures.map { failure in
                    Failure(key: failure.object.key.description, error: failure.outcome.problem)
                },
                losses: server.tally.losses
            )
        }
    }
}

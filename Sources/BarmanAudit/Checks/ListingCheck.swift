internal import BarmanCatalog
internal import BarmanRecovery
internal import ObjectStorage

/// Reports what the listing has beside Barman's objects, and where it contradicts itself.
struct ListingCheck: AuditCheck {
    func findings(in subject: AuditSubject) -> [Finding] {
        unknown(subject)
            + subject.catalog.suspicions.prefix(5).map { suspicion in
                Finding(
                    .listingSuspect,
                    .error,
                    "the store's listing is suspect: \(suspicion)",
                    hint: "delete nothing on such a listing; audit again, and suspect the store or a proxy before it; "
                        + "in a directory put files where there are links"
                )
            }
    }

    private func unknown(_ subject: AuditSubject) -> [Finding] {
        let tally = subject.catalog.unknownObjects
        guard let example = tally.examples.first else { return [] }
        return [
            Finding(
                .objectUnknown,
                .info,
                "\(counted(tally.objects, "object")), \(byteCount(tally.bytes)), that Barman does not write, "
                    + "such as \(example)",
                hint: "no restore needs it and no retention deletes it"
            ).about(example)
        ]
    }
}

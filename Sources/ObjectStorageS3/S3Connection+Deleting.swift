internal import ObjectStorage

extension S3Connection {
    // 16 MiB: a thousand keys of 1,024 bytes, each byte escaped, with room for what errors say of them.
    private static let resultLimit = 16 << 20

    func delete(_ keys: [ObjectKey]) async throws(ObjectStoreError) -> [DeletionOutcome] {
        try DeletionOutcome.check(keys, store: name)
        var outcomes: [ObjectKey: DeletionOutcome] = [:]
        var (together, alone): ([ObjectKey], [ObjectKey]) = ([], [])
        var seen: Set<ObjectKey> = []
        for key in keys where seen.insert(key).inserted {
            if let refusal = key.deletionRefusal(in: name) {
                outcomes[key] = .failed(refusal)
            } else if deletesSingly || !DeleteRequest.canCarry(key) {
                alone.append(key)
            } else {
                together.append(key)
            }
        }
        var isAnswered = false
        if !together.isEmpty {
            if let answers = try await deleteTogether(together) {
                for (key, answer) in zip(together, answers) { outcomes[key] = answer }
                isAnswered = true
            } else {
                alone += together
            }
        }
        if !alone.isEmpty {
            let (answers, failure) = await deleteSingly(alone)
            if let failure, answers.isEmpty, !isAnswered { throw failure }
            for key in alone {
                outcomes[key] = answers[key] ?? failure.map { .failed($0) }
            }
        }
        return keys.map { outcomes[$0] ?? .unknown }
    }

    /// One DeleteObjects request; nil where the store does not take it, which is remembered.
    private func deleteTogether(_ keys: [ObjectKey]) async throws(ObjectStoreError) -> [DeletionOutcome]? {
        let body = DeleteRequest.document(keys)
        var headers = [Header("content-type", "application/xml")]
        // Never a header of the x-amz-checksum family: stores refuse now the one, now the other.
        if let digest = MD5.base64(body) { headers.append(Header("content-md5", digest)) }
        let (response, error) = try await ask(
            Call(
                kind: \.delete,
                method: .post,
                query: [QueryItem("delete", nil)],
                headers: headers,
                body: body,
                bodyLimit: Self.resultLimit,
                firstByte: configuration.timeouts.firstByteOfListing,
                total: configuration.timeouts.listing
            )
        )
        let failure = failure(nil).deleting
        guard (200..<300).contains(response.status) else {
            guard S3Failure.refusesMany(response, error) else { throw failure.explain(response, error) }
            deletesSingly = true
            return nil
        }
        guard response.status == 200 else { throw failure.unexpected(response, wanted: "200") }
        let document = try plainDocument(of: response, limit: Self.resultLimit, failure, wanted: "a result")
        let result: DeleteResult
        do {
            result = try DeleteResult.parse(document)
        } catch {
            if let found = S3ErrorResponse.parse(response.body) { throw failure.explain(response, found) }
            throw failure.noDeletion(response, error)
        }
        do {
            return try result.outcomes(of: keys) { key, found in self.failure(key).deleting.explain(found) }
        } catch {
            throw failure.foreign(error.key)
        }
    }

    /// A DELETE for each key, until one fails for a reason that is not its own.
    private func deleteSingly(
        _ keys: [ObjectKey]
    ) async -> (outcomes: [ObjectKey: DeletionOutcome], failure: ObjectStoreError?) {
        await withTaskGroup(of: (ObjectKey, Result<DeletionOutcome, ObjectStoreError>).self) { group in
            var outcomes: [ObjectKey: DeletionOutcome] = [:]
            var failure: ObjectStoreError?
            var rest = keys[...]
            // 64, as there are no more connections.
            for key in rest.prefix(min(max(configuration.concurrency, 1), 64)) {
                group.addTask { (key, await self.deleteOne(key)) }
                rest.removeFirst()
            }
            while let (key, result) = await group.next() {
                switch result {
                case .success(let outcome): outcomes[key] = outcome
                case .failure(let error): failure = failure ?? error
                }
                guard failure == nil, let next = rest.popFirst() else { continue }
                group.addTask { (next, await self.deleteOne(next)) }
            }
            return (outcomes, failure)
        }
    }

    /// What became of one key, or why no request of the kind can succeed now.
    private func deleteOne(_ key: ObjectKey) async -> Result<DeletionOutcome, ObjectStoreError> {
        let failure = failure(key).deleting
        do throws(ObjectStoreError) {
            let (response, error) = try await ask(
                Call(
                    kind: \.delete,
                    method: .delete,
                    key: key,
                    bodyLimit: Self.resultLimit,
                    firstByte: configuration.timeouts.firstByte
                )
            )
            // A success may carry an error all the same.
            let found = error ?? S3ErrorResponse.parse(response.body)
            if let found {
                if found.code == "NoSuchKey" { return .success(.deleted) }
                let reason = failure.explain(response, found)
                guard S3Failure.isOfObject(found, reason) else { return .failure(reason) }
                return .success(.failed(failure.explain(found)))
            }
            // A bare 404 may come from whatever else listens there, so it is no sign that the object is gone.
            guard response.status != 404, !(200..<300).contains(response.status) || response.body.isEmpty else {
                return .failure(failure.unexpected(response, wanted: "204 without a body"))
            }
            guard (200..<300).contains(response.status) else { return .failure(failure.explain(response, nil)) }
            let version = response.header("x-amz-version-id") ?? ""
            let isHidden = response.header("x-amz-delete-marker") == "true" || !version.isEmpty && version != "null"
            return .success(isHidden ? .hidden : .deleted)
        } catch {
            return .failure(error)
        }
    }
}

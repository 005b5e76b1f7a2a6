public import ObjectStorage

/// Pages of ListObjectsV2 that were recorded: what a store answered, without the store.
public enum RecordedListing {
    /// The objects and common prefixes of a page, which goes on nowhere.
    ///
    /// It is read as the answers of a store are, but held against no request.
    ///
    /// - Throws: `ObjectStoreError` where the document is no whole page.
    public static func page(_ document: [UInt8]) throws(ObjectStoreError) -> ObjectPage {
        do {
            return try ParsedListing.parse(document).page
        } catch {
            throw ObjectStoreError(.badResponse, "the document is no listing: \(error.message)")
        }
    }
}

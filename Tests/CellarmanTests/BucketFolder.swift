import Foundation
import ObjectStorage
import TestSupport

/// The fixtures as objects to fill a server with.
enum BucketFolder {
    static func objects(of scenario: String) throws -> [ObjectKey: [UInt8]] {
        let bucket = packageRoot.appending(path: "Fixtures/buckets/\(scenario)")
        var objects: [ObjectKey: [UInt8]] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: bucket.path()) {
            let file = bucket.appending(path: path)
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            objects[ObjectKey(path)] = Array(try Data(contentsOf: file))
        }
        return objects
    }
}

import BarmanCatalog
import BarmanRecovery
import Benchmark
import ObjectStorage
import ObjectStorageS3
import PostgresWAL

private let sizes = [10_000, 100_000, 1_000_000, 10_000_000]

/// A page of 1,000 objects as Ceph and AWS write it.
private let page: [UInt8] = {
    var text = """
        <?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
        <Name>b</Name><Prefix>some/prefix/</Prefix><MaxKeys>1000</MaxKeys><EncodingType>url</EncodingType>\
        <IsTruncated>false</IsTruncated>
        """
    for number in 0..<UInt64(1000) {
        let name = WALSegmentName(timeline: 1, number: number, size: .standard)
        text += """
            <Contents><Key>some/prefix/example-db/wals/\(name.directory)/\(name).gz</Key>\
            <LastModified>2026-11-20T20:\(10 + number % 50):30.123Z</LastModified>\
            <ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><Size>5242880</Size>\
            <StorageClass>STANDARD</StorageClass></Contents>
            """
    }
    return Array("\(text)</ListBucketResult>".utf8)
}()

let benchmarks: @Sendable () -> Void = {
    // Safe: it is set here and nowhere else, before anything runs.
    unsafe Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .cpuTotal, .peakMemoryResident],
        maxDuration: .seconds(5)
    )

    Benchmark("parse a page of 1,000 objects") { benchmark in
        for _ in benchmark.scaledIterations {
            blackHole(try RecordedListing.page(page).count)
        }
    }

    Benchmark("parse a page of 1,000 objects with libxml2") { benchmark in
        // A comment is what the faster reader leaves to libxml2.
        let commented = page + Array("<!-- -->".utf8)
        for _ in benchmark.scaledIterations {
            blackHole(try RecordedListing.page(commented).count)
        }
    }

    for size in sizes {
        Benchmark("names to runs, \(size) segments") { benchmark in
            let location = try ArchiveLocation(destinationPath: "s3://bucket/some/prefix/")
            for _ in benchmark.scaledIterations {
                let loader = CatalogLoader(store: GeneratedStore(count: size / 1024 * 1024), concurrency: 1)
                blackHole(try await loader.load(location).servers.count)
            }
        }
        Benchmark("continuity and windows by names, \(size) segments") { benchmark in
            let catalog = BackupCatalog.generated(segments: size)
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations {
                blackHole(RecoveryAnalysis(of: catalog).windows.count)
            }
        }
        Benchmark("retention plan, \(size) segments") { benchmark in
            let catalog = BackupCatalog.generated(segments: size)
            let now = TimestampTZ(unixMicroseconds: 10 * 86_400_000_000)
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations {
                blackHole(RetentionPlan(for: catalog, under: .redundancy(3), at: now).decisions.count)
            }
        }
    }
}

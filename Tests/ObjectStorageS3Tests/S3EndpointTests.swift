import ObjectStorage
import Testing

@testable import ObjectStorageS3

struct S3EndpointTests {
    private func configuration(_ endpoint: String?, _ bucket: String = "backups") -> S3Configuration {
        S3Configuration(bucket: bucket, endpoint: endpoint, credentials: .canary)
    }

    @Test(arguments: [
        (nil, "us-east-1"), ("https://abc.r2.cloudflarestorage.com", "auto"),
        ("https://abc.eu.r2.cloudflarestorage.com", "auto"), ("https://s3.eu-west-3.amazonaws.com", "eu-west-3"),
        ("https://s3-eu-west-1.amazonaws.com/", "eu-west-1"), ("https://s3.us-east-005.backblazeb2.com", "us-east-005"),
        ("http://10.0.0.110:3900", "us-east-1"), ("https://s3.amazonaws.com", "us-east-1"), ("nonsense", "us-east-1"),
    ])
    func `tells the region from the host`(endpoint: String?, region: String) {
        #expect(S3Endpoint.region(of: configuration(endpoint)) == region)
    }

    @Test(arguments: [
        (nil, "backups", S3Configuration.Addressing.automatic, "backups.s3.eu-west-1.amazonaws.com", "/k"),
        (nil, "my.backups", .automatic, "s3.eu-west-1.amazonaws.com", "/my.backups/k"),
        (nil, "backups", .path, "s3.eu-west-1.amazonaws.com", "/backups/k"),
        ("https://S3.Example.COM:443/", "backups", .automatic, "s3.example.com", "/backups/k"),
        ("http://s3.example.com:443", "backups", .path, "s3.example.com:443", "/backups/k"),
        ("https://s3.example.com:8443", "backups", .virtual, "backups.s3.example.com:8443", "/k"),
        ("http://[FD00::1]:3900", "backups", .automatic, "[fd00::1]:3900", "/backups/k"),
        ("http://[::1]", "backups", .automatic, "[::1]", "/backups/k"),
    ])
    func `names the bucket in the path or in the host`(
        url: String?,
        bucket: String,
        addressing: S3Configuration.Addressing,
        host: String,
        path: String
    ) throws {
        var configuration = configuration(url, bucket)
        configuration.addressing = addressing
        let endpoint = try S3Endpoint(configuration, region: "eu-west-1")
        #expect(endpoint.hostHeader == host)
        #expect(endpoint.path(of: "k") == Array(path.utf8))
    }

    @Test
    func `knows the other names of AWS`() throws {
        #expect(try S3Endpoint(configuration(nil), region: "cn-north-1").hostHeader.hasSuffix(".amazonaws.com.cn"))
    }

    @Test(arguments: ["my.backups", "Backups", "under_score"])
    func `does not put every bucket into a host name`(bucket: String) {
        var configuration = configuration("https://s3.example.com", bucket)
        configuration.addressing = .virtual
        let error = #expect(throws: ObjectStoreError.self) { try S3Endpoint(configuration, region: "r") }
        #expect(error?.hint == "use --addressing path")
    }

    @Test(arguments: [
        "ftp://s3.example.com", "https://", "https://a b", "https://host:", "https://host:0", "https://[::1",
        "https://host?x=y", "https://host#f", "https://ho%73t", "https://host\\evil", "https://]:80",
    ])
    func `refuses what is no address`(url: String) {
        let error = #expect(throws: ObjectStoreError.self) { try S3Endpoint(configuration(url), region: "r") }
        #expect(error?.code == .invalidConfiguration)
    }
}

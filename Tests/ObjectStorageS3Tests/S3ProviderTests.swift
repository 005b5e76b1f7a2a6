import ObjectStorageS3
import Testing

struct S3ProviderTests {
    @Test(
        arguments: [
            (nil, "eu-west-1", S3Provider.aws), ("https://s3.eu-west-1.amazonaws.com", nil, .aws),
            ("https://0123.r2.cloudflarestorage.com", "auto", .r2),
            ("https://s3.eu-central-003.backblazeb2.com", nil, .b2),
            ("http://10.0.0.110:3900", "garage", .garage), ("http://10.0.0.110:3900", "us-east-1", .other),
            ("https://amazonaws.com.example", nil, .other), ("nonsense", nil, .other),
        ] as [(String?, String?, S3Provider)]
    )
    func `is told from endpoint and region`(endpoint: String?, region: String?, provider: S3Provider) {
        let credentials = S3Credentials(accessKeyID: "a", secretAccessKey: "b")
        let configuration = S3Configuration(
            bucket: "bucket",
            endpoint: endpoint,
            region: region,
            credentials: credentials
        )
        #expect(S3Provider(configuration) == provider)
    }

    @Test(arguments: S3Provider.allCases)
    func `has prices where somebody asks for money`(provider: S3Provider) {
        #expect((provider.prices == nil) == [.garage, .other].contains(provider))
        #expect((4...16).contains(provider.concurrency))
    }
}

import BarmanCatalog
import Testing

struct ArchiveLocationTests {
    /// Where Barman 3.19.1 looks for each `destinationPath`: below which prefix, and whether it doubles the slash of
    /// keep annotations.
    @Test(arguments: [
        ("s3://b", "", "", false),
        ("s3://b/", "", "", false),
        ("s3://b/a", "a", "a/", false),
        ("s3://b/a/", "a/", "a/", true),
        ("s3://b/a//", "a//", "a//", true),
        ("s3://b//a", "a", "a/", false),
        ("s3://b/a%20b", "a%20b", "a%20b/", false),
        ("S3://b/a", "a", "a/", false),
        ("s3://b/a//c", "a//c", "a//c/", false),
        ("s3://b/Gerät/", "Gerät/", "Gerät/", true),
    ])
    func `changes nothing but the leading slashes`(text: String, path: String, prefix: String, doubles: Bool) throws {
        let location = try ArchiveLocation(destinationPath: text)
        #expect(location.place == .bucket("b"))
        #expect(location.path == path)
        #expect(location.prefix == Array(prefix.utf8))
        #expect(location.doublesSlashOfAnnotations == doubles)
        #expect(location.destinationPath == text)
        #expect(location.serverNames.isEmpty)
    }

    @Test(arguments: [
        ("/srv/mirror", "/srv/mirror"), ("mirror", "mirror"), ("./a b", "./a b"), ("file:///srv/mirror", "/srv/mirror"),
        ("FILE:///srv/mirror/", "/srv/mirror/"), ("a/b://c", "a/b://c"), ("s3:/b", "s3:/b"), ("s3", "s3"),
    ])
    func `takes a directory as it is`(text: String, path: String) throws {
        let location = try ArchiveLocation(destinationPath: text, serverName: "srv")
        #expect(location.place == .directory(path))
        #expect(location.path == "")
        #expect(location.prefix == [])
        #expect(location.serverNames == ["srv"])
    }

    @Test(arguments: [
        ("", "it is empty"),
        ("s3://", "it names no bucket"),
        ("s3:///a", "it names no bucket"),
        ("s3://b/a?x", "'?' and '#' cannot be part of an s3 URL here"),
        ("s3://b/a#x", "'?' and '#' cannot be part of an s3 URL here"),
        ("file://srv", "a file URL needs an absolute path, file:///…"),
        ("http://b/a", "the scheme 'http' is not supported"),
        ("gs://b/a", "the scheme 'gs' is not supported"),
    ])
    func `says what is wrong and what would be right`(text: String, problem: String) {
        let error = #expect(throws: ArchiveLocationError.self) { try ArchiveLocation(destinationPath: text) }
        #expect(error?.problem == problem)
        #expect(
            error?.description
                == "'\(text)' is not a location: \(problem); expected s3://bucket/prefix/, file:///path or a directory"
        )
    }

    @Test(arguments: [
        ("s3://b", "b"), ("s3://b/", "b"), ("s3://b/x/y", "y"), ("s3://b/x/y//", "y"), ("/srv/mirror/", "mirror"),
        ("/", "/"),
    ])
    func `the last part names a server that lies there itself`(text: String, name: String) throws {
        #expect(try ArchiveLocation(destinationPath: text).lastComponent == name)
    }
}

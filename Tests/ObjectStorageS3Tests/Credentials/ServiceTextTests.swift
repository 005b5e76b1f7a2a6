import TestSupport
import Testing

@testable import ObjectStorageS3

/// Texts of services: JSON, and addresses.
struct ServiceTextTests {
    @Test
    func `reads the texts of an object, and passes over the rest`() throws {
        let text = #" { "a" : "1" , "n":null,"o":{"a":["x",{}],"b":-1.5e3},"e":"", "u":"\u00e4\ud83d\ude00\n\"\\\/" } "#
        let members = try #require(JSONMembers(Array(text.utf8)))
        #expect(members["a"] == "1")
        #expect(members["u"] == "ä😀\n\"\\/")
        for name in ["n", "o", "e", "missing"] { #expect(members[name] == nil) }
    }

    @Test(arguments: [
        "", "{", "{}x", "[]", "\"a\"", "{\"a\"}", "{\"a\":}", "{\"a\":\"b\",}", "{a:\"b\"}", "{\"a\":\"b\"\"c\":\"d\"}",
        "{\"a\":\"b\nc\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\ud800\\u0041\"}", "{\"a\":\"\\u12\"}",
        "{\"a\":\"1\",\"a\":\"2\"}", "{\"a\":\"b", "{\"a\":[1,]}", "{\"a\":\"\\",
        String(repeating: "{\"a\":", count: 100_000), "{\"a\":" + String(repeating: "[", count: 100_000),
    ])
    func `refuses what is no object`(text: String) {
        #expect(JSONMembers(Array(text.utf8)) == nil)
    }

    @Test
    func `every prefix of an answer is refused`() throws {
        let answer = try Array(Fetching.keys().body.utf8)
        for count in 0..<answer.count { #expect(JSONMembers(Array(answer[..<count])) == nil) }
        #expect(JSONMembers(answer)?["AccessKeyId"] == "ASIACANARY")
        #expect(JSONMembers([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x22, 0x22, 0x7D]) == nil)
    }

    @Test(arguments: [
        ("https://STS.example/", "https://sts.example", "sts.example"),
        ("http://[::1]:80/a", "http://[::1]:80/a", "[::1]"),
        ("http://h?x=1", "http://h?x=1", "h"),
    ])
    func `takes addresses apart`(text: String, url: String, host: String) {
        #expect(ServiceAddress(text)?.url() == url)
        #expect(ServiceAddress(text)?.host == host)
    }

    @Test(arguments: [
        "", "http://", "http:///x", "//h", "file:///x", "http://a b", "http://h\r\nx", "http://u@h", "http://h:0",
        "http://h:x",
        "http://h#x", "http://h\\x", "http://ä",
    ])
    func `refuses what is no address`(text: String) {
        #expect(ServiceAddress(text) == nil)
    }
}

import Testing

@testable import BarmanCatalog

struct PythonLiteralTests {
    @Test(arguments: [
        ("None", PythonLiteral.none), ("True", .bool(true)), ("False", .bool(false)),
        ("1", .number("1")), ("-1", .number("-1")), ("0", .number("0")), ("3.14", .number("3.14")),
        ("1e5", .number("1e5")), ("1e-5", .number("1e-5")), ("0x1F", .number("0x1F")),
        ("''", .text("")), ("'a'", .text("a")), ("\"a'b\"", .text("a'b")), ("'ä→'", .text("ä→")),
        (#"'a\n\t\r\\\'\"'"#, .text("a\n\t\r\\'\"")), (#"'\x41\u00e4\U0001F600'"#, .text("Aä😀")),
        (#"'\d'"#, .text(#"\d"#)),
        ("[]", .sequence([])), ("()", .sequence([])), ("[1, 2]", .sequence([.number("1"), .number("2")])),
        ("[1,]", .sequence([.number("1")])), ("('a',)", .sequence([.text("a")])),
        (" [ 1 , [ ] ] ", .sequence([.number("1"), .sequence([])])),
        ("{}", .dictionary([:])), ("{'a': 1}", .dictionary([.text("a"): .number("1")])),
        ("{'a': {'b': None},}", .dictionary([.text("a"): .dictionary([.text("b"): PythonLiteral.none])])),
        ("{'a': 1, 'a': 2}", .dictionary([.text("a"): .number("2")])),
    ])
    func `reads what repr writes`(text: String, value: PythonLiteral) {
        #expect(PythonLiteral(parsing: text) == value)
    }

    @Test(arguments: [
        "", " ", "a", "none", "true", "nan", "inf", "infinity", "-inf", "007", "1.2.3", "0x", "1_", "--1", "+",
        "'", "'a", "'a\"", #"'\"#, #"'\x4'"#, #"'\xZZ'"#, #"'\u12'"#, #"'\ud800'"#, #"'\U00110000'"#,
        "[", "[1", "[1 2]", "[,]", "[1,,2]", "[1)", "(1]", "{", "{1}", "{1:}", "{:1}", "{'a' 1}", "{'a': 1",
        "1 2", "[] []", "'a' b", "print('a')", "1 + 1", "lambda: 1", "[1]]",
    ])
    func `refuses what literal_eval refuses`(text: String) {
        #expect(PythonLiteral(parsing: text) == nil)
    }

    @Test
    func `nesting has an end`() {
        let nested = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(PythonLiteral(parsing: nested(32)) != nil)
        #expect(PythonLiteral(parsing: nested(33)) == nil)
        #expect(PythonLiteral(parsing: nested(1_000_000)) == nil)
        #expect(PythonLiteral(parsing: String(repeating: "{1:", count: 1_000_000)) == nil)
    }
}

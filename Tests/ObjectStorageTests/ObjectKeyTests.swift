import ObjectStorage
import Testing

struct ObjectKeyTests {
    @Test
    func `keeps keys apart that Swift strings would merge`() {
        #expect("b\u{FC}cher" as ObjectKey != "bu\u{308}cher" as ObjectKey)
        #expect(Set<ObjectKey>(["b\u{FC}cher", "bu\u{308}cher"]).count == 2)
    }

    @Test(
        arguments: [("a", "b"), ("a", "aa"), ("Z", "a"), ("a.b", "a/b"), ("z", "\u{E9}")] as [(ObjectKey, ObjectKey)]
    )
    func `orders keys by their bytes`(left: ObjectKey, right: ObjectKey) {
        #expect(left < right)
        #expect(!(right < left))
    }
}

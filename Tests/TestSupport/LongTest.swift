public import Testing

extension Tag {
    /// Goes through every case of a kind, and so takes a minute rather than a moment.
    @Tag public static var exhaustive: Self
}

import PostgresWAL
import Testing

@testable import BarmanRecovery

struct RetentionPolicyTests {
    @Test(arguments: [
        ("30d", "RECOVERY WINDOW OF 30 DAYS"), ("4w", "RECOVERY WINDOW OF 4 WEEKS"),
        ("6m", "RECOVERY WINDOW OF 6 MONTHS"), ("recovery window of 1 day", "RECOVERY WINDOW OF 1 DAYS"),
        (" RECOVERY\tWINDOW  OF 0 weeks ", "RECOVERY WINDOW OF 0 WEEKS"), ("redundancy 3", "REDUNDANCY 3"),
        ("REDUNDANCY 0", "REDUNDANCY 0"), ("RECOVERY WINDOW OF 007 MONTH", "RECOVERY WINDOW OF 7 MONTHS"),
    ])
    func `reads both forms and prints Barman's`(text: String, printed: String) throws {
        #expect(try RetentionPolicy(parsing: text).description == printed)
    }

    @Test(arguments: [
        ("", "it is empty"), ("  ", "it is empty"), ("0d", "its number must begin with 1 to 9"),
        ("030d", "its number must begin with 1 to 9"), ("30", "a number takes one of d, w, m behind it"),
        ("30D", "a number takes one of d, w, m behind it"), ("30y", "a number takes one of d, w, m behind it"),
        ("3 0d", "'3 0' is not a whole number"), ("d", "it begins with neither a number nor a policy's name"),
        ("-3d", "it begins with neither a number nor a policy's name"), ("REDUNDANCY", "REDUNDANCY needs one number"),
        ("REDUNDANCY 1 2", "REDUNDANCY needs one number"), ("REDUNDANCY -1", "'-1' is not a whole number"),
        ("REDUNDANCY 99999999999999999999", "'99999999999999999999' is too large"),
        ("RECOVERY WINDOW OF DAYS", "a window is a number and DAYS, WEEKS or MONTHS"),
        ("RECOVERY WINDOW OF 3 YEARS", "its unit is none of DAYS, WEEKS, MONTHS"),
        ("RECOVERY WINDOW OF ٣ DAYS", "'٣' is not a whole number"),
        ("RECOVERY WINDOW OF 365001 DAYS", "it reaches back more than 365000 days"),
        ("99999999m", "it reaches back more than 365000 days"),
        ("MAIN", "it begins with neither a number nor a policy's name"),
    ])
    func `says what is wrong with others`(text: String, problem: String) {
        #expect {
            try RetentionPolicy(parsing: text)
        } throws: { error in
            (error as? RetentionPolicyError)?.problem == problem
                && "\(error)".hasSuffix("expected 30d, 4w, 6m, 'RECOVERY WINDOW OF 30 DAYS' or 'REDUNDANCY 3'")
        }
    }

    private func time(_ text: String) throws -> TimestampTZ {
        try #require(TimestampTZ.parse(text)).time
    }

    @Test
    func `a month is 31 days, which is no calendar month`() throws {
        let now = try time("2026-11-20T12:00:00Z")
        let policy = try RetentionPolicy(parsing: "6m")
        #expect(policy.pointOfRecoverability(at: now) == (try time("2026-05-18T12:00:00Z")))
        let surprise = PolicySurprise.monthsAre31Days(
            count: 6,
            days: 186,
            reachesBackTo: try time("2026-05-18T12:00:00Z"),
            byCalendar: try time("2026-05-20T12:00:00Z")
        )
        #expect(policy.surprises(at: now) == [surprise])
        #expect(
            surprise.description
                == "a month counts 31 days: 6 are 186 days and reach back to 2026-05-18T12:00:00Z, "
                + "by the calendar it would be 2026-05-20T12:00:00Z"
        )
    }

    @Test(arguments: [
        ("2026-03-31T01:02:03.5Z", 1, "2026-02-28T01:02:03.5Z"), ("2024-03-30T00:00:00Z", 1, "2024-02-29T00:00:00Z"),
        ("2026-01-15T00:00:00Z", 1, "2025-12-15T00:00:00Z"), ("2026-12-31T00:00:00Z", 6, "2026-06-30T00:00:00Z"),
        ("2026-05-31T00:00:00Z", 24, "2024-05-31T00:00:00Z"),
    ])
    func `counts calendar months back`(from: String, months: Int, to: String) throws {
        #expect(try time(from).monthsEarlier(months) == time(to))
    }

    @Test(arguments: [
        ("30d", 0, []), ("REDUNDANCY 3", 0, []), ("REDUNDANCY 0", 0, ["REDUNDANCY 0 keeps no backup at all"]),
        ("REDUNDANCY 1", 3, ["the minimum redundancy of 3 takes the place of REDUNDANCY 1"]),
        ("REDUNDANCY 1", 1, ["of backups without a keep annotation only the newest finished one stays"]),
        ("RECOVERY WINDOW OF 0 DAYS", 0, ["of backups without a keep annotation only the newest finished one stays"]),
    ])
    func `warns of what a policy does not say`(text: String, minimum: Int, warnings: [String]) throws {
        let policy = try RetentionPolicy(parsing: text)
        let now = try time("2026-11-20T12:00:00Z")
        #expect(policy.surprises(at: now, minimumRedundancy: minimum).map(\.description) == warnings)
    }
}

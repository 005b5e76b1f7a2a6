/// A day of the proleptic Gregorian calendar.
struct CivilDate: Hashable {
    var year: Int
    var month: Int
    var day: Int

    // Days are counted from 0000-03-01, so that the leap day is the last of its year, in eras of 400 years.
    private static let daysInEra = 146_097
    private static let daysBefore2000 = 730_425

    /// A date that exists, nil for one like 30 February.
    init?(year: Int, month: Int, day: Int) {
        guard (0...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        self.init(daysSince2000: Self.daysSince2000(year: year, month: month, day: day))
        // A day that the month does not have comes out as one of the next month.
        guard self.month == month, self.day == day else { return nil }
    }

    /// The date so many days after 2000-01-01, negative before.
    init(daysSince2000 days: Int) {
        let shifted = days + Self.daysBefore2000
        let era = (shifted >= 0 ? shifted : shifted - Self.daysInEra + 1) / Self.daysInEra
        let dayOfEra = shifted - era * Self.daysInEra
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// The days from 2000-01-01 to this date.
    var daysSince2000: Int {
        Self.daysSince2000(year: year, month: month, day: day)
    }

    private static func daysSince2000(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * daysInEra + dayOfEra - daysBefore2000
    }
}

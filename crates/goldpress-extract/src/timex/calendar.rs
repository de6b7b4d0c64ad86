//! The calendar around `t0`: values of time expressions that need a day of reference.
//!
//! Where `t0` is unknown no calendar date is made up: unknown places are `X`.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// The day of publication, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Calendar {
    t0: Option<Date>,
}

/// On which side of `t0` a date lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// "last", or a past tense.
    Past,
    /// "this".
    Present,
    /// "next", or a future tense.
    Future,
}

impl Side {
    /// The value of what lies there and has no date.
    pub(crate) fn reference(self) -> &'static str {
        match self {
            Side::Past => "PAST_REF",
            Side::Present => "PRESENT_REF",
            Side::Future => "FUTURE_REF",
        }
    }

    fn sign(self) -> i32 {
        match self {
            Side::Past => -1,
            Side::Present => 0,
            Side::Future => 1,
        }
    }
}

/// A unit of time in values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

impl Unit {
    /// `P3D`, `PT2H`; `amount` is a number or `X`.
    pub(crate) fn duration(self, amount: &str) -> String {
        let (time, letter) = match self {
            Unit::Second => ("T", "S"),
            Unit::Minute => ("T", "M"),
            Unit::Hour => ("T", "H"),
            Unit::Day => ("", "D"),
            Unit::Week => ("", "W"),
            Unit::Month => ("", "M"),
            Unit::Quarter => ("", "Q"),
            Unit::Year => ("", "Y"),
            Unit::Decade => ("", "DE"),
            Unit::Century => ("", "CE"),
        };
        format!("P{time}{amount}{letter}")
    }
}

impl Calendar {
    /// From a date of publication, ISO 8601; one without a day places nothing.
    pub(crate) fn new(published_at: Option<&str>) -> Calendar {
        let day = published_at.and_then(|value| value.get(..10));
        Calendar { t0: day.and_then(|day| day.parse().ok()) }
    }

    /// The day so many days after `t0`.
    pub(crate) fn day(self, after: i64) -> Option<String> {
        let day = self.t0?.checked_add(after.days()).ok()?;
        Some(iso(day))
    }

    /// The week, month, year … so many units after that of `t0`.
    pub(crate) fn unit(self, unit: Unit, after: i64) -> Option<String> {
        let t0 = self.t0?;
        let moved = |span| t0.checked_add(span).ok();
        Some(match unit {
            Unit::Day => iso(moved(after.days())?),
            Unit::Week => week(moved(after.weeks())?),
            Unit::Month => {
                let first = t0.first_of_month().checked_add(after.months()).ok()?;
                format!("{}-{:02}", first.year(), first.month())
            }
            Unit::Quarter => {
                let first = t0.first_of_month().checked_add((3 * after).months()).ok()?;
                format!("{}-Q{}", first.year(), (first.month() + 2) / 3)
            }
            Unit::Year => year(i64::from(t0.year()) + after)?,
            Unit::Decade => {
                year((i64::from(t0.year()) / 10 + after) * 10)?[..3].to_owned()
            }
            Unit::Century => {
                year((i64::from(t0.year()) / 100 + after) * 100)?[..2].to_owned()
            }
            Unit::Second | Unit::Minute | Unit::Hour => return None,
        })
    }

    /// "last week", "this year", "next month".
    pub(crate) fn relative(self, unit: Unit, side: Side) -> String {
        let value = self.unit(unit, i64::from(side.sign()));
        value.unwrap_or_else(|| side.reference().to_owned())
    }

    /// The weekend of the week before, of this or of the next one.
    pub(crate) fn weekend(self, side: Side) -> String {
        match self.unit(Unit::Week, i64::from(side.sign())) {
            Some(week) => format!("{week}-WE"),
            None => "XXXX-WXX-WE".to_owned(),
        }
    }

    /// A day of the week; `None` for the side is the nearest one to `t0`.
    ///
    /// Past includes `t0` itself: news of Monday says "on Monday".
    pub(crate) fn weekday(
        self,
        day: Weekday,
        side: Option<Side>,
        strictly: bool,
    ) -> String {
        let number = day.to_monday_one_offset();
        let Some(t0) = self.t0 else { return format!("XXXX-WXX-{number}") };
        let ahead =
            i64::from((number - t0.weekday().to_monday_one_offset()).rem_euclid(7));
        let days = match side {
            Some(Side::Past) if strictly && ahead == 0 => -7,
            Some(Side::Future) if strictly && ahead == 0 => 7,
            Some(Side::Past) => (ahead - 7) % 7,
            Some(Side::Future) => ahead,
            Some(Side::Present) | None if ahead <= 3 => ahead,
            Some(Side::Present) | None => ahead - 7,
        };
        self.day(days).unwrap_or_else(|| format!("XXXX-WXX-{number}"))
    }

    /// The year of a month (and day) that were told without one: the nearest to `t0`, or
    /// the nearest on the side told.
    pub(crate) fn month(
        self,
        month: u32,
        day: Option<u32>,
        side: Option<Side>,
    ) -> String {
        let write = |year: &str| match day {
            Some(day) => format!("{year}-{month:02}-{day:02}"),
            None => format!("{year}-{month:02}"),
        };
        let Some(t0) = self.t0 else { return write("XXXX") };
        let of_t0 = i32::from(t0.month());
        let told = i32::try_from(month).unwrap_or(of_t0);
        let ahead = told - of_t0;
        let years = match side {
            Some(Side::Present) => 0,
            Some(Side::Past) => i32::from(ahead < 0) - 1,
            Some(Side::Future) => 1 - i32::from(ahead > 0),
            None if ahead > 6 => -1,
            None if ahead < -6 => 1,
            None => 0,
        };
        write(&(i32::from(t0.year()) + years).to_string())
    }

    /// The year of `t0` moved, for seasons and halves.
    pub(crate) fn year_or_x(self, after: i64) -> String {
        self.unit(Unit::Year, after).unwrap_or_else(|| "XXXX".to_owned())
    }

    /// The day of `t0` moved, as a beginning of times of day.
    pub(crate) fn day_or_x(self, after: i64) -> String {
        self.day(after).unwrap_or_else(|| "XXXX-XX-XX".to_owned())
    }
}

fn iso(day: Date) -> String {
    day.strftime("%Y-%m-%d").to_string()
}

fn week(day: Date) -> String {
    let week = day.iso_week_date();
    format!("{:04}-W{:02}", week.year(), week.week())
}

fn year(year: i64) -> Option<String> {
    (1000..=9999).contains(&year).then(|| year.to_string())
}

/// A calendar date that exists, as a value.
pub(crate) fn date(year: u32, month: u32, day: Option<u32>) -> Option<String> {
    let month_number = i8::try_from(month).ok()?;
    let day_number = i8::try_from(day.unwrap_or(1)).ok()?;
    Date::new(i16::try_from(year).ok()?, month_number, day_number).ok()?;
    Some(match day {
        Some(day) => format!("{year:04}-{month:02}-{day:02}"),
        None => format!("{year:04}-{month:02}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_count_from_the_day_of_publication() {
        // A Wednesday.
        let calendar = Calendar::new(Some("2024-01-03T10:00:00Z"));
        assert_eq!(calendar.day(-1).as_deref(), Some("2024-01-02"));
        assert_eq!(calendar.relative(Unit::Month, Side::Past), "2023-12");
        assert_eq!(calendar.relative(Unit::Week, Side::Past), "2023-W52");
        assert_eq!(
            calendar.weekday(Weekday::Monday, Some(Side::Past), false),
            "2024-01-01"
        );
        assert_eq!(
            calendar.weekday(Weekday::Wednesday, Some(Side::Past), false),
            "2024-01-03"
        );
        assert_eq!(
            calendar.weekday(Weekday::Monday, Some(Side::Future), false),
            "2024-01-08"
        );
        assert_eq!(calendar.month(12, None, None), "2023-12");
        assert_eq!(calendar.month(5, None, Some(Side::Past)), "2023-05");
    }

    #[test]
    fn without_a_day_of_publication_nothing_is_made_up() {
        let calendar = Calendar::new(None);
        assert_eq!(calendar.relative(Unit::Year, Side::Past), "PAST_REF");
        assert_eq!(calendar.weekday(Weekday::Tuesday, None, false), "XXXX-WXX-2");
        assert_eq!(calendar.month(5, Some(3), None), "XXXX-05-03");
        assert_eq!(Calendar::new(Some("2024")), calendar);
    }
}

//! Days and moments, also where a text states them as ISO 8601.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time, Weekday},
    tz::Offset,
};
use polars::{
    error::polars_err,
    prelude::{AnyValue, PolarsError, TimeUnit},
};

use super::{Answer, Patterns};

fn days(date: Date) -> Option<i32> {
    let epoch = Date::constant(1970, 1, 1);
    epoch.until(date).ok()?.get_days().into()
}

fn micros(at: Timestamp) -> AnyValue<'static> {
    let zone = polars::prelude::TimeZone::UTC;
    AnyValue::DatetimeOwned(
        at.as_microsecond(),
        TimeUnit::Microseconds,
        Some(std::sync::Arc::new(zone)),
    )
}

/// A moment of a value, in UTC; of text as far as it says one.
fn moment(value: &AnyValue<'_>) -> Option<Timestamp> {
    match value {
        AnyValue::Datetime(at, unit, _) | AnyValue::DatetimeOwned(at, unit, _) => {
            match unit {
                TimeUnit::Nanoseconds => Timestamp::from_nanosecond((*at).into()).ok(),
                TimeUnit::Microseconds => Timestamp::from_microsecond(*at).ok(),
                TimeUnit::Milliseconds => Timestamp::from_millisecond(*at).ok(),
            }
        }
        AnyValue::Date(day) => Timestamp::from_second(i64::from(*day) * 86_400).ok(),
        value => {
            let text = value.get_str()?.trim();
            let zoned = text.parse::<Timestamp>().ok();
            zoned
                .or_else(|| Offset::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok())
        }
    }
}

/// The day that a value states: of text the one that is written, whatever its zone.
fn day(value: &AnyValue<'_>) -> Option<Date> {
    match value.get_str() {
        Some(text) => text.trim().get(..10)?.parse().ok(),
        None => moment(value).map(|at| Offset::UTC.to_datetime(at).date()),
    }
}

fn refused(value: &AnyValue<'_>, what: &str) -> PolarsError {
    polars_err!(ComputeError:
        "`{}` is no {}: TRY_CAST gives null instead", value.str_value(), what)
}

/// `CAST(… AS DATE)`.
pub(super) fn date(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let day = day(&row[0]).and_then(days);
    day.map(AnyValue::Date).ok_or_else(|| refused(&row[0], "day"))
}

/// `TRY_CAST(… AS DATE)`.
pub(super) fn try_date(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    Ok(day(&row[0]).and_then(days).map_or(AnyValue::Null, AnyValue::Date))
}

/// `CAST(… AS TIMESTAMP)`: a moment in UTC.
pub(super) fn timestamp(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    moment(&row[0]).map(micros).ok_or_else(|| refused(&row[0], "moment"))
}

/// A part of a date: `year`, `month`, `day`, `hour`, `week`, `dow`; of a text that states
/// less, null.
pub(super) fn part(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let (name, value) = (row[0].str_value().to_lowercase(), &row[1]);
    let whole = |n: i64| Ok(AnyValue::Int64(n));
    if let Some(text) = value.get_str() {
        // A date as precise as it was stated: `2026`, `2026-03`.
        let digits = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        match name.as_str() {
            "year" => return Ok(digits(0, 4).map_or(AnyValue::Null, AnyValue::Int64)),
            "month" => return Ok(digits(5, 7).map_or(AnyValue::Null, AnyValue::Int64)),
            "day" => return Ok(digits(8, 10).map_or(AnyValue::Null, AnyValue::Int64)),
            _ => {}
        }
    }
    let Some(at) = moment(value) else { return Ok(AnyValue::Null) };
    let at = Offset::UTC.to_datetime(at);
    let (day, time) = (at.date(), at.time());
    match name.as_str() {
        "year" => whole(day.year().into()),
        "quarter" => whole((i64::from(day.month()) + 2) / 3),
        "month" => whole(day.month().into()),
        "week" => whole(day.iso_week_date().week().into()),
        "day" => whole(day.day().into()),
        "doy" | "dayofyear" => whole(day.day_of_year().into()),
        "dow" | "dayofweek" => whole(day.weekday().to_sunday_zero_offset().into()),
        "isodow" => whole(day.weekday().to_monday_one_offset().into()),
        "hour" => whole(time.hour().into()),
        "minute" => whole(time.minute().into()),
        "second" => whole(time.second().into()),
        "epoch" => whole(moment(value).map_or(0, Timestamp::as_second)),
        other => Err(polars_err!(ComputeError: "`{}` is no part of a date", other)),
    }
}

/// A date or moment with all that is finer than a part set to its begin.
pub(super) fn trunc(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let (part, value) = (row[0].str_value().to_lowercase(), &row[1]);
    let at = match (moment(value), day(value)) {
        (Some(at), _) => Offset::UTC.to_datetime(at),
        (None, Some(day)) => day.to_datetime(Time::midnight()),
        (None, None) => return Err(refused(value, "date")),
    };
    let (day, time) = (at.date(), at.time());
    let midnight = |day: Date| day.to_datetime(Time::midnight());
    let cut = match part.as_str() {
        "year" => midnight(day.first_of_year()),
        "quarter" => {
            let month = (day.month() - 1) / 3 * 3 + 1;
            midnight(Date::new(day.year(), month, 1).unwrap_or(day))
        }
        "month" => midnight(day.first_of_month()),
        "week" => {
            let monday = day.nth_weekday(-1, Weekday::Monday).unwrap_or(day);
            midnight(if day.weekday() == Weekday::Monday { day } else { monday })
        }
        "day" => midnight(day),
        "hour" => day.at(time.hour(), 0, 0, 0),
        "minute" => day.at(time.hour(), time.minute(), 0, 0),
        "second" => day.at(time.hour(), time.minute(), time.second(), 0),
        other => {
            return Err(polars_err!(ComputeError: "`{}` is no part of a date", other));
        }
    };
    if matches!(value, AnyValue::Date(_)) {
        return Ok(days(cut.date()).map_or(AnyValue::Null, AnyValue::Date));
    }
    Ok(Offset::UTC.to_timestamp(cut).map_or(AnyValue::Null, micros))
}

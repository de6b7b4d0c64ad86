//! Time expressions with their TIMEX3 values.

mod basic;
mod calendar;
mod english;
mod month_names;
mod rules;

pub(crate) use month_names::MonthNames;
pub(crate) use rules::TimexRules;

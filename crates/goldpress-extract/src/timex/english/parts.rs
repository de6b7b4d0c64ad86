//! Parts: one match, with what its reader asks of it.

use regex::Captures;

use super::super::calendar::{Calendar, Side, Unit};
use crate::dates::{floor_boundary, number};

/// A match with what its reader needs.
pub(super) struct Parts<'s> {
    pub(super) captures: Captures<'s>,
    pub(super) sentence: &'s str,
    pub(super) start: usize,
    pub(super) calendar: Calendar,
}

impl Parts<'_> {
    pub(super) fn get(&self, group: &str) -> Option<&str> {
        self.captures.name(group).map(|m| m.as_str())
    }

    pub(super) fn end(&self) -> usize {
        let whole = self.captures.get(0).expect("group 0 is the match");
        self.captures.name("x").map_or(whole.end(), |x| x.end())
    }

    pub(super) fn number(&self, group: &str) -> Option<u32> {
        self.get(group).and_then(number)
    }

    pub(super) fn month(&self) -> Option<u32> {
        const STARTS: [&str; 12] = [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
            "dec",
        ];
        let name = self.get("m")?.to_ascii_lowercase();
        let at = STARTS.iter().position(|start| name.starts_with(start))?;
        u32::try_from(at + 1).ok()
    }

    pub(super) fn side(&self) -> Option<Side> {
        Some(match self.get("side")?.to_ascii_lowercase().as_str() {
            "last" | "past" | "previous" => Side::Past,
            "this" | "current" | "same" => Side::Present,
            "next" | "coming" | "following" => Side::Future,
            _ => return None,
        })
    }

    pub(super) fn unit(&self) -> Option<Unit> {
        Some(match self.get("u")?.to_ascii_lowercase().as_str() {
            "second" => Unit::Second,
            "minute" => Unit::Minute,
            "hour" => Unit::Hour,
            "day" => Unit::Day,
            "week" => Unit::Week,
            "month" => Unit::Month,
            "quarter" => Unit::Quarter,
            "year" => Unit::Year,
            "decade" => Unit::Decade,
            "century" | "centurie" => Unit::Century,
            _ => return None,
        })
    }

    pub(super) fn modifier(&self) -> Option<&'static str> {
        let part = self.get("part").or(self.get("edge"))?.to_ascii_lowercase();
        Some(match part.as_str() {
            part if part.contains("early")
                || part.contains("begin")
                || part.contains("start") =>
            {
                "START"
            }
            part if part.contains("mid") => "MID",
            part if part.contains("late") || part.contains("end") => "END",
            _ => return None,
        })
        .filter(|_| !matches!(part.as_str(), "earlier" | "later"))
    }

    pub(super) fn before(&self) -> &str {
        &self.sentence[..self.start]
    }

    pub(super) fn after(&self) -> &str {
        &self.sentence[self.end()..]
    }

    pub(super) fn word_before(&self) -> &str {
        let before = self.before().trim_end();
        before
            .rsplit(|c: char| !c.is_alphanumeric() && c != '\'')
            .next()
            .unwrap_or_default()
    }

    pub(super) fn word_after(&self) -> &str {
        let after = self.after().trim_start_matches(' ');
        after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()
    }

    /// Whether a verb before the match speaks of what is to come.
    pub(super) fn is_future(&self) -> bool {
        const WORDS: [&str; 9] = [
            "will",
            "shall",
            "scheduled",
            "expected",
            "due",
            "plans",
            "planned",
            "upcoming",
            "tomorrow",
        ];
        // A verb further back than this governs another clause.
        let from = self.before().len().saturating_sub(300);
        let near = &self.before()[floor_boundary(self.before(), from)..];
        let mut words = near.split(|c: char| !c.is_alphanumeric());
        words.any(|word| WORDS.contains(&word))
    }

    pub(super) fn part_of_day(&self) -> Option<&'static str> {
        Some(match self.get("p")? {
            "morning" => "TMO",
            "afternoon" => "TAF",
            "evening" => "TEV",
            _ => "TNI",
        })
    }
}

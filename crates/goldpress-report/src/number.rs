//! Numbers as people read them: four decimals, thousands apart, a dash for undefined.

/// A ratio with four decimals, rounded half to even; `–` when undefined.
///
/// ```
/// assert_eq!(goldpress_report::ratio(Some(2.0 / 3.0)), "0.6667");
/// assert_eq!(goldpress_report::ratio(None), "–");
/// ```
pub fn ratio(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.4}"))
}

/// A count with commas between thousands.
///
/// ```
/// assert_eq!(goldpress_report::count(1_234_567), "1,234,567");
/// ```
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How often: `once`, `3 times`.
pub fn times(n: u64) -> String {
    if n == 1 { "once".to_owned() } else { format!("{} times", count(n)) }
}

/// A count with its noun, which has an `s` but for one.
///
/// ```
/// assert_eq!(goldpress_report::counted(1, "reject"), "1 reject");
/// assert_eq!(goldpress_report::counted(1_200, "reject"), "1,200 rejects");
/// ```
pub fn counted(value: u64, noun: &str) -> String {
    let end = if value == 1 { "" } else { "s" };
    format!("{} {noun}{end}", count(value))
}

/// A rate with three significant digits: `0.42`, `12.3`, `4,570`. More of them no clock
/// repeats.
///
/// ```
/// assert_eq!(goldpress_report::rate(Some(4567.0)), "4,570");
/// assert_eq!(goldpress_report::rate(Some(99.96)), "100");
/// ```
pub fn rate(value: Option<f64>) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if value >= 99.95 => {
            let unit = 10_f64.powi((value.log10().floor() as i32 - 2).max(0));
            count(((value / unit).round() * unit) as u64)
        }
        Some(value) if value >= 10.0 => format!("{value:.1}"),
        Some(value) => format!("{value:.2}"),
    }
}

/// Milliseconds with enough digits to tell fast systems apart: `0.008`, `1.25`, `340`.
pub fn duration_ms(value: Option<f64>) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if value >= 100.0 => count(value.round() as u64),
        Some(value) if value >= 1.0 => format!("{value:.2}"),
        Some(value) => format!("{value:.3}"),
    }
}

/// A difference of shares in points, with its sign: `−1.31`; `–` when undefined.
///
/// ```
/// assert_eq!(goldpress_report::points(Some(-0.0131)), "−1.31");
/// assert_eq!(goldpress_report::points(Some(0.0)), "0.00");
/// ```
pub fn points(value: Option<f64>) -> String {
    let Some(value) = value else { return "–".to_owned() };
    let digits = format!("{:.2}", (value * 100.0).abs());
    match digits.as_str() {
        "0.00" => digits,
        _ if value < 0.0 => format!("−{digits}"),
        _ => format!("+{digits}"),
    }
}

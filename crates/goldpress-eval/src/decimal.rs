//! Fractions as people read them: rounded half to even, from the exact integers.

/// `part / whole` with `places` decimals; `None` without a denominator, for which a page
/// prints a dash.
///
/// ```
/// use goldpress_eval::decimal;
///
/// assert_eq!(decimal(1, 8, 2).as_deref(), Some("0.12"));
/// assert_eq!(decimal(3, 8, 2).as_deref(), Some("0.38"));
/// assert_eq!(decimal(1, 0, 2), None);
/// ```
pub fn decimal(part: u64, whole: u64, places: u32) -> Option<String> {
    let scaled = u128::from(part) * 10_u128.checked_pow(places)?;
    let whole = u128::from(whole);
    let (below, rest) = (scaled.checked_div(whole)?, scaled.checked_rem(whole)?);
    let up = match (2 * rest).cmp(&whole) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => below % 2 == 1,
        std::cmp::Ordering::Greater => true,
    };
    let digits = (below + u128::from(up)).to_string();
    let places = places as usize;
    if places == 0 {
        return Some(digits);
    }
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    Some(format!("{whole}.{part}"))
}

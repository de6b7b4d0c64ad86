//! The normal distribution, Student's t and the binomial: probabilities and quantiles.

/// Probability that a normal variable is at most `z`.
pub fn normal(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// The `z` below which a normal variable lies with probability `p`; infinite at 0 and 1.
///
/// ```
/// use goldpress_eval::statistics::distributions::normal_quantile;
///
/// assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-14);
/// ```
///
/// # Source
///
/// A first guess by Abramowitz and Stegun 26.2.23, made exact by Newton's method.
pub fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    if p > 0.5 {
        // The lower tail keeps its digits, the upper one loses them against 1.
        return -normal_quantile(1.0 - p);
    }
    let t = (-2.0 * p.ln()).sqrt();
    let top = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let bottom = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut z = top / bottom - t;
    for _ in 0..4 {
        let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
        let error = (normal(z) - p) / density;
        z -= error / (1.0 + 0.5 * z * error);
    }
    z
}

/// Probability that Student's t with `df` degrees of freedom, whole or not, is at most `t`.
///
/// # Source
///
/// The finite sums for whole degrees of freedom, Abramowitz and Stegun 26.7.3 and 26.7.4;
/// the incomplete beta function for others.
pub fn student(t: f64, df: f64) -> f64 {
    const MOST_TERMS: f64 = 10_000.0;
    if df.fract() == 0.0 && df <= MOST_TERMS {
        return student_whole(t, df as u64);
    }
    let tail = 0.5 * incomplete_beta(0.5 * df, 0.5, df / (df + t * t));
    if t < 0.0 { tail } else { 1.0 - tail }
}

fn student_whole(t: f64, df: u64) -> f64 {
    let n = df as f64;
    let angle = (t / n.sqrt()).atan();
    let (sin, cos) = (angle.sin(), angle.cos());
    let odd = df % 2 == 1;
    // Terms of the sum: each is the one before it times cos² and a ratio.
    let mut term = if odd { cos } else { 1.0 };
    let mut sum = 0.0;
    let mut k = if odd { 3 } else { 2 };
    while k <= df {
        sum += term;
        let ratio = (k - 1) as f64 / k as f64;
        term *= cos * cos * ratio;
        k += 2;
        if term < 1e-18 {
            break;
        }
    }
    let inside = match (odd, df) {
        (true, 1) => 2.0 / std::f64::consts::PI * angle,
        (true, _) => 2.0 / std::f64::consts::PI * (angle + sin * sum),
        (false, _) => sin * sum,
    };
    0.5 + 0.5 * inside
}

/// The regularised incomplete beta function.
///
/// # Source
///
/// The continued fraction of DLMF 8.17.22, by Lentz's method.
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    // The fraction converges fast on this side; the other is its complement.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let front = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b)
        + a * x.ln()
        + b * (1.0 - x).ln();
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut c, mut d) = (1.0, 1.0 / away(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for m in 1..10_000 {
        let m = f64::from(m);
        for term in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / away(1.0 + term * d);
            c = away(1.0 + term / c);
            fraction *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    front.exp() * fraction / a
}

/// The `t` below which Student's t lies with probability `p`, right to 1e-9; `df` of at
/// least 1, whole or not.
///
/// Fewer than 1 has no quantile that is of use: infinite.
pub fn student_quantile(p: f64, df: f64) -> f64 {
    if df < 1.0 {
        return if p < 0.5 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    if p < 0.5 {
        return -student_quantile(1.0 - p, df);
    }
    let of_one = (std::f64::consts::PI * (p - 0.5)).tan();
    if df == 1.0 {
        return of_one;
    }
    // The tails of t are heavier than the normal's, and lighter than those of 2 degrees of
    // freedom, or of 1 where there are fewer than 2.
    let two = 2.0 * p - 1.0;
    let mut low = normal_quantile(p) - 1e-9;
    let mut high = match df < 2.0 {
        true => of_one,
        false => two * (2.0 / (1.0 - two * two)).sqrt() + 1e-9,
    };
    let (mut below, mut above) = (student(low, df) - p, student(high, df) - p);
    // Regula falsi with the Illinois weight: keeps a bracket, gains digits like the secant.
    let mut last = f64::INFINITY;
    for _ in 0..200 {
        let at = (low * above - high * below) / (above - below);
        let at =
            if at.is_finite() && at > low && at < high { at } else { 0.5 * (low + high) };
        let error = student(at, df) - p;
        if error == 0.0 || (at - last).abs() < 1e-13 * at.max(1.0) {
            return at;
        }
        last = at;
        if error < 0.0 {
            (low, below) = (at, error);
            above *= 0.5;
        } else {
            (high, above) = (at, error);
            below *= 0.5;
        }
    }
    0.5 * (low + high)
}

/// Probability of at most `k` heads in `n` throws of a fair coin.
pub fn coin(k: u64, n: u64) -> f64 {
    binomial(k, n, 0.5)
}

/// Probability of at most `k` hits in `n` trials of probability `p`.
pub fn binomial(k: u64, n: u64, p: f64) -> f64 {
    if k >= n {
        return 1.0;
    }
    if p <= 0.0 || p >= 1.0 {
        return if p <= 0.0 { 1.0 } else { 0.0 };
    }
    // Up to 1,000 throws the smallest term is a normal number and the sum exact to a few
    // units of the last place; beyond, terms are taken from logarithms.
    let first = (n as f64 * (1.0 - p).ln()).exp();
    if first > f64::MIN_POSITIVE {
        let odds = p / (1.0 - p);
        let first = if p == 0.5 { 0.5_f64.powi(n as i32) } else { first };
        let (mut term, mut sum) = (first, first);
        for i in 1..=k {
            term *= (n - i + 1) as f64 / i as f64 * odds;
            sum += term;
        }
        return sum.min(1.0);
    }
    let mut log_term = n as f64 * (1.0 - p).ln();
    let mut sum = 0.0;
    for i in 0..=k {
        sum += log_term.exp();
        log_term += ((n - i) as f64 / (i + 1) as f64).ln() + (p / (1.0 - p)).ln();
    }
    sum.min(1.0)
}

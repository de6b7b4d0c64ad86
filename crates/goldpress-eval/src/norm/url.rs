//! Addresses, without what does not change where they lead.

/// The key of an address: no scheme, fragment, default port, final `/` or tracking
/// parameter; host in lower case, percent-encoding normalised.
///
/// ```
/// use goldpress_eval::norm::url_key;
///
/// assert_eq!(
///     url_key("HTTPS://Example.ORG:443/a%7eb/?utm_source=x&id=1#top"),
///     url_key("http://example.org/a~b?id=1"),
/// );
/// ```
pub fn key(value: &str) -> String {
    let value = value.trim();
    let (scheme, rest) = value.split_once("://").unwrap_or(("", value));
    let rest = rest.split('#').next().unwrap_or_default();
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = match address.find('/') {
        Some(at) => address.split_at(at),
        None => (address, ""),
    };
    let host = host.to_lowercase();
    let port = match scheme.to_ascii_lowercase().as_str() {
        "http" => ":80",
        "https" => ":443",
        _ => "",
    };
    let host =
        if port.is_empty() { &host } else { host.strip_suffix(port).unwrap_or(&host) };
    let path = encoded(path);
    let mut key = format!("{host}{}", path.strip_suffix('/').unwrap_or(&path));
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !is_tracking(pair));
    for (at, pair) in kept.enumerate() {
        key.push(if at == 0 { '?' } else { '&' });
        key.push_str(&encoded(pair));
    }
    key
}

fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    name.starts_with("utm_") || matches!(name, "fbclid" | "gclid")
}

/// Unreserved characters as themselves, others with upper-case hex digits.
fn encoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code {
            Some(byte) => {
                push(&mut out, byte, true);
                at += 3;
            }
            None => {
                push(&mut out, bytes[at], false);
                at += 1;
            }
        }
    }
    out
}

fn push(out: &mut String, byte: u8, was_encoded: bool) {
    let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if unreserved || byte.is_ascii() && !was_encoded {
        out.push(char::from(byte));
    } else {
        out.push_str(&format!("%{byte:02X}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_reads_the_same_encoded_or_not() {
        assert_eq!(key("https://a.org/Zürich"), key("https://a.org/Z%c3%bcrich/"));
        assert_ne!(key("https://a.org/a%2Fb"), key("https://a.org/a/b"));
    }

    #[test]
    fn another_port_or_path_is_another_address() {
        assert_ne!(key("http://a.org:8080/"), key("http://a.org/"));
        assert_ne!(key("http://a.org/B"), key("http://a.org/b"));
        assert_eq!(key("//a.org/x"), key("https://a.org/x"));
    }
}

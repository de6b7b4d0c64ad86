//! Publisher: the outlet that an article came from, by the name of its site.

use goldpress_model::{Field, Fields};
use url::{Host, Url};

/// The registrable domain of the canonical address, else of the address, else the
/// publisher's name.
pub(crate) fn source_of(fields: &Fields) -> Option<String> {
    let by_address = |field| fields.get(field).and_then(domain);
    by_address(Field::CanonicalUrl)
        .or_else(|| by_address(Field::Url))
        .or_else(|| fields.get(Field::Publisher).map(str::to_owned))
}

/// The registrable domain of an address, in lower case; an IP address as it is.
fn domain(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    match url.host()? {
        Host::Domain(host) => {
            let host = host.trim_end_matches('.');
            Some(psl::domain_str(host).unwrap_or(host).to_lowercase())
        }
        address => Some(address.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goldpress_model::FieldSource;

    #[test]
    fn a_site_is_called_by_its_registrable_domain() {
        for (address, expected) in [
            ("https://www.news.ledger.example/a?b", Some("ledger.example")),
            ("http://m.bbc.co.uk/news", Some("bbc.co.uk")),
            ("https://ledger.github.io/x", Some("ledger.github.io")),
            ("http://127.0.0.1:8000/x", Some("127.0.0.1")),
            ("/relative", None),
            ("mailto:a@b.c", None),
        ] {
            assert_eq!(domain(address).as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn a_publisher_stands_in_where_no_address_is_known() {
        let mut fields = Fields::new();
        fields.state(Field::Publisher, "Sound Bulletin", FieldSource::Meta);
        assert_eq!(source_of(&fields).as_deref(), Some("Sound Bulletin"));
        fields.state(Field::Url, "https://a.ledger.example/x", FieldSource::Record);
        assert_eq!(source_of(&fields).as_deref(), Some("ledger.example"));
    }
}

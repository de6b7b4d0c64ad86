//! Foreign: inputs that hold no article, told by their bytes and names, and what to do
//! about each.
//!
//! Markup, programs, tables and logs that are taken for text make articles that nobody
//! wrote. What is not told here is text.

use std::path::Path;

use super::{extension, head_text, xml};

/// Lines that are looked at for what a log is.
const LOG_LINES: usize = 20;

/// An input of another kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Foreign {
    /// What it is: a media type, or a few words.
    pub(crate) kind: String,
    /// What its user can do.
    advice: &'static str,
}

const NO_TEXT: &str = "it holds no text";
const OFFICE: &str = "save it as HTML or plain text";
const PDF: &str = "make text or HTML of it, such as with `pdftotext -layout`";
const TABLE: &str = "export its articles as JSON Lines, CSV or Parquet";
const CODE: &str = "leave it out with --exclude, or read it with --from text";
const LOG: &str = "leave it out with --exclude, or name the format with --from";
const ABOUT_SITE: &str =
    "it is for programs that visit a site, leave it out with --exclude";
const MARKDOWN: &str =
    "make HTML of it, such as with `pandoc`, or read it as it stands with --from text";
const XML: &str = "name the element of one article with --xml-record, and its fields with \
                   --map where they have other names";
const MAIL: &str = "save the message as HTML, MHTML or plain text";

/// Kinds by the bytes that they begin with.
const MAGIC: &[(&[u8], &str, &str)] = &[
    (b"%PDF-", "application/pdf", PDF),
    (b"\x89PNG\r\n", "image/png", NO_TEXT),
    (b"\xff\xd8\xff", "image/jpeg", NO_TEXT),
    (b"GIF8", "image/gif", NO_TEXT),
    (b"II*\0", "image/tiff", NO_TEXT),
    (b"MM\0*", "image/tiff", NO_TEXT),
    (b"\0\0\x01\0", "image/vnd.microsoft.icon", NO_TEXT),
    (b"RIFF", "application/x-riff", NO_TEXT),
    (b"PK\x03\x04", "application/zip", NO_TEXT),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed", "unpack it first"),
    (b"Rar!\x1a\x07", "application/vnd.rar", "unpack it first"),
    (b"PAR1", "application/vnd.apache.parquet", TABLE),
    (b"ARROW1", "application/vnd.apache.arrow.file", TABLE),
    (b"Obj\x01", "application/avro", TABLE),
    (b"\x89HDF\r\n", "application/x-hdf5", TABLE),
    (b"\x93NUMPY", "a NumPy array", TABLE),
    (b"SQLite format 3\0", "application/vnd.sqlite3", TABLE),
    (b"\x7fELF", "application/x-executable", NO_TEXT),
    (b"MZ\x90\0", "application/x-executable", NO_TEXT),
    (b"\xca\xfe\xba\xbe", "application/java-vm", NO_TEXT),
    (b"\0asm", "application/wasm", NO_TEXT),
    (b"\xd0\xcf\x11\xe0", "application/msword", OFFICE),
    (b"%!PS", "application/postscript", PDF),
    (b"wOF2", "font/woff2", NO_TEXT),
    (b"wOFF", "font/woff", NO_TEXT),
    (b"OTTO", "font/otf", NO_TEXT),
    (b"\0\x01\0\0\0", "font/ttf", NO_TEXT),
    (b"ID3", "audio/mpeg", NO_TEXT),
    (b"OggS", "audio/ogg", NO_TEXT),
    (b"fLaC", "audio/flac", NO_TEXT),
    (b"\x1a\x45\xdf\xa3", "video/webm", NO_TEXT),
];

/// Kinds of text by their extensions.
const EXTENSIONS: &[(&[&str], &str, &str)] = &[
    (&["md", "markdown", "mdown", "mkd", "mdx", "qmd", "rmd"], "Markdown", MARKDOWN),
    (
        &["rst", "adoc", "asciidoc", "org", "textile", "wiki", "pod"],
        "markup of text",
        MARKDOWN,
    ),
    (&["tex", "latex", "ltx", "bib", "sty", "bst"], "LaTeX", MARKDOWN),
    (&["css", "scss", "sass", "less"], "a style sheet", CODE),
    (&["js", "mjs", "cjs", "jsx", "ts", "tsx", "vue", "svelte", "map"], "a script", CODE),
    (
        &[
            "py", "pyi", "rs", "c", "h", "cc", "cpp", "cxx", "hpp", "cs", "java", "kt",
            "go", "rb", "php", "pl", "pm", "lua", "r", "jl", "swift", "scala", "sql",
            "sh", "bash", "zsh", "fish", "ps1", "bat", "cmd", "awk", "vim", "el", "hs",
            "ex", "erl", "dart", "asm", "s", "m", "cmake", "gradle", "tf", "proto",
            "graphql", "ipynb",
        ],
        "a program",
        CODE,
    ),
    (
        &[
            "toml",
            "yaml",
            "yml",
            "ini",
            "cfg",
            "conf",
            "lock",
            "properties",
            "env",
            "plist",
            "editorconfig",
            "gitignore",
            "gitattributes",
            "htaccess",
        ],
        "a file of settings",
        CODE,
    ),
    (&["log", "cdx", "cdxj", "out", "err"], "a log", LOG),
    (&["diff", "patch"], "a patch", CODE),
    (&["srt", "vtt", "ass", "ssa", "sub"], "subtitles", CODE),
    (&["ics", "vcf", "ldif"], "a calendar or an address book", CODE),
    (
        &["pem", "crt", "key", "asc", "sig", "md5", "sha1", "sha256", "sha512"],
        "a key or a digest",
        CODE,
    ),
    (
        &["svg", "woff", "woff2", "ttf", "eot", "otf", "ico"],
        "a picture or a font",
        NO_TEXT,
    ),
    (&["eml", "mbox", "msg"], "an e-mail", MAIL),
];

/// Kinds of text by the whole name of a file.
const NAMES: &[(&[&str], &str, &str)] = &[
    (
        &[
            "robots.txt",
            "ads.txt",
            "app-ads.txt",
            "sellers.json",
            "security.txt",
            "humans.txt",
            "llms.txt",
            "llms-full.txt",
        ],
        "a note to programs",
        ABOUT_SITE,
    ),
    (
        &["readme", "changelog", "contributing"],
        "a note on a program or a collection",
        MARKDOWN,
    ),
    (
        &[
            "makefile",
            "gnumakefile",
            "dockerfile",
            "gemfile",
            "procfile",
            "jenkinsfile",
            "vagrantfile",
        ],
        "a program",
        CODE,
    ),
];

impl Foreign {
    fn new(kind: &str, advice: &'static str) -> Foreign {
        Foreign { kind: kind.to_owned(), advice }
    }

    /// What an input is by its bytes, then by its name; `None` where it may be text or a
    /// page.
    pub(crate) fn of(head: &[u8], path: &Path) -> Option<Foreign> {
        Foreign::before_all(head)
            .or_else(|| Foreign::by_magic(head))
            .or_else(|| Foreign::by_name(path))
            .or_else(|| Foreign::by_text(&head_text(head)))
    }

    /// By the bytes that an input begins with.
    pub(crate) fn by_magic(head: &[u8]) -> Option<Foreign> {
        let found = MAGIC.iter().find(|(magic, _, _)| head.starts_with(magic));
        // Films say what they are behind the length of their first part.
        let is_film = head.get(4..8) == Some(b"ftyp");
        found
            .map(|(_, kind, advice)| Foreign::new(kind, advice))
            .or_else(|| is_film.then(|| Foreign::new("video/mp4", NO_TEXT)))
    }

    /// What no reader may take for its own, whatever the name says: a pointer to a file
    /// that was not fetched, markup that begins like JSON.
    pub(crate) fn before_all(head: &[u8]) -> Option<Foreign> {
        if head.starts_with(b"version https://git-lfs.github.com/spec/") {
            let advice = "fetch what it points to with `git lfs pull`";
            return Some(Foreign::new("a pointer of Git LFS", advice));
        }
        head.starts_with(b"{\\rtf").then(|| Foreign::new("application/rtf", OFFICE))
    }

    /// XML by its root element.
    pub(super) fn of_root(root: &str) -> Foreign {
        match root {
            "svg" => Foreign::new("a picture (SVG)", NO_TEXT),
            "sitemapindex" => {
                Foreign::new("a list of sitemaps", "ingest the sitemaps that it names")
            }
            "opml" => Foreign::new("a list of feeds", "ingest the feeds that it names"),
            _ => Foreign::new(&format!("XML of no known format, `{root}`"), XML),
        }
    }

    fn by_name(path: &Path) -> Option<Foreign> {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        // Mirrors keep what followed the question mark: `style.css?ver=6.1`.
        let name = name.split('?').next().unwrap_or("");
        let extension = extension(Path::new(name));
        let by_name = NAMES.iter().find(|(names, _, _)| names.contains(&name));
        let by_extension = || {
            EXTENSIONS.iter().find(|(known, _, _)| known.contains(&extension.as_str()))
        };
        let (_, kind, advice) = by_name.or_else(by_extension)?;
        Some(Foreign::new(kind, advice))
    }

    /// By text in lower case that an input begins with.
    fn by_text(text: &str) -> Option<Foreign> {
        let is_annexed = text.lines().count() <= 2
            && (text.starts_with("/annex/objects/")
                || text.contains(".git/annex/objects/"));
        if is_annexed {
            return Some(Foreign::new(
                "a pointer of git-annex",
                "fetch what it points to with `git annex get`",
            ));
        }
        if let Some(root) = xml::root_of(text) {
            return Some(Foreign::of_root(root));
        }
        let is_script = text.starts_with("#!/") || text.starts_with("<?php");
        if is_script {
            return Some(Foreign::new("a program", CODE));
        }
        if text.starts_with("\\documentclass") || text.starts_with("\\documentstyle") {
            return Some(Foreign::new("LaTeX", MARKDOWN));
        }
        if text.starts_with("begin:vcard") || text.starts_with("begin:vcalendar") {
            return Some(Foreign::new("a calendar or an address book", CODE));
        }
        if is_robots(text) {
            return Some(Foreign::new("a note to programs", ABOUT_SITE));
        }
        if is_mail(text) {
            return Some(Foreign::new("an e-mail", MAIL));
        }
        is_log(text).then(|| Foreign::new("a log", LOG))
    }

    /// What it is, after "the record is".
    pub(super) fn name(&self) -> String {
        let is_media_type = self.kind.contains('/') && !self.kind.contains(' ');
        if is_media_type { format!("`{}`", self.kind) } else { self.kind.clone() }
    }

    /// What it is and what to do, after "the file is".
    pub(crate) fn detail(&self) -> String {
        format!("{}: {}", self.name(), self.advice)
    }
}

/// The name of an office document or a program whose parts are packed in a ZIP file.
pub(crate) fn of_parts(has: &dyn Fn(&str) -> bool, mimetype: &str) -> Option<Foreign> {
    const PARTS: &[(&str, &str)] = &[
        ("word/document.xml", "a Word document (DOCX)"),
        ("xl/workbook.xml", "an Excel workbook (XLSX)"),
        ("xl/workbook.bin", "an Excel workbook (XLSB)"),
        ("ppt/presentation.xml", "a PowerPoint presentation (PPTX)"),
        ("visio/document.xml", "a Visio drawing (VSDX)"),
        ("Index/Document.iwa", "a document of iWork"),
        ("[Content_Types].xml", "an office document"),
        ("META-INF/container.xml", "a book (EPUB)"),
        ("META-INF/MANIFEST.MF", "a program (JAR)"),
        ("AndroidManifest.xml", "a program (APK)"),
        ("doc.kml", "a map (KMZ)"),
    ];
    let by_type = match mimetype {
        "application/epub+zip" => Some("a book (EPUB)"),
        kind if kind.contains("opendocument.spreadsheet") => Some("a spreadsheet (ODS)"),
        kind if kind.contains("opendocument.presentation") => {
            Some("a presentation (ODP)")
        }
        kind if kind.contains("opendocument") => Some("a text document (ODT)"),
        _ => None,
    };
    let by_part = || PARTS.iter().find(|(part, _)| has(part)).map(|(_, kind)| *kind);
    let kind = by_type.or_else(by_part)?;
    let advice = match kind {
        _ if kind.contains("workbook") || kind.contains("spreadsheet") => {
            "save it as CSV"
        }
        _ if kind.contains("program") || kind.contains("map") => NO_TEXT,
        _ => OFFICE,
    };
    Some(Foreign::new(kind, advice))
}

/// What a record of an archive is that its address says is no document.
pub(super) fn of_address(address: &str) -> Option<String> {
    if address.starts_with("metadata:") {
        return Some("the record tells of the crawl and is no article".to_owned());
    }
    let path = path_of(address);
    let name = path.rsplit('/').next().unwrap_or("").to_ascii_lowercase();
    let (_, kind, _) =
        NAMES.iter().find(|(names, _, _)| names.contains(&name.as_str()))?;
    Some(format!("the record is {kind} and no article"))
}

/// The path of an address, or nothing where it is a folder.
pub(super) fn path_of(address: &str) -> String {
    url::Url::parse(address).map(|url| url.path().to_owned()).unwrap_or_default()
}

/// `User-agent: *` and what it may not visit, in any name of a file.
fn is_robots(text: &str) -> bool {
    let lines = || text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let first = lines().find(|line| !line.is_empty()).unwrap_or("");
    let rules = ["disallow:", "allow:", "crawl-delay:", "sitemap:"];
    (first.starts_with("user-agent:") || first.starts_with("sitemap:"))
        && lines().any(|line| rules.iter().any(|rule| line.starts_with(rule)))
}

/// Headers of a message that is coded or has parts.
fn is_mail(text: &str) -> bool {
    let header = text.split("\n\n").next().unwrap_or("");
    let header = header.split("\r\n\r\n").next().unwrap_or("");
    let has = |name: &str| header.lines().any(|line| line.starts_with(name));
    has("mime-version:") && has("content-type:") && (has("from:") || has("received:"))
}

/// Whether nearly every line begins with a time or an address, as logs of programs do.
fn is_log(text: &str) -> bool {
    let lines: Vec<&str> =
        text.lines().filter(|line| !line.trim().is_empty()).take(LOG_LINES).collect();
    // The last line of a head may be cut.
    let n_log = lines.iter().filter(|line| is_log_line(line)).count();
    lines.len() >= 2 && n_log >= 2 && n_log * 5 >= lines.len() * 4
}

/// `2024-03-22 05:00:00,123 …`, `192.0.2.1 - - [22/Mar/2024…`, `Mar 22 05:00:00 host …`,
/// `[2024-03-22T05:00:00Z] …`, `INFO …`.
fn is_log_line(line: &str) -> bool {
    let line = line.trim_start_matches(['[', '<', '"']);
    let shape: String = line
        .chars()
        .take(24)
        .map(|c| match c {
            '0'..='9' => '0',
            'a'..='z' => 'a',
            c => c,
        })
        .collect();
    let levels = ["info", "debug", "error", "warn", "warning", "trace", "fatal"];
    let level = line.split([' ', ':', ']', '|']).next().unwrap_or("");
    let is_address = || {
        let word = line.split(' ').next().unwrap_or("");
        word.parse::<std::net::IpAddr>().is_ok() && line.contains('[')
    };
    shape.starts_with("0000-00-00 00:00:00")
        || shape.starts_with("0000-00-00a00:00:00")
        || shape.starts_with("0000/00/00 00:00:00")
        || shape.starts_with("aaa 00 00:00:00 ")
        || shape.starts_with("aaa  0 00:00:00 ")
        || shape.starts_with("00/aaa/0000:00:00:00")
        || levels.contains(&level)
        || is_address()
}

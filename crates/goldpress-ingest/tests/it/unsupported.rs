//! Inputs that hold no article: each is a reject that says what it is and what to do.

use std::io::{Cursor, Write};

use crate::common::{asked, told_file, told_file_with};

/// A name, what the file holds, and what it is called.
const FILES: &[(&str, &str, &str)] = &[
    (
        "a.kml",
        "<?xml version=\"1.0\"?><kml xmlns=\"x\"><Placemark/></kml>",
        "XML of no known format, `kml`: name the element",
    ),
    (
        "a.xml",
        "<soap:Envelope xmlns:soap=\"x\"><soap:Body/></soap:Envelope>",
        "XML of no known format, `soap:envelope`",
    ),
    (
        "book.xml",
        "<?xml version=\"1.0\"?><article xmlns=\"http://docbook.org/ns/docbook\"><para>Düne.</para></article>",
        "XML of no known format, `article`",
    ),
    (
        "old.xml",
        "<!DOCTYPE article PUBLIC \"-//OASIS//DTD DocBook XML V4.5//EN\" \"x\" [ <!ENTITY a \"b\"> ]><article><para>Düne.</para></article>",
        "XML of no known format, `article`",
    ),
    (
        "a.txt",
        "<export><row><title>A</title></row></export>",
        "XML of no known format, `export`",
    ),
    (
        "a.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>Düne</text></svg>",
        "a picture (SVG): it holds no text",
    ),
    (
        "index.xml",
        "<sitemapindex><sitemap><loc>https://a.example/1.xml</loc></sitemap></sitemapindex>",
        "a list of sitemaps: ingest the sitemaps",
    ),
    ("lfs.txt", LFS, "a pointer of Git LFS: fetch what it points to with `git lfs pull`"),
    ("lfs.csv", LFS, "a pointer of Git LFS"),
    ("lfs.html", LFS, "a pointer of Git LFS"),
    ("lfs.parquet", LFS, "a pointer of Git LFS"),
    ("annex", "/annex/objects/MD5E-s5--abc.txt\n", "a pointer of git-annex"),
    ("a.md", "# Düne\n\n**bricht**", "Markdown: make HTML of it"),
    ("README", "Düne\n====\n", "a note on a program"),
    ("a.tex", "Düne", "LaTeX"),
    ("b.txt", "\\documentclass{article}", "LaTeX"),
    ("a.rtf", "{\\rtf1\\ansi D\\'fcne}", "`application/rtf`: save it as HTML"),
    ("a.css", "p { color: red }", "a style sheet"),
    ("a.css?ver=6.1", "p { color: red }", "a style sheet"),
    ("a.js", "var a;", "a script"),
    ("a.py", "import os", "a program"),
    ("run", "#!/bin/sh\necho", "a program"),
    ("a.yaml", "a: 1", "a file of settings"),
    ("crawl.log", "Düne", "a log: leave it out with --exclude"),
    (
        "crawl.txt",
        "2024-03-22 05:00:00,123 INFO fetched\n2024-03-22 05:00:01,004 INFO fetched\n",
        "a log",
    ),
    (
        "access",
        "192.0.2.1 - - [22/Mar/2024:05:00:00 +0000] \"GET /\" 200\n192.0.2.7 - - [22/Mar/2024:05:00:01 +0000] \"GET /\" 200\n",
        "a log",
    ),
    ("sys", "Mar 22 05:00:00 host cron: a\nMar 22 05:00:01 host cron: b\n", "a log"),
    (
        "robots.txt",
        "User-agent: *\n",
        "a note to programs: it is for programs that visit a site",
    ),
    ("robots.txt.1", "# all\nUser-agent: *\nDisallow: /a\n", "a note to programs"),
    ("a.eml", "Düne", "an e-mail"),
    (
        "mail",
        "From: a@a.example\nMIME-Version: 1.0\nContent-Type: text/plain\n\nDüne",
        "an e-mail",
    ),
    ("a.ics", "BEGIN:VCALENDAR", "a calendar"),
    ("a.pdf", "%PDF-1.4", "`application/pdf`: make text or HTML of it"),
    ("favicon.ico", "\0\0\u{1}\0", "`image/vnd.microsoft.icon`: it holds no text"),
];

const LFS: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n";

#[test]
fn what_holds_no_article_is_refused_and_says_what_to_do() {
    for (name, bytes, kind) in FILES {
        let told = told_file(name, bytes.as_bytes());
        let expected = format!("{name} 0 @0: unsupported (0 bytes): the file is {kind}");
        assert!(told.starts_with(&expected), "{told}\n{expected}");
        let advice = told.rsplit(": ").next().unwrap_or("");
        assert!(advice.len() > 10 && !told.contains('\n'), "{told}");
    }
}

#[test]
fn text_that_looks_a_little_like_it_is_an_article() {
    for (name, text) in [
        ("a.txt", "<3 ferries, said the mayor."),
        ("b.txt", "<ida> has anybody seen the ferry? <tom> no"),
        ("c.txt", "a < b and b > c"),
        ("d", "05:00 The ferry sails.\n06:00 It is back."),
        ("e.txt", "2024-03-22 was the day on which the ferry sailed."),
        ("f.txt", "From: the harbour master. To: the mayor."),
        ("g.txt", "Version 2 of the timetable is out."),
        ("h.story", "Errors were made.\nWarnings were not heard."),
    ] {
        let told = told_file(name, text.as_bytes());
        let text = text.replace('\n', "⏎");
        assert_eq!(told, format!("{name} 1 @0: {text} [no_headline]"));
    }
}

#[test]
fn a_piece_of_a_page_is_a_page_whatever_tag_it_begins_with() {
    for tag in ["h2", "b", "blockquote", "em", "figure", "ol", "strong"] {
        let told = told_file("a.txt", format!("<{tag}>Düne</{tag}>").as_bytes());
        assert_eq!(told, "a.txt 1 @0: Düne [no_headline]");
    }
}

#[test]
fn documents_of_office_programs_are_known_by_their_parts() {
    for (parts, kind) in [
        (
            &[("[Content_Types].xml", "<x/>"), ("word/document.xml", "<x/>")][..],
            "a Word document (DOCX): save it as HTML or plain text",
        ),
        (
            &[("[Content_Types].xml", "<x/>"), ("xl/workbook.xml", "<x/>")],
            "an Excel workbook (XLSX): save it as CSV",
        ),
        (
            &[("ppt/presentation.xml", "<x/>")],
            "a PowerPoint presentation (PPTX): save it as HTML or plain text",
        ),
        (
            &[
                ("mimetype", "application/vnd.oasis.opendocument.text"),
                ("content.xml", "<x/>"),
            ],
            "a text document (ODT): save it as HTML or plain text",
        ),
        (
            &[("mimetype", "application/vnd.oasis.opendocument.spreadsheet")],
            "a spreadsheet (ODS): save it as CSV",
        ),
        (
            &[("mimetype", "application/epub+zip"), ("a.xhtml", "<p>Düne")],
            "a book (EPUB): save it as HTML or plain text",
        ),
        (
            &[("META-INF/MANIFEST.MF", "x"), ("a.txt", "Düne")],
            "a program (JAR): it holds no text",
        ),
    ] {
        let told = told_file("a.zip", &zipped(parts));
        assert_eq!(
            told,
            format!("a.zip 0 @0: unsupported (0 bytes): the file is {kind}")
        );
    }
    // An archive that holds one goes on behind it.
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default();
    for (name, bytes) in
        [("a.docx", zipped(&[("word/document.xml", "<x/>")])), ("b.txt", "Düne".into())]
    {
        writer.start_file(name, stored).expect("memory takes it");
        writer.write_all(&bytes).expect("memory takes it");
    }
    let archive = writer.finish().expect("memory takes it").into_inner();
    insta::assert_snapshot!(told_file("all.zip", &archive), @r"
    all.zip!a.docx 0 @0: unsupported (0 bytes): the file is a Word document (DOCX): save it as HTML or plain text
    all.zip!b.txt 1 @0: Düne [no_headline]
    ");
}

#[test]
fn records_of_xml_are_read_where_the_user_says_what_one_is() {
    let xml = "<?xml version=\"1.0\"?><export xmlns:a=\"x\">\
        <a:article id=\"7\"><headline>Düne &amp; Watt</headline>\
        <body><p>Düne <b>bricht</b>.</p><p>Nachts.</p></body><writer>Oda Brannic</writer>\
        <date>2024-03-22</date></a:article>\
        <a:article><headline>Zwei</headline><body>Watt &lt; Düne</body></a:article>\
        <a:article><headline>Drei</headline></a:article></export>";
    let options = asked(|asked| {
        asked.xml_record = Some("article".to_owned());
        asked.map = vec![("authors".to_owned(), "writer".to_owned())];
    });
    insta::assert_snapshot!(told_file_with("dump.xml", xml.as_bytes(), &options), @r"
    dump.xml 1 @41: Düne bricht.⏎⏎Nachts. []
    dump.xml 2 @213: Watt < Düne []
    dump.xml 3 @289: no_text (48 bytes): no field holds the text; the record has `headline`
    ");
    let options = asked(|asked| asked.xml_record = Some("story".to_owned()));
    insta::assert_snapshot!(told_file_with("dump.xml", xml.as_bytes(), &options), @"dump.xml 1 @0: no_text (346 bytes): the document has no `story`");
    let options = asked(|asked| asked.xml_record = Some("article".to_owned()));
    let cut = &xml[..xml.find("Zwei").expect("is there")];
    insta::assert_snapshot!(told_file_with("dump.xml", cut.as_bytes(), &options), @r"
    dump.xml 1 @41: Düne bricht.⏎⏎Nachts. []
    dump.xml 2 @213: truncated (21 bytes): the document ends in an article
    ");
}

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default();
    for (name, text) in parts {
        writer.start_file(*name, stored).expect("memory takes it");
        writer.write_all(text.as_bytes()).expect("memory takes it");
    }
    writer.finish().expect("memory takes it").into_inner()
}

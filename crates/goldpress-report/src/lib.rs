//! Numbers to pages: text, Markdown, JSON, HTML

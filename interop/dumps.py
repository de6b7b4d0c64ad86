"""Dumps of crawlers' libraries, made by the libraries themselves: what presets read.

    python interop/dumps.py LIBRARY PAGES OUT [MOST]

LIBRARY is news-please, fundus, scrapy or trafilatura, from PyPI; each wants an environment of
its own. PAGES holds `html/NAME.html.gz` and `ground-truth/NAME.json` with the page's `url`.
"""

import gzip
import json
import sys
from pathlib import Path


def pages(folder, most):
    for path in sorted(Path(folder, "html").glob("*.html.gz"))[:most]:
        name = path.name.removesuffix(".html.gz")
        truth = json.loads(Path(folder, "ground-truth", f"{name}.json").read_text())
        if truth.get("url"):
            yield truth["url"], gzip.decompress(path.read_bytes())


def news_please(pages, out):
    from newsplease import NewsPlease

    for url, html in pages:
        try:
            article = NewsPlease.from_html(html, url=url, fetch_images=False)
        except Exception as error:
            print(f"{url}: {error}", file=sys.stderr)
            continue
        out.write(json.dumps(article.get_serializable_dict()) + "\n")


def trafilatura(pages, out):
    from trafilatura import extract

    for url, html in pages:
        made = extract(html, url=url, output_format="json", with_metadata=True)
        if made:
            out.write(made + "\n")


def fundus(pages, out):
    from collections import defaultdict
    from datetime import datetime
    from urllib.parse import urlsplit

    from fundus import PublisherCollection
    from fundus.scraping.article import Article
    from fundus.scraping.html import HTML, SourceInfo

    host = lambda url: (urlsplit(url).hostname or "").removeprefix("www.")
    publishers = {host(one.domain): one for one in PublisherCollection}
    made = defaultdict(list)
    for url, html in pages:
        publisher = publishers.get(host(url))
        if publisher is None:
            continue
        now = datetime(2024, 3, 22)
        text = html.decode("utf-8", "replace")
        source = HTML(url, url, text, now, SourceInfo(publisher.name))
        found = publisher.parser(now).parse(text, "suppress")
        made[publisher.name].append(Article(html=source, **found))
    # As `Crawler.crawl(save_to_file=...)` keeps them.
    told = json.dumps(made, default=lambda one: one.to_json(), ensure_ascii=False, indent=4)
    out.write(told)


def scrapy(pages, out):
    import tempfile

    from scrapy import Spider
    from scrapy.crawler import CrawlerProcess

    folder = Path(tempfile.mkdtemp())
    addresses = {}
    for n, (url, html) in enumerate(pages):
        (folder / f"{n}.html").write_bytes(html)
        addresses[f"file://{folder}/{n}.html"] = url

    class News(Spider):
        name = "news"
        start_urls = list(addresses)

        def parse(self, response):
            meta = lambda name: response.xpath(f"//meta[@name='{name}']/@content").get()
            yield {
                "url": addresses[response.url],
                "title": response.css("title::text").get(),
                "author": meta("author"),
                "date": response.xpath(
                    "//meta[@property='article:published_time']/@content"
                ).get(),
                "content": "\n\n".join(
                    " ".join(p.css("::text").getall()) for p in response.css("p")
                ),
            }

    out.close()
    feeds = {out.name: {"format": "jsonlines"}}
    process = CrawlerProcess({"FEEDS": feeds, "LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS": 1})
    process.crawl(News)
    process.start()


if __name__ == "__main__":
    library, folder, path = sys.argv[1:4]
    most = int(sys.argv[4]) if len(sys.argv) > 4 else None
    make = {
        "news-please": news_please,
        "fundus": fundus,
        "scrapy": scrapy,
        "trafilatura": trafilatura,
    }[library]
    with open(path, "w", encoding="utf-8") as out:
        make(pages(folder, most), out)

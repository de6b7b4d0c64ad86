"""Scores bodies, lines of plain text and fields of WCXB's development pages beside peers.

    python benches/content.py --example PROGRAM --data WCXB --cache FOLDER [--date DAY] [--floor FILE]

`--example` is `crates/goldpress/examples/content.rs`, built: it answers with weights that
were fitted on the hosts of other folds. Peers get the same pages, and of the plain texts
each line as a paragraph; their answers are kept in `--cache` by name and version. Prints
the tables; with `--date` writes them to `reports/DAY/content.md` and `content.csv`, never
twice. With `--floor`, exits 1 where a figure of ours is below its line.

Word F1 and 4-shingle F1 count repeats, in lower case, and are means over pages; line F1 is
over the lines of which at least half stands in the gold body. Fields are counted on pages
whose gold has the field. Intervals are 95 %, of paired differences, by resampling hosts.
"""

import argparse
import collections
import csv
import gzip
import importlib.metadata
import json
import multiprocessing
import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

import numpy

ROOT = Path(__file__).resolve().parent.parent
SHAPES = ["text", "tight", "wrapped"]
WORD = re.compile(r"\w+")
US = "goldpress"


# --- Peers: one page to body, title, authors and date -----------------------------------

def trafilatura(html, **mode):
    from trafilatura import bare_extraction

    found = bare_extraction(html, with_metadata=True, include_comments=False, **mode)
    if found is None:
        return {}
    found = found.as_dict()
    authors = [name.strip() for name in (found.get("author") or "").split(";") if name.strip()]
    return {"body": found.get("text") or "", "title": found.get("title"), "authors": authors, "date": found.get("date")}


def trafilatura_precision(html):
    return trafilatura(html, favor_precision=True)


def trafilatura_recall(html):
    return trafilatura(html, favor_recall=True)


def readability_lxml(html):
    from lxml.html import fromstring
    from readability import Document

    document = Document(html)
    tree = fromstring(document.summary())
    lines = (" ".join(part.split()) for part in tree.itertext())
    return {"body": "\n".join(line for line in lines if line), "title": document.short_title()}


def resiliparse(html):
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    return {"body": extract_plain_text(HTMLTree.parse(html), main_content=True, alt_texts=False, links=False)}


def justext(html):
    import justext as peer

    paragraphs = peer.justext(html, peer.get_stoplist("English"))
    return {"body": "\n".join(one.text for one in paragraphs if not one.is_boilerplate)}


def boilerpy3(html):
    from boilerpy3.extractors import ArticleExtractor

    found = ArticleExtractor(raise_on_failure=False).get_doc(html)
    return {"body": found.content, "title": found.title}


PEERS = {
    "trafilatura": (trafilatura, "trafilatura"),
    "trafilatura, precision": (trafilatura_precision, "trafilatura"),
    "trafilatura, recall": (trafilatura_recall, "trafilatura"),
    "readability-lxml": (readability_lxml, "readability-lxml"),
    "resiliparse": (resiliparse, "resiliparse"),
    "jusText": (justext, "jusText"),
    "boilerpy3": (boilerpy3, "boilerpy3"),
}
PEERS_ON_TEXT = ["trafilatura", "trafilatura, recall", "resiliparse", "jusText"]


def asked(task):
    """One answer of a peer; a crash is an empty answer."""
    name, html = task
    try:
        return PEERS[name][0](html)
    except Exception as error:  # noqa: BLE001, whatever it is, it is an outcome
        return {"failed": f"{type(error).__name__}: {error}"[:200]}


def answers_of(name, kind, pages, cache):
    """The answers of a peer to all pages, from the cache where they are there."""
    version = importlib.metadata.version(PEERS[name][1])
    path = cache / f"{name.replace(', ', '-')}-{version}-{kind}.json"
    if path.exists():
        kept = json.loads(path.read_text())
        if kept.keys() == pages.keys():
            return kept
    tasks = ((name, html) for html in pages.values())
    with multiprocessing.Pool() as pool:
        found = dict(zip(pages, pool.imap(asked, tasks, chunksize=4), strict=True))
    path.write_text(json.dumps(found))
    return found


def as_markup(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    lines = (line for line in escaped.splitlines() if line.strip())
    return "<html><body>" + "".join(f"<p>{line}</p>\n" for line in lines) + "</body></html>"


# --- Scores ------------------------------------------------------------------------------

def words(text):
    return WORD.findall((text or "").lower())


def f1(found, gold):
    both = sum((found & gold).values())
    total = sum(found.values()) + sum(gold.values())
    return 2 * both / total if total else 1.0


def shingles(words, n=4):
    if len(words) < n:
        return collections.Counter([tuple(words)] if words else [])
    return collections.Counter(tuple(words[at : at + n]) for at in range(len(words) - n + 1))


def body_scores(body, gold):
    body = words(body)
    return f1(collections.Counter(body), gold["words"]), f1(shingles(body), gold["shingles"])


def line_f1(found, gold):
    both = sum(a and b for a, b in zip(found, gold, strict=True))
    total = sum(found) + sum(gold)
    return 2 * both / total if total else 1.0


def lines_of(text):
    return [line for line in text.splitlines() if line.strip()]


def kept_lines(body, lines):
    """Which lines of a text are in the body that a peer gives, joined or not."""
    held = shingles(words(body))
    whole = {" ".join(words(line)) for line in (body or "").splitlines()}

    def is_kept(line):
        own = words(line)
        if len(own) < 4:
            return " ".join(own) in whole
        runs = shingles(own)
        return sum((runs & held).values()) * 2 >= sum(runs.values())

    return [is_kept(line) for line in lines]


def letters(text):
    folded = unicodedata.normalize("NFKD", text or "").casefold()
    return "".join(c for c in folded if c.isalnum())


def people(names):
    parts = (part for name in names for part in re.split(r",| and | & |;|\|", name or ""))
    return {letters(part) for part in parts if letters(part)}


def field_counts(answers, gold):
    """(right, given, in gold) for each field, over pages whose gold has it."""
    counts = {"title": [0, 0, 0], "authors": [0, 0, 0], "date": [0, 0, 0]}
    for page, want in gold.items():
        answer = answers.get(page, {})
        for field, own, other in [
            ("title", {letters(answer.get("title"))} - {""}, {letters(want["title"])} - {""}),
            ("authors", people(answer.get("authors") or []), people([want["author"]])),
            ("date", {(answer.get("date") or "")[:10]} - {""}, {(want["date"] or "")[:10]} - {""}),
        ]:
            if other:
                for at, n in enumerate([len(own & other), len(own), len(other)]):
                    counts[field][at] += n
    return counts


def interval(ours, theirs, hosts, rounds=2000):
    """Mean of paired differences and its interval, by resampling hosts."""
    differences = numpy.array(ours) - numpy.array(theirs)
    _, numbers = numpy.unique(hosts, return_inverse=True)
    sums = numpy.bincount(numbers, weights=differences)
    counts = numpy.bincount(numbers)
    chosen = numpy.random.default_rng(1).integers(0, len(sums), (rounds, len(sums)))
    means = sums[chosen].sum(1) / counts[chosen].sum(1)
    low, high = numpy.percentile(means, [2.5, 97.5])
    return differences.mean(), low, high


# --- The tables ----------------------------------------------------------------------------

def gold_of(data):
    gold = {}
    for path in sorted((data / "ground-truth").glob("*.json")):
        page = json.loads(path.read_text())
        truth = page["ground_truth"]
        own = words(truth.get("main_content"))
        gold[path.stem] = {
            "kind": page["_internal"]["page_type"]["primary"],
            "words": collections.Counter(own), "shingles": shingles(own),
            "title": truth.get("title"), "author": truth.get("author"), "date": truth.get("publish_date"),
        }
    return gold


def ours(example, data, models):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answers.jsonl"
        subprocess.run([example, data, file, *([models] if models else [])], check=True)
        found = collections.defaultdict(dict)
        for line in file.open():
            answer = json.loads(line)
            found[answer["shape"]][answer["page"]] = answer
        return found


class Table:
    """Rows of one table, for people and for machines."""

    def __init__(self, title, columns):
        self.title, self.columns, self.rows = title, columns, []

    def markdown(self):
        rule = [":---"] + ["---:"] * (len(self.columns) - 1)
        rows = [self.columns, rule, *self.rows]
        lines = ("| " + " | ".join(map(str, row)) + " |" for row in rows)
        return f"### {self.title}\n\n" + "\n".join(lines) + "\n"


def compared(title, columns, scores, hosts, pages):
    """A table of mean scores, and how far ours leads by each."""
    table = Table(f"{title} · {len(pages)}", ["system", *columns, *(f"lead by {name}" for name in columns)])
    own = [[scores[US][page][at] for page in pages] for at in range(len(columns))]
    at_hosts = [hosts[page] for page in pages]
    order = sorted(scores, key=lambda name: -sum(scores[name][page][0] for page in pages))
    for name in order:
        theirs = [[scores[name][page][at] for page in pages] for at in range(len(columns))]
        row = [name, *(f"{sum(one) / len(pages):.4f}" for one in theirs)]
        for mine, other in zip(own, theirs, strict=True):
            if name == US:
                row.append("–")
                continue
            mean, low, high = interval(mine, other, at_hosts)
            row.append(f"{100 * mean:+.2f} ({100 * low:+.2f} … {100 * high:+.2f})")
        table.rows.append(row)
    return table


def page_tables(found, peers, gold, hosts):
    answers = {US: found["page"], **peers}
    scores = {
        name: {page: body_scores(of.get(page, {}).get("body"), gold[page]) for page in gold}
        for name, of in answers.items()
    }
    kinds = [("article pages", ["article"]), ("all pages", sorted({one["kind"] for one in gold.values()}))]
    columns = ["word F1", "4-shingle F1"]
    for title, of in kinds:
        pages = [page for page in gold if gold[page]["kind"] in of]
        yield compared(title, columns, scores, hosts, pages)
    by_kind = Table("word F1 by kind of page", ["system", *kinds[1][1]])
    for name, of in scores.items():
        means = []
        for kind in kinds[1][1]:
            pages = [page for page in gold if gold[page]["kind"] == kind]
            means.append(f"{sum(of[page][0] for page in pages) / len(pages):.3f}")
        by_kind.rows.append([name, *means])
    yield by_kind


def field_table(found, peers, gold):
    table = Table("fields", ["system", *(f"{field} {side}" for field in ["title", "authors", "date"] for side in "PR")])
    for name, of in {US: found["page"], **peers}.items():
        row = [name]
        for right, given, wanted in field_counts(of, gold).values():
            row += [f"{right / given:.3f}" if given else "–", f"{right / wanted:.3f}"]
        if row[1] != "–":
            table.rows.append(row)
    return table


def text_tables(found, gold, hosts, cache):
    for shape in SHAPES:
        texts = found[shape]
        pages = [page for page in texts if gold[page]["kind"] == "article"]
        scores = {US: {}, "lines of ten words": {}}
        peers = {}
        if shape == "text":
            markup = {page: as_markup(texts[page]["text"]) for page in pages}
            peers = {name: answers_of(name, "lines", markup, cache) for name in PEERS_ON_TEXT}
            scores.update({name: {} for name in peers})
        for page in pages:
            answer = texts[page]
            lines, want = lines_of(answer["text"]), answer["gold_lines"]
            long = [len(line.split()) >= 10 for line in lines]
            ten = "\n".join(line for line, is_long in zip(lines, long, strict=True) if is_long)
            scores[US][page] = (*body_scores(answer["body"], gold[page]), line_f1(answer["lines"], want))
            scores["lines of ten words"][page] = (*body_scores(ten, gold[page]), line_f1(long, want))
            for name, of in peers.items():
                body = of[page].get("body")
                scores[name][page] = (*body_scores(body, gold[page]), line_f1(kept_lines(body, lines), want))
        yield compared(f"article pages as {shape}", ["word F1", "4-shingle F1", "line F1"], scores, hosts, pages)


def below_floor(tables, floor):
    """Figures of ours below the line that the floor draws: table, column, least."""
    for title, column, least in csv.reader(floor.read_text().splitlines(), delimiter="\t"):
        [table] = [one for one in tables if one.title.split(" ·")[0] == title]
        [row] = [row for row in table.rows if row[0] == US]
        figure = float(row[table.columns.index(column)])
        if figure < float(least):
            yield f"{title}: {column} is {figure}, not {least} or more"


def write(tables, folder):
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "content.md").open("x") as file:
        file.write("\n".join(table.markdown() for table in tables))
    with (folder / "content.csv").open("x", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["table", "system", "figure", "value"])
        for table in tables:
            for row in table.rows:
                rows.writerows([table.title, row[0], *pair] for pair in zip(table.columns[1:], row[1:], strict=True))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--example", required=True, type=Path)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--cache", required=True, type=Path)
    parser.add_argument("--models", type=Path, help="folder of weights of the folds, kept between runs")
    parser.add_argument("--date")
    parser.add_argument("--floor", type=Path)
    args = parser.parse_args()
    if not args.data.is_dir():
        print(f"skipped: there are no pages in {args.data}")
        return 0
    args.cache.mkdir(parents=True, exist_ok=True)
    gold = gold_of(args.data)
    found = ours(args.example, args.data, args.models)
    hosts = {page: answer["host"] for page, answer in found["page"].items()}
    for page in gold:
        hosts.setdefault(page, page)
    markup = {page: gzip.decompress((args.data / f"html/{page}.html.gz").read_bytes()).decode("utf-8", "replace") for page in gold}
    peers = {name: answers_of(name, "pages", markup, args.cache) for name in PEERS}
    tables = [*page_tables(found, peers, gold, {page: str(host) for page, host in hosts.items()})]
    tables.append(field_table(found, peers, gold))
    tables += text_tables(found, gold, hosts, args.cache)
    print("\n".join(table.markdown() for table in tables))
    if args.date:
        write(tables, ROOT / "reports" / args.date)
    faults = list(below_floor(tables, args.floor)) if args.floor else []
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

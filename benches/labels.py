"""Times label verbs on ten thousand articles of twenty annotations each.

    python3 benches/labels.py GOLDPRESS FOLDER [ARTICLES]

FOLDER is made; one that is there already is refused, since file systems that are still busy
forgetting twenty thousand files make new ones several times as slowly.

The articles are made of a fixed list of words, without random numbers, and are fictional.
Printed are CPU seconds (user and system, all threads) and wall seconds of each verb.
"""

import json
import pathlib
import resource
import subprocess
import sys
import time

PLACES = ["Port Aldery", "Varnholt", "Orlec", "Velmark", "Saint Orrin", "Elmsworth"]
PEOPLE = ["Ada Brandt", "Jon Tully", "Mira Vantress", "Oskar Lindqvist"]
VERBS = ["visited", "left", "praised", "criticised", "rebuilt", "mapped", "sold"]
THINGS = ["the old harbour", "a new bridge", "the ferry line", "its grain stores"]
SPANS = 20


def article(n):
    """A text of twenty names, and where each stands."""
    lines, spans, at = [f"Report {n} from the coast"], [], 0
    at = len(lines[0]) + 1
    for k in range(SPANS // 2):
        who = PEOPLE[(n + k) % len(PEOPLE)]
        where = PLACES[(n * 7 + k) % len(PLACES)]
        what = THINGS[(n + 3 * k) % len(THINGS)]
        verb = VERBS[(n * 5 + k) % len(VERBS)]
        line = (
            f"On day {n * 31 + k} {who} {verb} {what} near {where}, and the report that "
            f"was read out in the town hall on the same evening named {n % 97 + k} more "
            "people who had worked on it through the whole of a long and cold winter."
        )
        for label, name in (("PERSON", who), ("GPE", where)):
            start = at + line.index(name)
            spans.append((label, start, name))
        lines.append(line)
        at += len(line) + 1
    return "\n".join(lines), spans


def told(spans, n, annotator):
    """Lines of one annotator; the second cuts one name in twenty shorter."""
    for k, (label, start, name) in enumerate(spans):
        if annotator == "bo" and (n + k) % SPANS == 0:
            name = name.split(" ")[0]
        yield {
            "layer": "entity", "label": label, "fragments": [[start, start + len(name)]],
            "text": name, "attrs": {"mention": "NAM"},
        }


def prepare(folder, n_articles):
    if folder.exists():
        sys.exit(f"{folder} is there already: remove it, and wait a moment")
    for annotator in ("ada", "bo"):
        (folder / annotator).mkdir(parents=True)
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as articles:
        for n in range(1, n_articles + 1):
            text, spans = article(n)
            articles.write(json.dumps({"text": text}) + "\n")
            for annotator in ("ada", "bo"):
                path = folder / annotator / f"articles.{n}.jsonl"
                lines = map(json.dumps, told(spans, n, annotator))
                path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def timed(name, *command):
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    last = (ended.stderr.strip().splitlines() or ended.stdout.strip().splitlines() or [""])[-1]
    print(f"{name:<24} {cpu:6.2f} s CPU  {wall:6.2f} s wall   exit {ended.returncode}   {last}")


def main():
    goldpress, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    prepare(folder, int(sys.argv[3]) if len(sys.argv) > 3 else 10_000)
    news = str(folder / "news")
    timed("ingest", goldpress, "ingest", str(folder / "articles.jsonl"), "-o", news)
    for annotator in ("ada", "bo"):
        timed(
            f"label import ({annotator})", goldpress, "label", "import",
            str(folder / annotator), "--from", "jsonl", "--as", annotator,
            "--reviewed", "entity", "--dataset", news,
        )
    timed("label check", goldpress, "label", "check", news)
    timed("label check, one set", goldpress, "label", "check", news, "--set", "ada")
    timed("label build", goldpress, "label", "build", news)
    agree = [goldpress, "label", "agree", news, "--sets", "ada,bo"]
    timed("label agree, figures", *agree, "--resamples", "0")
    timed("label agree", *agree)


if __name__ == "__main__":
    main()

"""Times the evaluator beside its peers: 20,000 documents of 20 gold spans.

    python benches/eval.py --target TARGET-FOLDER [--documents N] [--rounds N]

From memory: five metrics, cells, the table of labels and a comparison with 1,000 resamples
(the example `speed` of goldpress-eval; `make` is what making the documents costs) beside
nervaluate and seqeval, which score one run without resamples. As a whole command:
`goldpress eval --run`, from Parquet to a report. Each is a process of its own on one core;
CPU time is user and system time, memory is VmHWM. Prints ratios and writes
`reports/DATE/eval.csv`, which is never written twice.
"""

import argparse
import importlib.metadata
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import ingest
import labels

COLUMNS = ["work", "contender", "version", "round", "documents", "cpu_s", "wall_s", "peak_mib"]
LABELS = ["EVENT", "FAC", "GPE", "LAW", "LOC", "NORP", "ORG", "PERSON"]
SPANS, STEP, LENGTH = 20, 30, 9


def spans(seed):
    """Gold and answer of a document as (label, start, end), as `benches/made.rs` lays them."""
    gold, answer = [], []
    for at in range(SPANS):
        start, label = at * STEP, LABELS[(at * 3 + seed) % 8]
        gold.append((label, start, start + LENGTH))
        kind = (at + seed) % 10
        if kind == 0:
            answer.append((label, start, start + LENGTH + 2))
        elif kind == 1:
            answer.append((LABELS[(at + seed + 1) % 8], start, start + LENGTH))
        elif kind == 3:
            answer.append((label, start + 3, start + LENGTH + 3))
        elif kind != 2:
            answer.append((label, start, start + LENGTH))
    return gold, answer


def with_nervaluate(n):
    from nervaluate import Evaluator

    told = lambda all_spans: [{"label": label, "start": start, "end": end} for label, start, end in all_spans]
    pairs = [tuple(map(told, spans(seed))) for seed in range(n)]
    gold, answers = map(list, zip(*pairs))
    Evaluator(gold, answers, tags=LABELS, loader="dict").evaluate()


def with_seqeval(n, mode):
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    def tags(all_spans):
        # A token is three characters.
        line = ["O"] * (SPANS * STEP // 3 + 4)
        for label, start, end in all_spans:
            first, last = start // 3, -(-end // 3)
            line[first:last] = [f"B-{label}"] + [f"I-{label}"] * (last - first - 1)
        return line

    pairs = [tuple(map(tags, spans(seed))) for seed in range(n)]
    gold, answers = map(list, zip(*pairs))
    options = {"mode": "strict", "scheme": IOB2} if mode == "strict" else {}
    classification_report(gold, answers, **options)


PEERS = {
    "nervaluate": lambda n: with_nervaluate(n),
    "seqeval, default": lambda n: with_seqeval(n, "default"),
    "seqeval, strict": lambda n: with_seqeval(n, "strict"),
}


def dataset(goldpress, folder, n):
    """A dataset with gold, and a run of answers of which every tenth is wrong."""
    news, gold = folder / "news", folder / "gold"
    gold.mkdir()
    answers = [json.dumps({"goldpress": 1, "type": "ready", "name": "acme", "version": "1", "tasks": ["entity"]})]
    lines_of = {}
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as articles:
        for number in range(1, n + 1):
            text, found = labels.article(number)
            url = f"https://outlet-{number % 97}.example/{number}"
            articles.write(json.dumps({"text": text, "url": url}) + "\n")
            lines = list(labels.told(found, number, "ada"))
            (gold / f"articles.{number}.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n")
            lines_of[f"articles.jsonl:{number}"] = lines
    run = lambda *command: subprocess.run([goldpress, *command, "-q"], check=True)
    run("ingest", folder / "articles.jsonl", "-o", news)
    run("label", "import", gold, "--from", "jsonl", "--as", "gold", "--reviewed", "entity", "--dataset", news)
    run("label", "build", news)
    ids = read_ids(news)
    for number, doc in ids.items():
        lines = lines_of[f"articles.jsonl:{number}"]
        kept = [line for at, line in enumerate(lines) if (number + at) % 10]
        answers.append(json.dumps({"type": "result", "id": doc, "annotations": kept}))
    (folder / "acme.jsonl").write_text("\n".join(answers) + "\n")
    run("eval", news, "--predictions", folder / "acme.jsonl", "--fail-on", "none")
    return news, sorted(path.name for path in (news / "runs").iterdir())[-1]


def read_ids(news):
    """doc_id by the number of the record."""
    import pyarrow.parquet

    ids = {}
    for part in sorted((news / "articles").glob("*.parquet")):
        table = pyarrow.parquet.read_table(part, columns=["doc_id", "record"])
        ids.update(zip(table["record"].to_pylist(), table["doc_id"].to_pylist()))
    return ids


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", type=Path, help="release folder of cargo")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        PEERS[arguments.peer](arguments.documents)
        return
    goldpress = arguments.target / "goldpress"
    speed = arguments.target / "examples" / "speed"
    version = subprocess.run([goldpress, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    peer = lambda name: [sys.executable, __file__, "--peer", name, "--documents", str(arguments.documents)]
    rows = []
    with tempfile.TemporaryDirectory(prefix="goldpress-bench-") as name:
        news, run_id = dataset(goldpress, Path(name), arguments.documents)
        tasks = [
            ("memory", "goldpress", version, [speed, "score"], arguments.rounds),
            ("memory", "goldpress, making documents", version, [speed, "make"], arguments.rounds),
            ("command", "goldpress eval --run", version, [goldpress, "eval", news, "--run", run_id, "--fail-on", "none"], arguments.rounds),
        ]
        for contender in PEERS:
            package = contender.split(",")[0]
            tasks.append(("memory", contender, importlib.metadata.version(package), peer(contender), 1))
        for number in range(1, arguments.rounds + 1):
            for work, contender, of, command, most in tasks:
                if number > most:
                    continue
                code, _, cpu, wall, peak = ingest.run(command, 1)
                if code != 0:
                    sys.exit(f"{contender} ended with {code}: its time would not count")
                row = [work, contender, of, number, arguments.documents, f"{cpu:.3f}", f"{wall:.3f}", f"{peak:.1f}"]
                rows.append(dict(zip(COLUMNS, row)))
                print(f"  round {number} {contender:<32} {cpu:8.2f} s CPU {peak:8.0f} MiB", file=sys.stderr)
    path = ingest.write(rows, "eval", COLUMNS, f"documents {arguments.documents}")
    report(rows)
    print(f"\n{path}")


def report(rows):
    def middle(contender, key):
        return statistics.median(float(row[key]) for row in rows if row["contender"] == contender)

    own = middle("goldpress", "cpu_s") - middle("goldpress, making documents", "cpu_s")
    print("\nfrom memory, documents made apart, two systems and their comparison:")
    print(f"  goldpress {own:.2f} s CPU, {middle('goldpress', 'peak_mib'):.0f} MiB   goal < 1 s, < 100 MB")
    for contender in PEERS:
        cpu, peak = middle(contender, "cpu_s"), middle(contender, "peak_mib")
        print(f"  {contender:<20} {cpu:7.2f} s CPU, {peak:5.0f} MiB   one system, no comparison: {cpu / own:.0f} x")
    cpu, peak = middle("goldpress eval --run", "cpu_s"), middle("goldpress eval --run", "peak_mib")
    print(f"as a whole command: {cpu:.2f} s CPU, {peak:.0f} MiB")


if __name__ == "__main__":
    main()

"""Times `goldpress ingest` against a floor and its peers, on files made up by a seed.

    python benches/ingest.py --target TARGET-FOLDER [--pages N] [--rounds N] [--seed N]

Contenders run in turn, several rounds, each alone on one core. CPU time is user and
system time of the process; memory is its VmHWM. A time counts only where the number of
documents is right. Prints ratios beside the goals and writes `reports/DATE/ingest.csv`,
which is never written twice: a second run of a day adds its number.
"""

import argparse
import csv
import datetime
import importlib.metadata
import itertools
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.compute
import pyarrow.parquet

HERE = Path(__file__).resolve().parent
COLUMNS = ["work", "contender", "version", "round", "documents", "input_bytes", "undone_bytes", "cpu_s", "wall_s", "peak_mib"]


class Task:
    """A command, what it works on, and how its answer is counted."""

    def __init__(self, work, contender, version, file, command, count, cores=1, rounds=None):
        self.work, self.contender, self.version, self.file = work, contender, version, file
        self.command, self.count, self.cores, self.rounds = command, count, cores, rounds


class File:
    """An input: its path, documents, and size with compression undone."""

    def __init__(self, path, documents, undone):
        self.path, self.documents, self.undone = path, documents, undone
        self.size = size_of(path)


def size_of(path):
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size


def run(command, cores):
    """Runs a command on the first cores; gives its output, CPU, wall time, peak memory."""
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    with tempfile.TemporaryFile() as out:
        began = time.monotonic()
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, allowed))
        peak = 0
        while True:
            # What a child's resource usage says of memory holds its parent's peak too.
            peak = max(peak, peak_kib(child.pid))
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            time.sleep(0.005)
        wall = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return child.returncode, out.read(), usage.ru_utime + usage.ru_stime, wall, peak / 1024


def peak_kib(pid):
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def bytes_of_bodies(dataset):
    parts = (dataset / "articles").glob("*.parquet")
    columns = (pyarrow.parquet.read_table(part, columns=["body"]).column("body") for part in parts)
    return sum(pyarrow.compute.sum(pyarrow.compute.binary_length(column)).as_py() for column in columns)


def inputs(goldpress, corpus, folder, n, seed):
    """Makes the files, each with how many documents it holds."""

    def made(kind, count, name):
        path = folder / name
        subprocess.run([corpus, kind, str(count), str(seed), path], check=True)
        packed = path.suffix == ".gz"
        undone = int(subprocess.run(f"igzip -dc '{path}' | wc -c", shell=True, capture_output=True, check=True).stdout) if packed else size_of(path)
        return File(path, count, undone)

    kept = folder / "kept"
    dump = made("jsonl", 10 * n, "dump.jsonl")
    subprocess.run([goldpress, "ingest", dump.path, "-o", kept, "--quiet"], check=True)
    return {
        "pages": made("warc", n, "pages.warc.gz"),
        "tenth": made("warc", max(n // 10, 1), "tenth.warc.gz"),
        "tenfold": made("warc", 10 * n, "tenfold.warc.gz"),
        "jsonl": dump,
        # Undone are the bodies, which is what is looked at.
        "kept": File(kept, dump.documents, bytes_of_bodies(kept)),
        "text": made("text", 5 * n, "texts"),
    }


def tasks(goldpress, rendered, files, scratch):
    version = subprocess.run([goldpress, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    igzip = subprocess.run(["igzip", "--version"], capture_output=True, text=True).stdout.split()[-1]
    counter = itertools.count()

    def ingest(work, file, contender="goldpress", *more, cores=1, rounds=None):
        def command():
            folder = scratch / f"dataset-{next(counter)}"
            return [goldpress, "ingest", file.path, "-o", folder, "--quiet", "--threads", str(cores), *more]

        def count(command, _):
            manifest = json.loads((command[4] / "manifest.json").read_text())
            shutil.rmtree(command[4])
            return manifest["tables"]["articles"]["rows"]

        return Task(work, contender, version, file, command, count, cores=cores, rounds=rounds)

    def peer(work, name, package, file, rounds=None):
        def command():
            folder = scratch / f"peer-{next(counter)}"
            folder.mkdir()
            return [sys.executable, HERE / "peers.py", name, file.path, folder]

        return Task(work, name, importlib.metadata.version(package), file, command, lambda _, out: int(out.split()[-1]), rounds=rounds)

    def dedup(cores):
        table = kept.path / "dedup.parquet"

        def command():
            table.unlink(missing_ok=True)
            return [goldpress, "dedup", kept.path, "--quiet"]

        def count(*_):
            return pyarrow.parquet.read_metadata(table).num_rows

        return Task("dedup", f"goldpress, {cores} threads" if cores > 1 else "goldpress", version, kept, command, count, cores=cores)

    pages, tenth, kept = files["pages"], files["tenth"], files["kept"]
    # What it gives was counted when the file was made; `-t` undoes it and checks its sums.
    yield Task("floor", "igzip -d", igzip, pages, lambda: ["igzip", "-t", pages.path], lambda *_: pages.documents)
    yield Task("render", "goldpress, no roles or fields", version, pages, lambda: [rendered, pages.path], lambda _, out: int(out.split()[0]))
    yield ingest("pages", pages, "goldpress", "--no-raw")
    yield ingest("pages", pages, "goldpress, raw bytes kept")
    yield ingest("growth", pages, "goldpress, 2 threads", cores=2)
    yield ingest("growth", files["tenfold"], "goldpress, ten times", rounds=2)
    yield ingest("growth", files["tenfold"], "goldpress, ten times, 2 threads", cores=2, rounds=2)
    yield ingest("jsonl", files["jsonl"])
    yield ingest("text", files["text"])
    yield dedup(1)
    yield dedup(2)
    yield peer("dedup", "rensa", "rensa", kept, rounds=2)
    yield peer("dedup", "datasketch", "datasketch", kept, rounds=2)
    # Peers that take minutes work on a tenth.
    yield peer("render", "datatrove, reader alone", "datatrove", tenth)
    yield peer("render", "resiliparse, plain text", "resiliparse", tenth)
    yield peer("render", "resiliparse, DOM alone", "resiliparse", tenth)
    yield peer("pages", "trafilatura alone", "trafilatura", tenth, rounds=2)
    yield peer("pages", "datatrove + trafilatura", "datatrove", tenth, rounds=2)
    yield peer("jsonl", "datatrove, JSONL", "datatrove", files["jsonl"], rounds=2)


def measure(all_tasks, rounds):
    rows = []
    for number in range(1, rounds + 1):
        for task in all_tasks:
            if number > (task.rounds or rounds):
                continue
            command = task.command()
            code, out, cpu, wall, peak = run(command, task.cores)
            found = task.count(command, out) if code == 0 else 0
            if found != task.file.documents:
                sys.exit(f"{task.work}: {task.contender} gave {found} documents of {task.file.documents} (exit {code}): its time would not count")
            row = [task.work, task.contender, task.version, number, found, task.file.size, task.file.undone, f"{cpu:.3f}", f"{wall:.3f}", f"{peak:.1f}"]
            rows.append(dict(zip(COLUMNS, row)))
            print(f"  round {number} {task.contender:<32} {cpu:8.2f} s CPU {peak:8.0f} MiB", file=sys.stderr)
    return rows


class Medians:
    """Middle times and memory of every contender of a work."""

    def __init__(self, rows):
        self.rows = rows

    def _of(self, work, contender):
        return [row for row in self.rows if (row["work"], row["contender"]) == (work, contender)]

    def cpu(self, work, contender):
        return statistics.median(float(row["cpu_s"]) for row in self._of(work, contender))

    def undone(self, work, contender):
        return self._of(work, contender)[0]["undone_bytes"]

    def per_byte(self, work, contender):
        return self.cpu(work, contender) / self.undone(work, contender)

    def docs_per_s(self, work, contender):
        return self._of(work, contender)[0]["documents"] / self.cpu(work, contender)

    def mb_per_s(self, work, contender):
        return 1e-6 / self.per_byte(work, contender)

    def peak(self, work, contender):
        return max(float(row["peak_mib"]) for row in self._of(work, contender))


def report(rows):
    """Ratios of this run beside the goals."""
    of = Medians(rows)
    floor = of.per_byte("floor", "igzip -d")
    names = dict.fromkeys((row["work"], row["contender"]) for row in rows)
    print(f"\n{'':<42}{'x igzip':>9}{'MB/s':>9}{'docs/s':>9}{'MiB':>7}")
    for work, name in names:
        print(f"{work + ': ' + name:<42}{of.per_byte(work, name) / floor:9.1f}{of.mb_per_s(work, name):9.1f}{of.docs_per_s(work, name):9.0f}{of.peak(work, name):7.0f}")
    peers = of.docs_per_s("pages", "goldpress") / of.docs_per_s("pages", "datatrove + trafilatura")
    # By threads: the pages, and ten times as many.
    grown = {
        1: (("pages", "goldpress, raw bytes kept"), ("growth", "goldpress, ten times")),
        2: (("growth", "goldpress, 2 threads"), ("growth", "goldpress, ten times, 2 threads")),
    }
    growth = max(of.cpu(*big) / of.cpu(*small) for small, big in grown.values())
    peaks = [(of.peak(*small), of.peak(*big)) for small, big in grown.values()]
    goals = [
        ("pages rendered, no roles or fields, x igzip", of.per_byte("render", "goldpress, no roles or fields") / floor, "<=", 14),
        ("pages to Parquet with everything, x igzip", of.per_byte("pages", "goldpress") / floor, "<=", 20),
        ("the same, docs/s of datatrove + trafilatura", peers, ">=", 12),
        ("JSONL to Parquet, MB/s", of.mb_per_s("jsonl", "goldpress"), ">=", 150),
        ("plain text to Parquet, MB/s", of.mb_per_s("text", "goldpress"), ">=", 150),
        ("10 x the input, x CPU", growth, "<=", 10.3),
        ("near-duplicates, docs/s", of.docs_per_s("dedup", "goldpress"), ">=", 15_000),
        ("the same, docs/s of rensa", of.docs_per_s("dedup", "goldpress") / of.docs_per_s("dedup", "rensa"), ">=", 6),
        ("peak memory of near-duplicates, MiB", of.peak("dedup", "goldpress"), "<=", 150),
        ("peak memory at 2 threads, MiB", max(peaks[1]), "<=", 300),
        ("10 x the input, x peak memory", max(big / small for small, big in peaks), "<=", 1.1),
    ]
    print()
    for what, value, sign, goal in goals:
        met = value <= goal if sign == "<=" else value >= goal
        print(f"{'met   ' if met else 'MISSED'} {what:<46}{value:8.1f}   goal {sign} {goal}")


def machine():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    cpu = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"


def write(rows, name, columns, about):
    """Writes the rows to a new file of today."""
    folder = HERE.parent / "reports" / datetime.date.today().isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        path = folder / (f"{name}.csv" if number == 1 else f"{name}-{number}.csv")
        try:
            file = open(path, "x", newline="")
        except FileExistsError:
            continue
        with file:
            file.write(f"# {machine()}; {about}\n")
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", type=Path, required=True, help="release folder of cargo")
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=42)
    arguments = parser.parse_args()
    if shutil.which("igzip") is None:
        sys.exit("igzip is missing: it comes with the Debian package `isal`")
    examples = arguments.target / "examples"
    with tempfile.TemporaryDirectory(prefix="goldpress-bench-") as name:
        folder = Path(name)
        goldpress = arguments.target / "goldpress"
        files = inputs(goldpress, examples / "corpus", folder, arguments.pages, arguments.seed)
        every = list(tasks(goldpress, examples / "rendered", files, folder))
        rows = measure(every, arguments.rounds)
    path = write(rows, "ingest", COLUMNS, f"pages {arguments.pages}, seed {arguments.seed}")
    report(rows)
    print(f"\n{path}")


if __name__ == "__main__":
    main()

"""One peer of `goldpress ingest` on one file: PEER FILE FOLDER.

Each does the work as its own documentation has it, in one process, and prints how many
documents it gave. FOLDER is for what it writes. `make bench-ingest` runs them.
"""

import sys
from pathlib import Path


def pages(path):
    """The HTML of every response, by fastwarc, with HTTP headers read."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    with open(path, "rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response):
            yield record.reader.read()


def resiliparse_dom(path, _):
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    trees = (HTMLTree.parse_from_bytes(page, detect_encoding(page)) for page in pages(path))
    return sum(tree.body is not None for tree in trees)


def resiliparse_text(path, _):
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    texts = (extract_plain_text(bytes_to_str(page, detect_encoding(page))) for page in pages(path))
    return sum(bool(text) for text in texts)


def trafilatura_text(path, _):
    import trafilatura

    return sum(bool(trafilatura.bare_extraction(page)) for page in pages(path))


def pipeline(reader, *steps):
    """The documents that come out of datatrove's steps."""
    documents = reader.run(None, rank=0, world_size=1)
    for step in steps:
        documents = step.run(documents, rank=0, world_size=1)
    return sum(1 for _ in documents)


def datatrove_read(path, _):
    from datatrove.pipeline.readers import WarcReader

    path = Path(path)
    return pipeline(WarcReader(str(path.parent), glob_pattern=path.name))


def datatrove_trafilatura(path, folder):
    from datatrove.pipeline.extractors import Trafilatura
    from datatrove.pipeline.readers import WarcReader
    from datatrove.pipeline.writers import ParquetWriter

    path = Path(path)
    reader = WarcReader(str(path.parent), glob_pattern=path.name)
    return pipeline(reader, Trafilatura(timeout=10), ParquetWriter(folder))


def datatrove_jsonl(path, folder):
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import ParquetWriter

    path = Path(path)
    reader = JsonlReader(str(path.parent), glob_pattern=path.name, text_key="maintext", id_key="url")
    return pipeline(reader, ParquetWriter(folder))


def bodies(path):
    """The bodies of a dataset of goldpress, a batch at a time."""
    import pyarrow.parquet

    for part in sorted((Path(path) / "articles").glob("*.parquet")):
        for batch in pyarrow.parquet.ParquetFile(part).iter_batches(1000, columns=["body"]):
            yield from (str(body) for body in batch.column(0))


def five_grams(body):
    words = body.lower().split()
    return [" ".join(words[at : at + 5]) for at in range(max(len(words) - 4, 1))]


def look_up(lsh, sketches):
    """Asks for the near-duplicates of every document."""
    for number, sketch in enumerate(sketches):
        near = (sketch.jaccard(sketches[other]) for other in lsh.query(sketch) if other != number)
        any(share >= 0.7 for share in near)
    return len(sketches)


def rensa_dedup(path, _):
    from rensa import RMinHash, RMinHashLSH

    lsh = RMinHashLSH(threshold=0.7, num_perm=128, num_bands=16)
    sketches = []
    for body in bodies(path):
        sketch = RMinHash(num_perm=128, seed=42)
        sketch.update(five_grams(body))
        lsh.insert(len(sketches), sketch)
        sketches.append(sketch)
    return look_up(lsh, sketches)


def datasketch_dedup(path, _):
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=0.7, num_perm=128)
    sketches = []
    for body in bodies(path):
        sketch = MinHash(num_perm=128, seed=42)
        sketch.update_batch([gram.encode() for gram in five_grams(body)])
        lsh.insert(len(sketches), sketch)
        sketches.append(sketch)
    return look_up(lsh, sketches)


PEERS = {
    "datatrove, reader alone": datatrove_read,
    "datatrove + trafilatura": datatrove_trafilatura,
    "datatrove, JSONL": datatrove_jsonl,
    "datasketch": datasketch_dedup,
    "rensa": rensa_dedup,
    "resiliparse, plain text": resiliparse_text,
    "resiliparse, DOM alone": resiliparse_dom,
    "trafilatura alone": trafilatura_text,
}

if __name__ == "__main__":
    name, path, folder = sys.argv[1:]
    print(PEERS[name](path, folder))

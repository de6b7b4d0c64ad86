"""Proves that other tools read the label files goldpress writes, and the other way round.

    python interop/check.py GOLDPRESS FOLDER

GOLDPRESS is the command, FOLDER a scratch folder. Every check exports the labels of one
annotator, hands the files to the real library, compares what that library says with what
the label file says, lets the library write the same again, and imports that. Offsets are
compared by the words they cover. The first difference ends the run with exit code 1.
"""

import json
import os
import pathlib
import subprocess
import sys
import types

# Nothing here asks a network for anything.
os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")

VECTORS = pathlib.Path(__file__).parent.parent / "crates/goldpress-label/tests/vectors/formats"
DOC = "29530c9ce397994f478331b3f1f61dce"
# Layers of spans; `relation` and `metadata` leave by fewer formats.
SPANS = ["entity", "timex", "attribution"]


class Dataset:
    """One article that breaks tools: an emoji, a combining tilde, nested and split spans."""

    def __init__(self, goldpress, folder):
        self.goldpress = goldpress
        self.folder = folder
        self.news = folder / "news"
        self.text = (VECTORS / "article.txt").read_text(encoding="utf-8")
        source = folder / "harbour.txt"
        source.write_text(self.text, encoding="utf-8")
        self.run("ingest", source, "-o", self.news)
        config = (VECTORS / "goldpress.toml").read_text(encoding="utf-8")
        (self.news / "goldpress.toml").write_text(config, encoding="utf-8")
        path = self.file("ada")
        path.parent.mkdir(parents=True)
        path.write_bytes((VECTORS / "ada.jsonl").read_bytes())
        self.run("label", "check", self.news)

    def run(self, *args):
        command = [self.goldpress, *map(str, args)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if ended.returncode != 0:
            sys.exit(f"{' '.join(command)}\n{ended.stdout}{ended.stderr}")

    def file(self, name):
        return self.news / "labels" / name / f"{DOC}.jsonl"

    def lines(self, name, layers):
        """What counts in a set, without what no other tool keeps."""
        lines = self.file(name).read_text(encoding="utf-8").splitlines()[1:]
        lines = map(json.loads, lines)
        counted = ("accepted", "edited")
        return [a for a in lines if a["layer"] in layers and a["status"] in counted]

    def spans(self, name, layers=SPANS, discontinuous=False):
        """(layer, label, words) of each span; pieces are joined by a space."""
        pieces = 9 if discontinuous else 1
        return sorted(
            (a["layer"], a["label"], a["text"])
            for a in self.lines(name, layers)
            if 1 <= len(a.get("fragments", [])) <= pieces
        )

    def export(self, to, *options, layers=SPANS):
        out = self.folder / to
        args = ["--set", "ada", "-o", out, "--dataset", self.news, "--allow-loss"]
        self.run("label", "export", "--to", to, *args, "--layer", ",".join(layers), *options)
        return out

    def bring(self, path, form, *options):
        """Imports into a set named after the format, checks it, and gives its name."""
        args = ["--from", form, "--as", form, "--dataset", self.news]
        self.run("label", "import", path, *args, *options)
        self.run("label", "check", self.news, "--set", form)
        return form


def same(what, found, expected):
    found, expected = list(found), list(expected)
    if found != expected:
        missing = [one for one in expected if one not in found]
        more = [one for one in found if one not in expected]
        sys.exit(f"{what}: missing {missing}, too many {more}\n{found}\n{expected}")


def check_spacy(data):
    import spacy
    from spacy.tokens import Doc, DocBin, Span

    out = data.export("spacy", "--flat", "entity")
    nlp = spacy.blank("en")
    (doc,) = DocBin().from_disk(out / "docbin.spacy").get_docs(nlp.vocab)
    same("spacy: text", [doc.text], [data.text])
    groups = [(layer, s.label_, s.text) for layer in doc.spans for s in doc.spans[layer]]
    same("spacy: span groups", sorted(groups), data.spans("ada"))
    flat = {(span.label_, span.text) for span in doc.ents}
    names = {(label, text) for layer, label, text in data.spans("ada") if layer == "entity"}
    if not flat or not flat <= names:
        sys.exit(f"spacy: ents {flat} are not among {names}")
    # The same again, in spaCy's own words, which are not ours.
    again = Doc(nlp.vocab, words=[t.text for t in nlp(data.text)],
                spaces=[bool(t.whitespace_) for t in nlp(data.text)])
    for layer in doc.spans:
        again.spans[layer] = [
            again.char_span(s.start_char, s.end_char, label=s.label_, alignment_mode="expand")
            for s in doc.spans[layer]
        ]
        again_spans = [(s.label_, s.text) for s in again.spans[layer]]
        same("spacy: own words", again_spans, [(s.label_, s.text) for s in doc.spans[layer]])
    again.set_ents([Span(again, s.start, s.end, label=s.label_)
                    for s in spacy.util.filter_spans(again.spans["entity"])])
    path = data.folder / "written-by-spacy.spacy"
    DocBin(docs=[again], store_user_data=True).to_disk(path)
    same("spacy: back", data.spans(data.bring(path, "spacy")), data.spans("ada"))


def check_doccano(data):
    import spacy
    import spacy.training

    # The transformer was written for spaCy 2, which had this elsewhere.
    gold = types.ModuleType("spacy.gold")
    gold.biluo_tags_from_offsets = spacy.training.offsets_to_biluo_tags
    sys.modules["spacy.gold"] = gold
    from doccano_transformer.datasets import NERDataset

    # The transformer counts code points and doccano's page UTF-16 units: nothing beyond
    # the BMP in this text, so both are one.
    text = "Port Aldery opened on Monday.\nŻaneta Brandt of Varnholt was there."
    spans = [("GPE", "Port Aldery"), ("PERSON", "Żaneta Brandt"), ("GPE", "Varnholt")]
    lines = [
        {"layer": "entity", "label": label, "text": words,
         "fragments": [[text.index(words), text.index(words) + len(words)]]}
        for label, words in spans
    ]
    folder, news = data.folder, data.folder / "doccano-news"
    (folder / "names.txt").write_text(text, encoding="utf-8")
    (folder / "names.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    data.run("ingest", folder / "names.txt", "-o", news)
    data.run("label", "import", folder / "names.jsonl", "--as", "ada", "--dataset", news)
    keys = ["--column", "label=labels"]
    data.run("label", "export", "--to", "doccano", "--spans-only", *keys, "--set", "ada",
             "-o", folder / "out", "--dataset", news)
    path = folder / "out" / "doccano.jsonl"

    def tokens(sentence):
        return [token.text for token in spacy.blank("en")(sentence)]

    (told,) = NERDataset.from_jsonl(str(path)).to_conll2003(tokens)
    rows = [line.split(" ") for line in told["data"].splitlines() if " _ _ " in line]
    found = []
    for word, _, _, tag in rows:
        if tag.startswith("B-"):
            found.append((tag[2:], word))
        elif tag.startswith("I-"):
            found[-1] = (found[-1][0], f"{found[-1][1]} {word}")
    same("doccano: spans", found, spans)
    data.run("label", "import", path, "--from", "doccano", *keys, "--offset-unit", "utf-16",
             "--as", "bo", "--dataset", news)
    ada, bo = (
        [json.loads(line) for line in next((news / "labels" / name).glob("*.jsonl"))
         .read_text(encoding="utf-8").splitlines()[1:]]
        for name in ("ada", "bo")
    )
    content = lambda lines: [(a["id"], a["label"], a["fragments"], a["text"]) for a in lines]
    same("doccano: back", content(bo), content(ada))


def check_label_studio(data):
    from label_studio_sdk.converter import Converter
    from label_studio_sdk.label_interface import LabelInterface

    out = data.export("label-studio", layers=[*SPANS, "relation", "block", "metadata"])
    config = (out / "config.xml").read_text(encoding="utf-8")
    interface = LabelInterface(config)
    interface.validate()
    (task,) = json.loads((out / "tasks.json").read_text(encoding="utf-8"))
    (annotation,) = task["annotations"]
    wrong = [r for r in annotation["result"] if r["type"] != "relation"
             and not interface.validate_region(r)]
    same("label-studio: regions that the configuration lacks", wrong, [])
    converted = data.folder / "converted"
    Converter(config, str(data.folder)).convert_to_json(
        str(out / "tasks.json"), str(converted), is_dir=False
    )
    (path,) = sorted(converted.glob("*.json"))
    (back,) = json.loads(path.read_text(encoding="utf-8"))
    regions = sorted(
        (r["from_name"], r["value"]["labels"][0], data.text[r["value"]["start"]:r["value"]["end"]])
        for r in back["annotations"][0]["result"]
        if r["type"] == "labels" and r["from_name"] in SPANS
    )
    same("label-studio: regions", regions, data.spans("ada"))
    Converter(config, str(data.folder)).convert_to_conll2003(
        str(out / "tasks.json"), str(data.folder / "conll2003"), is_dir=False
    )
    columns = (data.folder / "conll2003" / "result.conll").read_text(encoding="utf-8")
    if "B-" not in columns:
        sys.exit(f"label-studio: no label left in\n{columns}")
    name = data.bring(path, "label-studio", "--config", out / "config.xml")
    same("label-studio: back", data.spans(name), data.spans("ada"))


def check_cassis(data):
    import cassis

    out = data.export("cas-json", layers=[*SPANS, "relation", "block"])
    text = (out / f"{DOC}.json").read_text(encoding="utf-8")
    cas = cassis.load_cas_from_json(text)
    same("cas-json: text", [cas.sofa_string], [data.text])

    def spans(cas):
        return sorted(
            (layer, fs.label, fs.get_covered_text())
            for layer in SPANS
            for fs in cas.select(f"webanno.custom.{layer.capitalize()}")
        )

    same("cas-json: spans", spans(cas), data.spans("ada"))
    heads = sorted(
        (fs.label, fs.Governor.get_covered_text(), fs.Dependent.get_covered_text())
        for fs in cas.select("webanno.custom.Relation")
    )
    by_id = {a["id"]: a["text"] for a in data.lines("ada", SPANS) if "text" in a}
    whole = {a["id"] for a in data.lines("ada", SPANS) if len(a.get("fragments", [])) == 1}
    ends = [(a["label"], a["args"]["head"][0], a["args"]["tail"][0])
            for a in data.lines("ada", ["relation"])]
    ends = sorted((label, by_id[head], by_id[tail])
                  for label, head, tail in ends if {head, tail} <= whole)
    same("cas-json: relations", heads, ends)
    path = data.folder / "written-by-cassis.json"
    path.write_text(cas.to_json(), encoding="utf-8")
    same("cas-json: back", data.spans(data.bring(path, "cas-json")), data.spans("ada"))


def check_gate(data):
    import gatenlp

    out = data.export("gate")
    document = gatenlp.Document.load(str(out / f"{DOC}.bdocjs"), fmt="bdocjs")
    same("gate: text", [document.text], [data.text])

    def spans(document):
        return sorted(
            (layer, annotation.type, document[annotation])
            for layer in document.annset_names()
            for annotation in document.annset(layer)
        )

    same("gate: spans", spans(document), data.spans("ada"))
    for unit in ("p", "j"):
        path = data.folder / f"written-by-gatenlp-{unit}.bdocjs"
        document.save(str(path), fmt="bdocjs", offset_type=unit)
        same(f"gate: back, `{unit}`", data.spans(data.bring(path, "gate")), data.spans("ada"))


def check_hugging_face(data):
    import datasets
    import pyarrow.parquet

    out = data.export("hf", "--flat", "entity", layers=["entity"])
    cache = str(data.folder / "cache")
    table = datasets.load_dataset(str(out), split="train", cache_dir=cache)
    names = table.features["ner_tags"].feature.names
    same("hf: first tag", names[:1], ["O"])
    stored = pyarrow.parquet.read_schema(out / "data" / "train-00000-of-00001.parquet")
    told = json.loads(stored.metadata[b"huggingface"])["info"]["features"]
    same("hf: names in the file", told["ner_tags"]["feature"]["names"], names)

    def chunks(rows):
        for row in rows:
            words = None
            for token, tag, start in zip(row["tokens"], row["ner_tags"], row["starts"]):
                tag = names[tag]
                if not tag.startswith("I-") and words:
                    yield words
                    words = None
                if tag.startswith("B-"):
                    words = (tag[2:], start, start + len(token))
                elif tag.startswith("I-"):
                    words = (words[0], words[1], start + len(token))
            if words:
                yield words

    found = sorted((label, data.text[start:end]) for label, start, end in chunks(table))
    entities = [(label, text) for _, label, text in data.spans("ada", ["entity"])]
    if not found or any(one not in entities for one in found):
        sys.exit(f"hf: {found} are not among {entities}")
    path = data.folder / "written-by-datasets.parquet"
    table.to_parquet(str(path))
    name = data.bring(path, "hf", "--layer", "entity")
    back = [(label, text) for _, label, text in data.spans(name, ["entity"])]
    same("hf: back", back, found)


CHECKS = [check_spacy, check_doccano, check_label_studio, check_cassis, check_gate,
          check_hugging_face]


def main():
    goldpress, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    for check in CHECKS:
        name = check.__name__.removeprefix("check_")
        scratch = folder / name
        scratch.mkdir(parents=True)
        check(Dataset(str(goldpress), scratch))
        print(f"{name}: reads what we write, and we read what it writes", flush=True)


main()

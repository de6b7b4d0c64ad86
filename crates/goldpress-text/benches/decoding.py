"""Right, wrong and refused: goldpress, charset-normalizer and ftfy on the same bytes.

    make bench-decoding
    python decoding.py VECTORS ANSWERS [--all]    ANSWERS: output of the example `decoding`

charset-normalizer is asked where no charset is declared, ftfy where sound UTF-8 holds
text that was decoded wrongly before. ftfy keeps its defaults, but for what is no repair
of encoding (curly quotes, widths, ligatures, entities). With --all every wrong answer of
goldpress is printed.
"""

import re
import sys
import unicodedata
from collections import Counter, defaultdict
from importlib.metadata import version

import charset_normalizer
import ftfy

DETECTED = ("undeclared", "utf-16 without mark", "no text")
REPAIRED = ("mojibake", "C1 in utf-8", "sound")
CONFIG = ftfy.TextFixerConfig(
    unescape_html=False,
    uncurl_quotes=False,
    fix_character_width=False,
    fix_latin_ligatures=False,
)


def unescaped(cell):
    parts = cell.split("\\")
    return b"".join(
        bytes.fromhex(part) if n % 2 else part.encode() for n, part in enumerate(parts)
    )


def tidy(text):
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def outcome(text, truth):
    if text is None:
        return "right" if not truth else "refused"
    return "right" if truth and tidy(text) == tidy(truth) else "wrong"


def detected(data):
    best = charset_normalizer.from_bytes(data).best()
    return None if best is None else str(best)


def main():
    vectors, answers, *rest = sys.argv[1:]
    table = defaultdict(Counter)
    with open(vectors, encoding="utf-8") as rows, open(answers, encoding="utf-8") as ours:
        for row, answer in zip(rows, ours, strict=True):
            kind, language, charset, http, _, cell, truth = row.rstrip("\n").split("\t")
            *_, found, text = answer.rstrip("\n").split("\t")
            table[kind]["goldpress", found] += 1
            if rest and found != "right":
                print(f"{kind} | {language} {charset} {http} | {found}\n  {truth}\n  {text}")
            data = unescaped(cell)
            if kind.startswith(DETECTED):
                table[kind]["charset-normalizer", outcome(detected(data), truth)] += 1
            if kind.startswith(REPAIRED):
                fixed = ftfy.fix_text(data.decode(), CONFIG)
                table[kind]["ftfy", outcome(fixed, truth)] += 1
    names = ("goldpress", "charset-normalizer", "ftfy")
    heads = ["goldpress"] + [f"{name} {version(name)}" for name in names[1:]]
    print("| byte strings | n |", " | ".join(heads), "|")
    print("|---|---|" + "---|" * len(heads))
    for kind, counts in table.items():
        cells = []
        for name in names:
            three = [counts[name, word] for word in ("right", "wrong", "refused")]
            cells.append(" / ".join(map(str, three)) if any(three) else "")
        n = sum(count for (name, _), count in counts.items() if name == names[0])
        print(f"| {kind} | {n} |", " | ".join(cells), "|")


if __name__ == "__main__":
    main()

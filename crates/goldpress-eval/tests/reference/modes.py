"""Scores corpora of tags with seqeval and nervaluate, for comparison with our modes.

Reads {"tags": [...], "corpora": [{"gold": [[...]], "pred": [[...]]}]} from stdin and
writes one JSON object a corpus to stdout. An exception of a program is its name.
"""

import json
import math
import sys
import warnings

from nervaluate import Evaluator
from seqeval.metrics import sequence_labeling as default
from seqeval.metrics import v1 as strict
from seqeval.scheme import BILOU, IOB1, IOB2, IOBES, IOE1, IOE2

warnings.filterwarnings("ignore")

SCHEMES = {"IOB1": IOB1, "IOB2": IOB2, "IOE1": IOE1, "IOE2": IOE2, "IOBES": IOBES, "BILOU": BILOU}
NAMES = {
    "cor": "correct",
    "inc": "incorrect",
    "par": "partial",
    "mis": "missed",
    "spu": "spurious",
    "pos": "possible",
    "act": "actual",
    "p": "precision",
    "r": "recall",
    "f": "f1",
}


def triple(values):
    # JSON has no NaN.
    return [None if math.isnan(value) else float(value) for value in values[:3]]


def attempt(function):
    try:
        return function()
    except Exception as error:
        return {"error": type(error).__name__}


def averages(function, gold, pred, **options):
    scores = {
        name: triple(function(gold, pred, average=name, **options))
        for name in ("micro", "macro", "weighted")
    }
    # Rows of labels come without their names, in byte order.
    rows = zip(*function(gold, pred, average=None, **options))
    scores["labels"] = [[*triple(row), int(row[3])] for row in rows]
    return scores


def outcomes(result):
    return {
        mode: {short: getattr(values, long) for short, long in NAMES.items()}
        for mode, values in result.items()
    }


def nervaluate(gold, pred, tags):
    result = Evaluator(gold, pred, tags=tags, loader="list").evaluate()
    by_label = {label: outcomes(values) for label, values in result["entities"].items()}
    return {"overall": outcomes(result["overall"]), "by_label": by_label}


def main():
    request = json.load(sys.stdin)
    for corpus in request["corpora"]:
        gold, pred = corpus["gold"], corpus["pred"]
        row = {
            "seqeval-default": attempt(
                lambda: averages(default.precision_recall_fscore_support, gold, pred)
            ),
            "nervaluate-1.2.1": attempt(lambda: nervaluate(gold, pred, request["tags"])),
        }
        for name, scheme in SCHEMES.items():
            row["seqeval-strict:" + name] = attempt(
                lambda: averages(
                    strict.precision_recall_fscore_support, gold, pred, scheme=scheme
                )
            )
        print(json.dumps(row))


main()

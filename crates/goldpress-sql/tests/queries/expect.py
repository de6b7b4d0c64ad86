"""Writes DuckDB's answers below the queries of the files named: expect.py DATASET FILES.

The dataset is the newsroom of the tests: cargo run -p goldpress-dataset --example desk FOLDER.
Answers are CSV as goldpress writes it. Names that stand twice get a number, as there.
"""

import csv
import datetime
import decimal
import io
import json
import re
import sys

import duckdb


def connect(root):
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    for table in ("articles", "raw", "rejects"):
        con.execute(f"CREATE VIEW {table} AS FROM read_parquet('{root}/{table}/*.parquet')")
    for table in ("annotations", "dedup"):
        con.execute(f"CREATE VIEW {table} AS FROM read_parquet('{root}/{table}.parquet')")
    for table in ("predictions", "timings", "counts"):
        con.execute(
            f"CREATE VIEW {table} AS SELECT regexp_extract(filename, 'runs/([^/]+)/', 1) AS run_id, "
            f"* EXCLUDE (filename) FROM read_parquet('{root}/runs/*/{table}.parquet', filename = true)"
        )
    return con


def plain(value):
    """A value inside of a list, for JSON."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, decimal.Decimal):
        return float(value)
    return cell(value) if isinstance(value, (datetime.date, datetime.datetime)) else value


def cell(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, (list, dict, tuple)):
        return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))
    return value.hex() if isinstance(value, bytes) else str(value)


def answer(con, sql):
    result = con.execute(sql)
    names, taken = [], set()
    for column in result.description:
        name, n = column[0], 0
        while name in taken:
            n += 1
            name = f"{column[0]}_{n}"
        taken.add(name)
        names.append(name)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([cell(value) for value in row] for row in result.fetchall())
    return out.getvalue()


def main(root, files):
    con = connect(root)
    for path in files:
        with open(path) as file:
            text = file.read()
        blocks = re.findall(r"(?s)(.+?;)\n(.*?)(?:\n\n|\Z)", text)
        with open(path, "w") as file:
            file.write("\n".join(f"{sql.strip()}\n{answer(con, sql)}" for sql, _ in blocks))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

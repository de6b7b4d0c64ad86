#!/bin/sh
# Dumps by the crawlers' own libraries, and how ingest maps them:
# sh interop/dumps.sh GOLDPRESS PAGES ENVIRONMENTS OUT [MOST]
set -eu
goldpress=$1 pages=$2 environments=$3 out=$4 most=${5:-60}
if [ ! -d "$pages" ]; then
    echo "skipped: there are no pages in $pages"
    exit 0
fi
mkdir -p "$environments" "$out"
# Each wants an environment of its own; a library, then what it needs beside.
while read -r library packages; do
    python="$environments/$library/bin/python"
    if [ ! -e "$environments/$library/.done" ]; then
        python3 -m venv "$environments/$library"
        # shellcheck disable=SC2086
        "$python" -m pip install --quiet --disable-pip-version-check $packages
        touch "$environments/$library/.done"
    fi
    # Of the pages few are of outlets that Fundus knows: it gets them all.
    case $library in fundus) end=json some= ;; *) end=jsonl some=$most ;; esac
    # shellcheck disable=SC2086
    "$python" interop/dumps.py "$library" "$pages" "$out/$library.$end" $some 2> "$out/$library.log"
    echo "== $packages"
    "$goldpress" ingest --explain "$out/$library.$end"
done <<'LIBRARIES'
news-please news-please==1.6.16 lxml_html_clean==0.4.6
fundus fundus==0.5.7 curl_cffi==0.13.0
scrapy scrapy==2.19.0
trafilatura trafilatura==2.3.1 lxml_html_clean==0.4.6
LIBRARIES

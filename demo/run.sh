#!/bin/sh
# The main job on corpus/: raw articles in, Parquet out, gold attached, extractors compared.
# Usage: demo/run.sh GOLDPRESS FOLDER
set -eu
goldpress=$1
folder=$2

say() { printf '\n\033[1m$ goldpress %s\033[0m\n' "$*"; "$goldpress" "$@"; }

say ingest corpus/raw -o "$folder"
say label import corpus/gold --from jsonl --as gold --reviewed block,metadata,entity,timex --dataset "$folder"
# These three were labelled in four more layers.
say label import corpus/gold/lowland-wire-ferry-inquiry.jsonl corpus/gold/meridian-ledger-gas-levy.jsonl corpus/gold/tarn-post-summit.jsonl --as gold --reviewed attribution,hedge,claim,event --dataset "$folder"
say label build "$folder"
say extract "$folder"
say eval "$folder" --baseline corpus/goldpress.baseline.jsonl -o "$folder/report.html"

cat <<END

Look at $folder/report.html in a browser. Then try:
  $goldpress show $folder                     an article as a person reads it
  $goldpress show $folder --system timex-rules --layer timex
  $goldpress eval $folder --format csv        every score, for a spreadsheet
  $goldpress ingest FILES... -o news          your own articles
  make demo-dataset                           the same with statistics and SQL
END

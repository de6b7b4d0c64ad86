#!/bin/sh
# What is in the demo's dataset, by overview and by SQL.
# Usage: demo/dataset.sh GOLDPRESS FOLDER
set -eu
goldpress=$1
folder=$2

say() { printf '\n\033[1m$ goldpress %s\033[0m\n' "$*"; "$goldpress" "$@"; }

say stats "$folder"
say query "$folder" "SELECT lang, COUNT(*) AS articles, SUM(n_words) AS words FROM articles GROUP BY lang ORDER BY articles DESC, lang"
say query "$folder" "SELECT layer, label, COUNT(*) AS n FROM annotations WHERE layer = 'entity' GROUP BY layer, label ORDER BY n DESC, label LIMIT 5"

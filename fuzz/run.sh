#!/bin/sh
# Fuzzes every target in turn: sh fuzz/run.sh SECONDS [TARGET...]
# Needs a nightly toolchain and cargo-fuzz: cargo install cargo-fuzz
set -eu
seconds=${1:-60}
[ $# -gt 0 ] && shift
cd "$(dirname "$0")"
[ $# -gt 0 ] || set -- $(sed -n 's/^name = "\(.*\)"$/\1/p' Cargo.toml | grep -v goldpress)
for target in "$@"; do
    mkdir -p "corpus/$target" "seeds/$target"
    echo "== $target for $seconds s"
    cargo +nightly fuzz run --fuzz-dir . "$target" "corpus/$target" "seeds/$target" -- \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536
done

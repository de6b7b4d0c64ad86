#!/bin/sh
# Fuzzes every target in turn, guided by coverage: sh fuzz/run.sh SECONDS [TARGET...]
# Needs cargo-fuzz (cargo install cargo-fuzz) and no other toolchain: the flags that guide it
# are unstable, and our crates hold no unsafe code that an address sanitiser could watch.
set -eu
seconds=${1:-60}
[ $# -gt 0 ] && shift
cd "$(dirname "$0")"
[ $# -gt 0 ] || set -- $(sed -n 's/^name = "\(.*\)"$/\1/p' Cargo.toml | grep -v goldpress)
export RUSTC_BOOTSTRAP=1
for target in "$@"; do
    mkdir -p "corpus/$target" "seeds/$target"
    echo "== $target for $seconds s"
    cargo fuzz run --fuzz-dir . --sanitizer none "$target" "corpus/$target" "seeds/$target" -- \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1
done

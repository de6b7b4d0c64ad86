//! Tables on disk: Parquet and JSONL in and out, manifests, atomic writes

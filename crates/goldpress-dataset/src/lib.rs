//! Table algebra on Polars: SQL and overviews of a dataset

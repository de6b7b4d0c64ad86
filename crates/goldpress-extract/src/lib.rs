//! The extractor trait and the built-in competitors

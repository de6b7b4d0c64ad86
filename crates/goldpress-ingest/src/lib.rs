//! Readers of every input format: raw documents in, articles out

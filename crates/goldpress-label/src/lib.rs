//! Label files: formats in and out, checks, build

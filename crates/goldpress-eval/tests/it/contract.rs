//! Every metric of the registry.

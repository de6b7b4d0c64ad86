//! The machine a result was made on: what stands beside every number.

use std::{collections::BTreeMap, env, fs};

use goldpress_store::Machine;
use jiff::Timestamp;

/// Environment variables that may stand in a result; none of them is a secret.
const ALLOWED: &[&str] = &["CI", "GOLDPRESS_UPDATE", "GOLDPRESS_THREADS"];

/// This machine, as far as it tells.
#[expect(clippy::disallowed_methods, reason = "the command reads the environment")]
pub(crate) fn machine() -> Machine {
    let system = rustix::system::uname();
    let words = |name: &std::ffi::CStr| name.to_string_lossy().into_owned();
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| env::var(name).ok());
    let environment = ALLOWED
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), env::var(name).ok()?)));
    let cores = std::thread::available_parallelism().map_or(0, |cores| cores.get());
    Machine {
        os: words(system.sysname()),
        kernel: words(system.release()),
        cpu: value_in("/proc/cpuinfo", "model name").unwrap_or_default(),
        cores: u32::try_from(cores).unwrap_or(u32::MAX),
        memory_bytes: memory_bytes().unwrap_or_default(),
        cgroup: cgroup(),
        locale: locale.unwrap_or_default(),
        environment: environment.collect(),
    }
}

/// The start of a run as its name begins: `20261123T141502Z`.
pub(crate) fn stamp(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn cgroup() -> BTreeMap<String, String> {
    let limits = ["cpu.max", "memory.max"].iter().filter_map(|name| {
        let text = fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok()?;
        Some(((*name).to_owned(), text.trim().to_owned()))
    });
    limits.collect()
}

fn memory_bytes() -> Option<u64> {
    let text = value_in("/proc/meminfo", "MemTotal")?;
    let kib: u64 = text.strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

fn value_in(file: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(key))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

//! What is printed: rows of a load and single figures, as a table for people or a JSON object a line.

use std::io::Write;

use serde::Serialize;

/// One measurement of a load.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// `sqlite` or `postgres`.
    pub engine: &'static str,
    /// Which accounts are moved: see [`super::load::Workload`].
    pub workload: &'static str,
    /// How: `poster`, `one-by-one`, `procedure`, `http`, `http-bulk` …
    pub path: &'static str,
    /// Commands (or requests) waiting at once.
    pub concurrency: u32,
    /// Postings made durable in a second.
    pub postings_per_s: f64,
    /// Median latency, milliseconds; of a request with many items, the request's.
    pub p50_ms: f64,
    /// 99th percentile, milliseconds.
    pub p99_ms: f64,
    /// 99.9th percentile, milliseconds.
    pub p999_ms: f64,
    /// Postings in a commit, on average; unknown from outside.
    pub batch: Option<f64>,
    /// Calls to the engine for one posting.
    pub statements_per_posting: Option<f64>,
    /// By how much the database grew for one posting.
    pub bytes_per_posting: Option<f64>,
    /// What was written to the log of the engine for one posting; on SQLite, to storage in all.
    pub written_bytes_per_posting: Option<f64>,
    /// Postings a second of the bare loop, at the same batch size, in this run.
    pub floor_per_s: Option<f64>,
    /// Ours ÷ the floor.
    pub over_floor: Option<f64>,
    /// Ours ÷ the same workload one transaction at a time.
    pub over_one_by_one: Option<f64>,
    /// Ours ÷ a ledger that calls one stored procedure a transfer.
    pub over_procedure: Option<f64>,
}

/// The head of the table of rows.
pub(super) const HEAD: &str = "engine    workload       path        waiting  postings/s    p50 ms    p99 ms  p99.9 ms  \
     batch  calls  bytes  written  ours/floor  /one  /proc";

impl Row {
    /// A row with nothing but its load and latencies in sorted microseconds.
    pub(super) fn of(
        (engine, workload, path): (&'static str, &'static str, &'static str),
        concurrency: u32,
        postings_per_s: f64,
        latencies: &[u64],
    ) -> Self {
        Self {
            engine,
            workload,
            path,
            concurrency,
            postings_per_s,
            p50_ms: percentile(latencies, 500),
            p99_ms: percentile(latencies, 990),
            p999_ms: percentile(latencies, 999),
            batch: None,
            statements_per_posting: None,
            bytes_per_posting: None,
            written_bytes_per_posting: None,
            floor_per_s: None,
            over_floor: None,
            over_one_by_one: None,
            over_procedure: None,
        }
    }

    fn line(&self) -> String {
        let shown =
            |figure: Option<f64>, digits| figure.map_or("–".to_owned(), |f| format!("{f:.digits$}"));
        format!(
            "{:<9} {:<14} {:<11} {:>7}  {:>10.0}  {:>8.2}  {:>8.2}  {:>8.2}  {:>5}  {:>5}  {:>5}  {:>7}  {:>10}  {:>4}  {:>5}",
            self.engine,
            self.workload,
            self.path,
            self.concurrency,
            self.postings_per_s,
            self.p50_ms,
            self.p99_ms,
            self.p999_ms,
            shown(self.batch, 1),
            shown(self.statements_per_posting, 2),
            shown(self.bytes_per_posting, 0),
            shown(self.written_bytes_per_posting, 0),
            shown(self.over_floor, 2),
            shown(self.over_one_by_one, 1),
            shown(self.over_procedure, 1),
        )
    }
}

/// What so many of a thousand do not exceed, of sorted microseconds, in milliseconds.
pub(super) fn percentile(sorted: &[u64], per_mille: usize) -> f64 {
    let place = sorted.len().saturating_sub(1) * per_mille / 1000;
    float(sorted.get(place).copied().unwrap_or(0)) / 1000.0
}

/// A count as a number to divide with; beyond 2^53 it is rounded.
pub(super) fn float(count: u64) -> f64 {
    let high = u32::try_from(count >> 32).unwrap_or(u32::MAX);
    let low = u32::try_from(count & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

/// One figure that is not a load.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// Of what.
    pub what: String,
    /// How much.
    pub value: f64,
    /// Of which unit.
    pub unit: &'static str,
    /// The same, compressed with gzip.
    pub gzip: Option<f64>,
}

impl Figure {
    pub(super) fn plain(what: &str, value: f64, unit: &'static str) -> Self {
        Self { what: what.to_owned(), value, unit, gzip: None }
    }

    pub(super) fn kib(what: String, plain: usize, gzip: usize) -> Self {
        let kib = |bytes| f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1024.0;
        Self { what, value: kib(plain), unit: "KiB", gzip: Some(kib(gzip)) }
    }

    fn line(&self) -> String {
        let gzip = self.gzip.map(|gzip| format!("  {gzip:>8.1} gzip")).unwrap_or_default();
        format!("{:<44} {:>10.1} {}{gzip}", self.what, self.value, self.unit)
    }
}

/// Where the figures go.
pub(super) struct Sheet {
    pub(super) json: bool,
}

impl Sheet {
    pub(super) fn say(&self, line: &str) -> anyhow::Result<()> {
        if self.json { Ok(()) } else { Self::print(line) }
    }

    pub(super) fn row(&self, row: &Row) -> anyhow::Result<()> {
        Self::print(&if self.json { serde_json::to_string(row)? } else { row.line() })
    }

    pub(super) fn figure(&self, figure: &Figure) -> anyhow::Result<()> {
        Self::print(&if self.json { serde_json::to_string(figure)? } else { figure.line() })
    }

    fn print(line: &str) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}")?;
        Ok(out.flush()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let sorted: Vec<u64> = (1..=1_000).map(|n| n * 1_000).collect();
        assert_eq!([500, 990, 999].map(|p| percentile(&sorted, p)), [500.0, 990.0, 999.0]);
        assert_eq!(percentile(&[7_000], 999), 7.0);
        assert_eq!(percentile(&[], 500), 0.0);
    }

    #[test]
    fn a_row_has_every_field_in_json_even_when_it_does_not_apply() {
        let row = Row::of(("sqlite", "uniform", "poster"), 32, 9_000.5, &[1_000, 2_000]);
        let json = serde_json::to_value(&row).unwrap();
        let names: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names.len(), 16);
        for name in ["engine", "workload", "concurrency", "postings_per_s", "p50_ms", "p99_ms", "over_floor"]
        {
            assert!(names.contains(&name), "{name}");
        }
        assert_eq!((json["concurrency"].as_u64(), json["over_floor"].is_null()), (Some(32), true));
    }

    #[test]
    fn counts_are_exact_up_to_two_to_the_fifty_third() {
        assert_eq!(float(0), 0.0);
        assert_eq!(float(5_000_000_000), 5e9);
        assert_eq!(float((1 << 53) - 1), 9_007_199_254_740_991.0);
    }
}

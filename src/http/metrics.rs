//! A small registry of counts, told in the Prometheus text format. Labels are routes and statuses, never people.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Mutex, PoisonError, atomic::Ordering},
    time::Duration,
};

use crate::service::poster::PosterStats;

/// Upper bounds of the latency buckets, in milliseconds.
const LATENCY_BUCKETS_MS: [u64; 10] = [1, 2, 5, 10, 25, 50, 100, 250, 1000, 5000];

#[derive(Debug, Clone, Default)]
struct Histogram {
    /// One count a bucket; the last is everything above.
    counts: Vec<u64>,
    sum: u64,
    total: u64,
}

impl Histogram {
    fn observe(&mut self, bounds: &[u64], value: u64) {
        self.counts.resize(bounds.len() + 1, 0);
        let at = bounds.iter().position(|b| value <= *b).unwrap_or(bounds.len());
        if let Some(count) = self.counts.get_mut(at) {
            *count += 1;
        }
        self.sum += value;
        self.total += 1;
    }

    fn tell(&self, out: &mut String, name: &str, labels: &str, bounds: &[u64]) {
        let comma = if labels.is_empty() { "" } else { "," };
        let mut below = 0;
        for (bound, count) in bounds.iter().zip(&self.counts) {
            below += count;
            line(out, format_args!("{name}_bucket{{{labels}{comma}le=\"{bound}\"}} {below}"));
        }
        line(out, format_args!("{name}_bucket{{{labels}{comma}le=\"+Inf\"}} {}", self.total));
        line(out, format_args!("{name}_sum{{{labels}}} {}", self.sum));
        line(out, format_args!("{name}_count{{{labels}}} {}", self.total));
    }
}

#[derive(Debug, Default)]
struct Counts {
    requests: BTreeMap<(String, String, u16), u64>,
    latency: BTreeMap<String, Histogram>,
}

/// What was counted since the start.
#[derive(Debug, Default)]
pub struct Metrics(Mutex<Counts>);

impl Metrics {
    fn with<T>(&self, f: impl FnOnce(&mut Counts) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// One request answered.
    pub fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        self.with(|c| {
            *c.requests.entry((method.to_owned(), route.to_owned(), status)).or_default() += 1;
            c.latency.entry(route.to_owned()).or_default().observe(&LATENCY_BUCKETS_MS, millis);
        });
    }

    /// Everything, the poster's counts too, in the Prometheus text format.
    #[must_use]
    pub fn tell(&self, poster: &PosterStats) -> String {
        self.with(|c| {
            let mut out = String::new();
            line(&mut out, format_args!("# TYPE greencoin_requests_total counter"));
            for ((method, route, status), count) in &c.requests {
                line(
                    &mut out,
                    format_args!(
                        "greencoin_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}"
                    ),
                );
            }
            line(&mut out, format_args!("# TYPE greencoin_request_milliseconds histogram"));
            for (route, histogram) in &c.latency {
                let labels = format!("route=\"{route}\"");
                histogram.tell(&mut out, "greencoin_request_milliseconds", &labels, &LATENCY_BUCKETS_MS);
            }
            let told = [
                ("batches_total", "counter", &poster.batches),
                ("commands_total", "counter", &poster.commands),
                ("batch_commands_max", "gauge", &poster.batch_max),
                ("waiting", "gauge", &poster.waiting),
            ];
            for (name, kind, value) in told {
                line(&mut out, format_args!("# TYPE greencoin_poster_{name} {kind}"));
                let value = value.load(Ordering::Relaxed);
                line(&mut out, format_args!("greencoin_poster_{name} {value}"));
            }
            out
        })
    }
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // writing to a String cannot fail
    let _ = writeln!(out, "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative_and_the_count_is_the_last_bucket() {
        let metrics = Metrics::default();
        metrics.request("GET", "/", 200, Duration::from_millis(3));
        metrics.request("GET", "/", 200, Duration::from_secs(60));
        let poster = PosterStats::default();
        poster.waiting.store(2, Ordering::Relaxed);
        let told = metrics.tell(&poster);
        assert!(
            told.contains("greencoin_requests_total{method=\"GET\",route=\"/\",status=\"200\"} 2"),
            "{told}"
        );
        assert!(told.contains("greencoin_request_milliseconds_bucket{route=\"/\",le=\"5\"} 1"), "{told}");
        assert!(told.contains("greencoin_request_milliseconds_bucket{route=\"/\",le=\"+Inf\"} 2"), "{told}");
        assert!(told.contains("greencoin_poster_waiting 2"), "{told}");
    }
}

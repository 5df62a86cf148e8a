//! What people take their time over, and the queue that comes of it: one counter, first come first served. Waits for nothing;
//! seconds are numbers here.

use crate::domain::entropy::{ChaChaEntropy, Entropy};

/// Draws when households come; the same every time.
const SEED: u64 = 192;

/// Seconds that people take beside the server: stated, not measured.
#[derive(Debug, Clone, Copy, PartialEq, clap::Args)]
pub struct Think {
    /// Seconds from stepping up until the code is before the camera.
    #[arg(long, default_value_t = 3.0)]
    pub think_show: f64,
    /// Seconds to choose one article.
    #[arg(long, default_value_t = 2.0)]
    pub think_article: f64,
    /// Seconds to read the total and say yes.
    #[arg(long, default_value_t = 2.0)]
    pub think_check: f64,
    /// Seconds to type a PIN.
    #[arg(long, default_value_t = 4.0)]
    pub think_pin: f64,
    /// Seconds to hand over the goods while the receipt is said aloud.
    #[arg(long, default_value_t = 6.0)]
    pub think_hand: f64,
}

impl Think {
    /// Of one household.
    pub(super) fn seconds(&self, articles: usize, pin: bool) -> f64 {
        let articles = f64::from(u32::try_from(articles).unwrap_or(u32::MAX));
        let pin = if pin { self.think_pin } else { 0.0 };
        self.think_show + self.think_article * articles + self.think_check + pin + self.think_hand
    }
}

/// How a morning went.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    /// The most households that waited at once, without the one at the counter.
    pub(super) longest: usize,
    /// Seconds a household waited on average.
    pub(super) mean_wait_s: f64,
    /// The longest that one waited.
    pub(super) longest_wait_s: f64,
    /// When the last one went, from the opening.
    pub(super) over_s: f64,
}

/// When so many households come within so many seconds, in order: each at an instant of its own, none more likely than another.
pub(super) fn arrivals(count: usize, within_s: f64) -> anyhow::Result<Vec<f64>> {
    let mut random = vec![0_u8; count * 4];
    ChaChaEntropy::from_seed(SEED).fill(&mut random);
    let mut at: Vec<f64> = random
        .chunks_exact(4)
        .map(|bytes| Ok(f64::from(u32::from_le_bytes(bytes.try_into()?)) / f64::from(u32::MAX) * within_s))
        .collect::<anyhow::Result<_>>()?;
    at.sort_by(f64::total_cmp);
    Ok(at)
}

/// The queue of households that come at `arrivals`, in order, and are at the counter for `services` seconds each.
pub(super) fn queue(arrivals: &[f64], services: &[f64]) -> Line {
    let mut begins: Vec<f64> = Vec::with_capacity(arrivals.len());
    let mut line = Line { longest: 0, mean_wait_s: 0.0, longest_wait_s: 0.0, over_s: 0.0 };
    let mut waited = 0.0;
    for (came, service) in arrivals.iter().zip(services) {
        let begin = came.max(line.over_s);
        begins.push(begin);
        // those who came earlier and have not begun, and this one if it must wait
        let waiting = begins.iter().rev().take_while(|begin| *begin > came).count();
        line.longest = line.longest.max(waiting);
        line.longest_wait_s = line.longest_wait_s.max(begin - came);
        waited += begin - came;
        line.over_s = begin + service;
    }
    line.mean_wait_s = waited / f64::from(u32::try_from(begins.len().max(1)).unwrap_or(u32::MAX));
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_where_everybody_has_gone_before_the_next_comes() {
        let line = queue(&[0.0, 30.0, 60.0], &[20.0, 20.0, 20.0]);
        assert_eq!(line, Line { longest: 0, mean_wait_s: 0.0, longest_wait_s: 0.0, over_s: 80.0 });
    }

    #[test]
    fn who_comes_together_waits_for_those_before() {
        let line = queue(&[0.0, 0.0, 0.0, 70.0], &[20.0, 20.0, 20.0, 5.0]);
        assert_eq!(line, Line { longest: 2, mean_wait_s: 15.0, longest_wait_s: 40.0, over_s: 75.0 });
    }

    #[test]
    fn a_pin_and_each_article_take_their_seconds() {
        let think =
            Think { think_show: 3.0, think_article: 2.0, think_check: 2.0, think_pin: 4.0, think_hand: 6.0 };
        assert_eq!((think.seconds(1, false), think.seconds(5, true)), (13.0, 25.0));
    }

    #[test]
    fn households_come_in_order_within_the_morning_and_the_same_every_time() {
        let came = arrivals(192, 3_600.0).unwrap();
        assert_eq!(came, arrivals(192, 3_600.0).unwrap());
        assert!(came.windows(2).all(|pair| pair[0] <= pair[1]));
        assert!(came[0] >= 0.0 && came[191] <= 3_600.0 && came[191] > 3_000.0);
    }
}

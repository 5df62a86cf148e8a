//! Which accounts a load moves: many evenly, many as people are (few of them often), or one that all want.

use crate::domain::{
    chart,
    posting::{Commodity, InvalidPath, Line, Path},
};

/// Households to one fund that awards are paid from.
const HOUSEHOLDS_A_FUND: u32 = 10;
/// What one award is worth, in hundredths of a point.
const POINTS: i64 = 100;

/// Which accounts are moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Workload {
    /// From any fund to any household.
    Uniform,
    /// The same, but the n-th household gets 1/n of what the first gets.
    Zipf,
    /// From any fund to one household.
    HotHousehold,
    /// From one fund to any household.
    HotIssuance,
}

impl Workload {
    /// Its name in a row.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Zipf => "zipf-1.0",
            Self::HotHousehold => "hot-household",
            Self::HotIssuance => "hot-issuance",
        }
    }
}

/// Everybody who takes part, by the paths of their accounts.
#[derive(Debug)]
pub(super) struct Cast {
    pub(super) funds: Vec<Path>,
    pub(super) households: Vec<Path>,
    zipf: Zipf,
}

impl Cast {
    pub(super) fn new(households: u32) -> Result<Self, InvalidPath> {
        let households = households.max(1);
        let funds = (0..households.div_ceil(HOUSEHOLDS_A_FUND)).map(|n| chart::budget(&format!("F{n:04}")));
        let paths = (0..households).map(|n| chart::household_available(&format!("H{n:05}")));
        let (funds, paths) = (funds.collect::<Result<Vec<_>, _>>()?, paths.collect::<Result<Vec<_>, _>>()?);
        Ok(Self { funds, households: paths, zipf: Zipf::new(households) })
    }

    /// How many funds and households.
    pub(super) fn count(&self) -> (u32, u32) {
        let count = |paths: &[Path]| u32::try_from(paths.len()).unwrap_or(u32::MAX);
        (count(&self.funds), count(&self.households))
    }

    /// The fund and the household of award `number`: the same on every run.
    pub(super) fn pair(&self, workload: Workload, number: u32) -> (u32, u32) {
        let (funds, households) = self.count();
        let (fund, household) = (below(number, 1, funds), below(number, 2, households));
        match workload {
            Workload::Uniform => (fund, household),
            Workload::Zipf => (fund, self.zipf.pick(unit(number, 2))),
            Workload::HotHousehold => (fund, 0),
            Workload::HotIssuance => (0, household),
        }
    }

    /// The lines of award `number`.
    pub(super) fn lines(&self, workload: Workload, number: u32) -> Option<Vec<Line>> {
        let (fund, household) = self.pair(workload, number);
        let fund = self.funds.get(usize::try_from(fund).ok()?)?.clone();
        let household = self.households.get(usize::try_from(household).ok()?)?.clone();
        Some(vec![
            Line::new(fund, Commodity::point(), POINTS),
            Line::new(household, Commodity::point(), -POINTS),
        ])
    }
}

/// Ranks from 0, the n-th picked 1/n as often as the first.
#[derive(Debug)]
pub(super) struct Zipf {
    /// The share of all ranks up to and with each.
    up_to: Vec<f64>,
}

impl Zipf {
    pub(super) fn new(ranks: u32) -> Self {
        let mut sum = 0.0;
        let mut up_to: Vec<f64> = (1..=ranks)
            .map(|rank| {
                sum += 1.0 / f64::from(rank);
                sum
            })
            .collect();
        for share in &mut up_to {
            *share /= sum;
        }
        Self { up_to }
    }

    /// The rank at `place` of the whole, from 0 to below 1.
    pub(super) fn pick(&self, place: f64) -> u32 {
        let rank = self.up_to.partition_point(|share| *share <= place);
        u32::try_from(rank.min(self.up_to.len().saturating_sub(1))).unwrap_or(0)
    }
}

/// 32 bits that look random, the same for the same number and use.
fn mixed(number: u32, salt: u64) -> u32 {
    let mut z = u64::from(number).wrapping_add(salt << 40).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or(0)
}

pub(super) fn below(number: u32, salt: u64, count: u32) -> u32 {
    u32::try_from((u64::from(mixed(number, salt)) * u64::from(count)) >> 32).unwrap_or(0)
}

fn unit(number: u32, salt: u64) -> f64 {
    f64::from(mixed(number, salt)) / 4_294_967_296.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nth_rank_is_picked_one_nth_as_often_as_the_first() {
        let zipf = Zipf::new(1_000);
        let mut counts = vec![0_u32; 1_000];
        for number in 0..200_000 {
            counts[usize::try_from(zipf.pick(unit(number, 2))).unwrap()] += 1;
        }
        for rank in [2_usize, 4, 10] {
            let share = f64::from(counts[0]) / f64::from(counts[rank - 1]);
            let wanted = f64::from(u32::try_from(rank).unwrap());
            assert!((share / wanted - 1.0).abs() < 0.1, "rank {rank}: {share}");
        }
        assert_eq!((zipf.pick(0.0), zipf.pick(1.0)), (0, 999));
    }

    #[test]
    fn each_load_moves_the_accounts_it_is_named_after() {
        let cast = Cast::new(10_000).unwrap();
        let of = |load| (0..10_000).map(|n| cast.pair(load, n)).collect::<Vec<_>>();
        let distinct = |mut all: Vec<u32>| {
            all.sort_unstable();
            all.dedup();
            all.len()
        };
        let funds = |load| distinct(of(load).into_iter().map(|(fund, _)| fund).collect());
        let homes = |load| distinct(of(load).into_iter().map(|(_, home)| home).collect());
        assert_eq!((funds(Workload::HotIssuance), homes(Workload::HotHousehold)), (1, 1));
        assert!(funds(Workload::Uniform) > 990 && homes(Workload::Uniform) > 6_000);
        let zipf = homes(Workload::Zipf);
        assert!(zipf > 1_500 && zipf < homes(Workload::Uniform), "{zipf}");
    }
}

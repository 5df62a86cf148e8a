//! Two devices, a server and a ledger: whatever order sales, syncs, lost requests, lost answers, repeats and ends come in,
//! points and goods are exact.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{home, mark, round, sale};
use crate::domain::{
    ids::HouseholdId,
    offline::{
        ConflictKind, RoundState,
        entry::{Entry, InvalidEntry},
        round::{Outcome, Round, Standing, Stop},
    },
};

/// What the village's ledger has, as far as devices move it: points by household, pieces by article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Ledger {
    available: BTreeMap<HouseholdId, i64>,
    held: BTreeMap<HouseholdId, i64>,
    redeemed: BTreeMap<HouseholdId, i64>,
    stock: BTreeMap<i64, i64>,
    reserved: BTreeMap<i64, i64>,
    apart: BTreeMap<i64, i64>,
    issued: BTreeMap<i64, i64>,
}

/// A device: what it wrote down, and what it believes is left.
#[derive(Debug, Clone)]
struct Till {
    given: Round,
    entries: Vec<Entry>,
    left: BTreeMap<HouseholdId, i64>,
    pieces: BTreeMap<i64, i64>,
    /// Entries that the server said it has.
    acknowledged: usize,
}

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    /// A device sells.
    Sell { device: usize, household: u128, sku: i64, pieces: i64 },
    /// A household redeems with network, at another counter.
    Online { household: u128, points: i64 },
    /// A device sends what it has, `answered` or the answer is lost, or the request never arrives.
    Sync { device: usize, arrives: bool, answered: bool, at_most: usize },
    /// It sends everything once more, from the first.
    Again { device: usize },
    /// It forgets what was acknowledged and must be told.
    Forgets { device: usize },
    /// A card is declared dead.
    Revoke { household: u128 },
    /// A device is closed after it sent everything, or lost.
    End { device: usize, lost: bool },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let sku = prop::sample::select(vec![17_i64, 20, 31]);
    let one = prop_oneof![
        6 => (0_usize..2, 1_u128..4, sku, 1_i64..5)
            .prop_map(|(device, household, sku, pieces)| Step::Sell { device, household, sku, pieces }),
        1 => (1_u128..3, 1_i64..1_500).prop_map(|(household, points)| Step::Online { household, points }),
        4 => (0_usize..2, any::<bool>(), any::<bool>(), 1_usize..6)
            .prop_map(|(device, arrives, answered, at_most)| Step::Sync { device, arrives, answered, at_most }),
        1 => (0_usize..2).prop_map(|device| Step::Again { device }),
        1 => (0_usize..2).prop_map(|device| Step::Forgets { device }),
        1 => (1_u128..3).prop_map(|household| Step::Revoke { household }),
        1 => (0_usize..2, any::<bool>()).prop_map(|(device, lost)| Step::End { device, lost }),
    ];
    prop::collection::vec(one, 0..60)
}

struct World {
    ledger: Ledger,
    /// What the server has of each device.
    server: Vec<Round>,
    tills: Vec<Till>,
    /// Entries that were taken as sales, each with its points.
    sold: BTreeMap<(usize, i64), i64>,
    conflicts: BTreeMap<(usize, i64), ConflictKind>,
}

impl World {
    fn new() -> Self {
        let mut ledger = Ledger::default();
        for n in 1..=2 {
            ledger.available.insert(home(n), 5_000);
        }
        for sku in [17, 20] {
            ledger.stock.insert(sku, 30);
        }
        let server: Vec<Round> = [7, 8].into_iter().map(round).collect();
        for round in &server {
            for (id, allowance) in &round.allowances {
                *ledger.available.entry(*id).or_default() -= allowance.left;
                *ledger.held.entry(*id).or_default() += allowance.left;
            }
            for (sku, shelved) in &round.goods {
                if let Some(left) = shelved.left {
                    *ledger.stock.entry(*sku).or_default() -= left;
                    *ledger.reserved.entry(*sku).or_default() += left;
                }
            }
        }
        let till = |given: &Round| Till {
            given: given.clone(),
            entries: Vec::new(),
            left: given.allowances.iter().map(|(id, a)| (*id, a.left)).collect(),
            pieces: given.goods.iter().filter_map(|(sku, s)| Some((*sku, s.left?))).collect(),
            acknowledged: 0,
        };
        let tills = server.iter().map(till).collect();
        Self { ledger, server, tills, sold: BTreeMap::new(), conflicts: BTreeMap::new() }
    }

    /// What the device does: it sells only what it has in hand.
    fn sell(&mut self, device: usize, household: u128, sku: i64, pieces: i64) {
        let till = &mut self.tills[device];
        let previous = till.entries.last().map_or(till.given.head, Entry::digest);
        let number = i64::try_from(till.entries.len()).unwrap() + 1;
        let card = mark(till.given.id, household);
        let entry = sale(&till.given, number, previous, card, &[(sku, pieces)]);
        let Some(left) = till.left.get_mut(&home(household)) else { return };
        let enough = till.pieces.get(&sku).is_none_or(|has| *has >= pieces);
        if entry.total > *left || entry.total > till.given.sale_max || !enough {
            return;
        }
        *left -= entry.total;
        till.pieces.entry(sku).and_modify(|has| *has -= pieces);
        till.entries.push(entry);
    }

    /// What the server does with a request, in one transaction.
    fn receive(&mut self, device: usize, entries: &[Entry]) -> usize {
        let round = &mut self.server[device];
        let sent: Vec<Result<Entry, InvalidEntry>> = entries.iter().cloned().map(Ok).collect();
        let (taken, stop) = round.take(&sent);
        assert!(!matches!(stop, Some(Stop::Broken { .. })), "an honest device was stopped: {stop:?}");
        let ledger = &mut self.ledger;
        for one in taken {
            let entry = entries.iter().find(|e| e.number == one.number).unwrap();
            let to = match one.outcome {
                Outcome::Known => continue,
                Outcome::Sold { household } => {
                    *ledger.held.get_mut(&household).unwrap() -= entry.total;
                    *ledger.redeemed.entry(household).or_default() += entry.total;
                    assert_eq!(self.sold.insert((device, one.number), entry.total), None, "sold twice");
                    &mut ledger.issued
                }
                Outcome::Conflict { kind, .. } => {
                    assert_eq!(self.conflicts.insert((device, one.number), kind), None, "twice");
                    &mut ledger.apart
                }
            };
            for (sku, pieces) in one.pieces {
                *ledger.reserved.get_mut(&sku).unwrap() -= pieces;
                *to.entry(sku).or_default() += pieces;
            }
        }
        usize::try_from(round.next).unwrap() - 1
    }

    fn sync(&mut self, device: usize, arrives: bool, answered: bool, at_most: usize) {
        let till = &self.tills[device];
        let batch: Vec<Entry> = till.entries.iter().skip(till.acknowledged).take(at_most).cloned().collect();
        if arrives {
            let has = self.receive(device, &batch);
            if answered {
                self.tills[device].acknowledged = has;
            }
        }
    }

    /// Everything is sent, however often the network failed before.
    fn sync_all(&mut self, device: usize) {
        while self.tills[device].acknowledged < self.tills[device].entries.len() {
            self.sync(device, true, true, 3);
        }
    }

    fn end(&mut self, device: usize, lost: bool) {
        if !lost {
            self.sync_all(device);
        }
        let round = &mut self.server[device];
        if round.state != RoundState::Open {
            return;
        }
        round.state = if lost { RoundState::Lost } else { RoundState::Closed };
        for (id, allowance) in &mut round.allowances {
            *self.ledger.held.get_mut(id).unwrap() -= allowance.left;
            *self.ledger.available.get_mut(id).unwrap() += allowance.left;
            allowance.left = 0;
        }
        for (sku, shelved) in &mut round.goods {
            if let Some(left) = &mut shelved.left {
                *self.ledger.reserved.get_mut(sku).unwrap() -= *left;
                *self.ledger.stock.get_mut(sku).unwrap() += *left;
                *left = 0;
            }
        }
        if !lost {
            // a device that was closed is empty
            self.tills[device].left.clear();
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Sell { device, household, sku, pieces } => self.sell(*device, *household, *sku, *pieces),
            Step::Online { household, points } => {
                let available = self.ledger.available.get_mut(&home(*household)).unwrap();
                let points = (*points).min(*available);
                *available -= points;
                *self.ledger.redeemed.entry(home(*household)).or_default() += points;
            }
            Step::Sync { device, arrives, answered, at_most } => {
                self.sync(*device, *arrives, *answered, *at_most);
            }
            Step::Again { device } => {
                let all = self.tills[*device].entries.clone();
                self.receive(*device, &all);
            }
            Step::Forgets { device } => self.tills[*device].acknowledged = 0,
            Step::Revoke { household } => {
                for round in &mut self.server {
                    if let Some(allowance) = round.allowances.get_mut(&home(*household)) {
                        allowance.standing = Standing::CardRevoked;
                    }
                }
            }
            Step::End { device, lost } => self.end(*device, *lost),
        }
    }

    /// What must be true at every moment.
    fn holds(&self) -> Result<(), TestCaseError> {
        let l = &self.ledger;
        for n in 1..=2 {
            let of = |map: &BTreeMap<HouseholdId, i64>| map.get(&home(n)).copied().unwrap_or(0);
            let (available, held, redeemed) = (of(&l.available), of(&l.held), of(&l.redeemed));
            prop_assert!(available >= 0 && held >= 0, "overdrawn: {l:?}");
            prop_assert_eq!(available + held + redeemed, 5_000);
            let left: i64 = self.server.iter().map(|r| r.allowances[&home(n)].left).sum();
            prop_assert_eq!(held, left, "what is held is what the devices have in hand");
        }
        for sku in [17, 20] {
            let of = |map: &BTreeMap<i64, i64>| map.get(&sku).copied().unwrap_or(0);
            let (stock, reserved, apart, issued) =
                (of(&l.stock), of(&l.reserved), of(&l.apart), of(&l.issued));
            prop_assert!(stock >= 0 && reserved >= 0 && apart >= 0);
            prop_assert_eq!(stock + reserved + apart + issued, 30);
            let left: i64 = self.server.iter().map(|r| r.goods[&sku].left.unwrap()).sum();
            prop_assert_eq!(reserved, left);
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// For any order of sales, syncs, cuts, repeats and ends: exact, nothing twice, nothing lost, never overdrawn.
    #[test]
    fn whatever_happens_points_and_goods_are_exact(steps in steps()) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
            world.holds()?;
        }
        for device in 0..2 {
            world.sync_all(device);
            world.holds()?;
        }
        // every sale of every device came to exactly one outcome
        for (device, till) in world.tills.iter().enumerate() {
            for entry in &till.entries {
                let key = (device, entry.number);
                let (sold, conflict) = (world.sold.get(&key), world.conflicts.get(&key));
                prop_assert!(sold.is_some() != conflict.is_some(), "{key:?}");
                prop_assert!(sold.is_none_or(|points| *points == entry.total));
            }
        }
        let known: usize = world.tills.iter().map(|t| t.entries.len()).sum();
        prop_assert_eq!(world.sold.len() + world.conflicts.len(), known);
        // an honest device comes to grief only by what it could not know
        for kind in world.conflicts.values() {
            prop_assert!(matches!(kind, ConflictKind::CardRevoked | ConflictKind::AfterEnd), "{kind}");
        }
        if !steps.iter().any(|s| matches!(s, Step::Revoke { .. } | Step::End { lost: true, .. })) {
            prop_assert!(world.conflicts.is_empty());
        }
    }
}

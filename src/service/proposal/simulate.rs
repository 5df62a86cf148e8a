//! A draft of a rule set tried out before it is adopted: with what the village recorded in the last twelve months, or
//! with stated participation, through the same rules as real awards, beside the rules in force. Changes nothing.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::{RULES_FILE, paper_of};
use crate::{
    domain::{
        chart::AccountKind,
        ids::{BookId, HouseholdId, OrgId, PersonId, ProposalId},
        posting::Commodity,
        proposal::Paper,
        ruleset::{self, RuleSet},
        simulate::{
            Fact, MONTHS, Money, Outcome, Simulation, Village, months_later,
            participation::{self, Participation, Size},
        },
        time::{Day, Period},
    },
    service::{Desk, ServiceError, ServiceResult, audit::trial_lines, refuse, rulesets},
    store::{
        StoreError, Tx,
        award::facts::{self, FactRow},
        household,
        proposal::{self as rows},
        ruleset as sets,
    },
};

/// Facts read at once.
const FACTS_PAGE: i64 = 1_000;
/// A village whose people were never counted.
const PEOPLE_USUAL: u32 = 3;

/// What a draft is tried with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// What was recorded in the last twelve whole months.
    Recorded,
    /// What people of a village like this usually do: the participation shipped with the sample.
    Stated,
}

/// A draft tried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// With what.
    pub basis: Basis,
    /// The first day of the twelve months.
    pub first: Day,
    /// The first day no longer.
    pub until: Day,
    /// What the draft comes to.
    pub draft: Outcome,
    /// What the rules in force come to, with the same facts.
    pub in_force: Option<Outcome>,
    /// When the money runs out if the twelve months from this one on are like these; nothing if it lasts.
    pub runs_out: Option<Day>,
}

/// The draft and the rules in force, tried side by side.
struct Runs {
    draft: Simulation,
    in_force: Option<Simulation>,
}

impl Runs {
    fn new(draft: &RuleSet, in_force: Option<&RuleSet>, village: &Village, first: Day) -> Self {
        let run = |set: &RuleSet| Simulation::new(set, village.clone(), first);
        Self { draft: run(draft), in_force: in_force.map(run) }
    }

    fn take(&mut self, fact: &Fact) {
        self.draft.take(fact);
        if let Some(in_force) = &mut self.in_force {
            in_force.take(fact);
        }
    }

    fn finish(self, money: Money) -> (Outcome, Option<Outcome>) {
        (self.draft.finish(Some(money)), self.in_force.map(|run| run.finish(Some(money))))
    }
}

impl Desk {
    /// Tries a draft out.
    pub async fn try_draft(&self, book: BookId, id: ProposalId, basis: Basis) -> ServiceResult<Trial> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("proposal"))?;
        if paper_of(&row)? != Paper::Rules {
            return Err(refuse("only_rules_are_tried").into());
        }
        let set = ruleset::parse(&row.content, RULES_FILE).map_err(|faults| rulesets::faulty(&faults))?;
        let now = match sets::in_force(&mut tx, book, self.today()).await? {
            Some(adoption) => Some(rulesets::of_hash(&mut tx, &adoption.hash).await?),
            None => None,
        };
        let money = behind(&mut tx, book).await?;
        let next = months_later(self.today(), 1);
        let groups = household::groups(&mut tx, book).await?;
        let first = match basis {
            Basis::Recorded => (0..MONTHS).fold(next.plus(-1), |day, _| day.period(Period::Month).0.plus(-1)),
            Basis::Stated => next,
        };
        let first = first.period(Period::Month).0;
        let village = village(&groups);
        let mut runs = Runs::new(&set, now.as_deref(), &village, first);
        let (first, until) = runs.draft.span();
        match basis {
            Basis::Recorded => recorded(&mut tx, book, &groups, &mut runs).await?,
            Basis::Stated => {
                drop(tx);
                runs = stated(runs, &village, first).await?;
            }
        }
        let (draft, in_force) = runs.finish(money);
        let shift = match basis {
            Basis::Recorded => until.number() - first.number(),
            Basis::Stated => 0,
        };
        let runs_out = draft.money.and_then(|m| m.runs_out).map(|day| day.plus(shift));
        Ok(Trial { basis, first, until, draft, in_force, runs_out })
    }
}

/// What is behind the points, and how many are not yet spent.
async fn behind(tx: &mut Tx, book: BookId) -> ServiceResult<Money> {
    let lines = trial_lines(tx, book).await?;
    let sum = |commodity: &str, kinds: [AccountKind; 2]| -> i64 {
        let own = lines.iter().filter(|l| l.commodity == commodity);
        own.filter(|l| l.kind.is_some_and(|k| kinds.contains(&k))).map(|l| l.quantity).sum()
    };
    Ok(Money {
        backing_fen: sum(Commodity::CNYFEN, [AccountKind::Fund, AccountKind::StockCost]),
        outstanding: -sum(Commodity::POINT, [AccountKind::Available, AccountKind::Held]),
    })
}

fn village(groups: &[(OrgId, i64)]) -> Village {
    let groups: Vec<u32> = groups.iter().map(|(_, count)| u32::try_from(*count).unwrap_or(0)).collect();
    Village { households: groups.iter().sum(), groups }
}

/// Numbers for names, in the order in which they come.
#[derive(Debug)]
struct Numbers<K>(HashMap<K, u32>);

impl<K: std::hash::Hash + Eq> Numbers<K> {
    fn of(&mut self, name: K) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(name).or_insert(next)
    }
}

/// Reads the facts page by page: what is kept of each is small, and the rows are gone with their page.
async fn recorded(tx: &mut Tx, book: BookId, groups: &[(OrgId, i64)], runs: &mut Runs) -> ServiceResult<()> {
    let span = runs.draft.span();
    let mut group_numbers = Numbers(HashMap::new());
    for (group, _) in groups {
        group_numbers.of(*group);
    }
    let mut households: Numbers<HouseholdId> = Numbers(HashMap::new());
    let mut people: Numbers<PersonId> = Numbers(HashMap::new());
    let mut after = 0;
    loop {
        let page = facts::between(tx, book, after, span, FACTS_PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.no;
        for row in page {
            let household = households.of(row.household_id);
            let group = group_numbers.of(row.group_id);
            let person = row.person_id.map(|id| people.of(id));
            runs.take(&fact(row, household, group, person)?);
        }
    }
}

fn fact(row: FactRow, household: u32, group: u32, person: Option<u32>) -> ServiceResult<Fact> {
    let quantity: Decimal = row
        .quantity
        .parse()
        .map_err(|_| StoreError::inconsistent("award", "quantity", row.quantity.clone()))?;
    Ok(Fact {
        item: row.item,
        grade: row.grade,
        quantity,
        household,
        group,
        person,
        event: row.event_key,
        day: row.occurred_on,
    })
}

/// A year of a village is some ten thousand facts: computed beside the threads that answer others.
async fn stated(mut runs: Runs, village: &Village, first: Day) -> ServiceResult<Runs> {
    let usual: Participation = participation::parse(participation::shipped().1)
        .map_err(|e| ServiceError::Internal(format!("the participation as shipped: {e}")))?;
    let groups = u32::try_from(village.groups.len()).unwrap_or(1);
    let people = usual.village.people.max(PEOPLE_USUAL);
    let size = Size { households: village.households, groups: groups.max(1), people };
    let work = move || {
        for fact in usual.facts(size, first) {
            runs.take(&fact);
        }
        runs
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| ServiceError::Internal(format!("the simulation stopped: {e}")))
}

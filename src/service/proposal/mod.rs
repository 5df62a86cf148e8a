//! Rule sets and compacts on their way into force (规则集、村规民约的制定程序): what each step demands is decided by
//! [`crate::domain::proposal`]; here it is done, one use case each, every step a dated record.

use std::collections::BTreeSet;

use super::{Actor, Desk, ServiceError, ServiceResult, identity, refuse, rulesets};
use crate::{
    domain::{
        ids::{BookId, ProposalId},
        proposal::{Act, Body, Case, EFFECT_DAYS_MAX, Forbidden, Paper, ProposalState, Step, Tally},
        ruleset::{self, Fault, compact},
        time::Day,
    },
    store::{
        StoreError, Tx, WriteTx,
        compact::{self as compacts, CompactRow},
        household,
        proposal::{self as rows, ProposalRow, StepRow},
        voice,
    },
};

mod adopted;
pub mod draft;
pub mod filing;
pub mod simulate;
pub mod view;
pub mod voices;
mod way;

pub use way::Minutes;

/// Proposals a list shows at once.
pub const PROPOSALS_PAGE: i64 = 50;
/// Bytes of a text that is proposed.
pub const TEXT_BYTES_MAX: usize = 200_000;
/// Characters of minutes.
pub const MINUTES_CHARS_MAX: usize = 5_000;
/// The file that faults of a proposed rule set name.
const RULES_FILE: &str = "rules.toml";

/// A proposal with what decides on its next step.
#[derive(Debug)]
struct Loaded {
    row: ProposalRow,
    steps: Vec<StepRow>,
    faults: Vec<Fault>,
    case: Case,
}

/// A step over a meeting's figures or a period, as it is kept.
struct Deed<'a> {
    act: Act,
    by: Actor,
    words: &'a str,
}

impl Desk {
    /// Takes a step: decided, kept, and the proposal moved on.
    async fn take_step(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        loaded: &mut Loaded,
        deed: Deed<'_>,
    ) -> ServiceResult<()> {
        let Loaded { row, steps, faults, case } = loaded;
        if let Act::Meet { tally: Tally { body: Some(Body::Households), entitled, .. }, .. } = &deed.act {
            let registered = household::count(tx, book).await?;
            if *entitled < registered {
                return Err(refuse("entitled_below_register")
                    .with("entitled", entitled)
                    .with("households", registered)
                    .into());
            }
        }
        let actor = deed.by.to_string();
        // by whichever login: a hand in the text is a hand in the text
        let selves = identity::selves_of(tx, book, deed.by).await?;
        let hand = selves.among(case.drafters.iter().chain(&case.hands)).cloned();
        let hand = hand.unwrap_or_else(|| actor.clone());
        let next = case.decide(&deed.act, &hand, self.today()).map_err(|no| forbidden(no, faults))?;
        let mut step = StepRow {
            place: i32::try_from(steps.len()).unwrap_or(i32::MAX) + 1,
            round: row.round,
            step: deed.act.step().as_str().to_owned(),
            held_on: next.on,
            recorded_at: self.now(),
            actor,
            from_state: Some(row.state.clone()),
            to_state: next.state.as_str().to_owned(),
            hash: row.hash.clone(),
            body: None,
            entitled: None,
            present: None,
            yes: None,
            no: None,
            abstain: None,
            open_until: next.open_until,
            words: deed.words.to_owned(),
        };
        match deed.act {
            Act::Meet { tally, .. } => {
                step.body = tally.body.map(|b| b.as_str().to_owned());
                (step.entitled, step.present) = (Some(tally.entitled), Some(tally.present));
                (step.yes, step.no, step.abstain) = (Some(tally.yes), Some(tally.no), Some(tally.abstain));
            }
            Act::Accept => row.accepted_on = Some(next.on),
            Act::Announce { from } => row.effective_from = Some(from),
            _ => {}
        }
        if next.state == ProposalState::Draft && case.state != ProposalState::Draft {
            // from here everything is gone through anew
            row.round += 1;
            row.open_until = None;
        }
        row.open_until = next.open_until.or(row.open_until);
        next.state.as_str().clone_into(&mut row.state);
        row.last_on = next.on;
        rows::save(tx, book, row).await?;
        rows::add_step(tx, book, row.id, &step).await?;
        case.state = next.state;
        steps.push(step);
        Ok(())
    }

    /// A proposal with all that its next step depends on.
    async fn load(&self, tx: &mut Tx, book: BookId, id: ProposalId) -> ServiceResult<Loaded> {
        let row = rows::one(tx, book, id).await?.ok_or(ServiceError::NotFound("proposal"))?;
        let steps = rows::steps(tx, book, id).await?;
        let state = state_of(&row)?;
        let paper = paper_of(&row)?;
        let faults = if state.is_over() { Vec::new() } else { self.faults_of(tx, book, &row, None).await? };
        let unanswered = voice::open(tx, book, id, row.round).await?;
        let who = |wanted: &[Step]| -> BTreeSet<String> {
            let of = |s: &&StepRow| wanted.iter().any(|w| w.as_str() == s.step);
            steps.iter().filter(of).map(|s| s.actor.clone()).collect()
        };
        let townships = [Step::Accept, Step::Return, Step::Repeal];
        let village: Vec<Step> = Step::ALL.iter().copied().filter(|s| !townships.contains(s)).collect();
        let replaces = adopted::latest(tx, book, paper).await?.map(|a| a.from);
        let case = Case {
            paper,
            state,
            drafters: who(&[Step::Draft, Step::Change]),
            hands: who(&village),
            last_on: row.last_on,
            open_until: row.open_until,
            unanswered: usize::try_from(unanswered).unwrap_or(0),
            sound: faults.is_empty(),
            accepted_on: row.accepted_on,
            replaces_from: replaces,
            effective_from: row.effective_from,
        };
        Ok(Loaded { row, steps, faults, case })
    }

    /// What is wrong with a proposed text: beside the compact in force on `from`, or the one to come if that is not
    /// settled yet.
    async fn faults_of(
        &self,
        tx: &mut Tx,
        book: BookId,
        row: &ProposalRow,
        from: Option<Day>,
    ) -> ServiceResult<Vec<Fault>> {
        if paper_of(row)? == Paper::Compact {
            return Ok(compact::parse(&row.content).err().unwrap_or_default());
        }
        let mut faults = ruleset::check(&row.content, RULES_FILE);
        let day = from.unwrap_or_else(|| self.today().plus(EFFECT_DAYS_MAX));
        faults.extend(self.citations(tx, book, &row.content, day).await?);
        Ok(faults)
    }

    /// The items of a rule set that cite clauses not in force on `day`.
    async fn citations(&self, tx: &mut Tx, book: BookId, text: &str, day: Day) -> ServiceResult<Vec<Fault>> {
        let clauses = match compacts::in_force(tx, book, day).await? {
            Some(row) => parsed(&row)?.ids(),
            None => BTreeSet::new(),
        };
        Ok(compact::citations(text, RULES_FILE, &clauses))
    }
}

/// A stored compact, read.
fn parsed(row: &CompactRow) -> ServiceResult<compact::Compact> {
    let found = compact::parse(&row.content);
    Ok(found.map_err(|f| StoreError::inconsistent("compact", "content", format!("{} faults", f.len())))?)
}

fn state_of(row: &ProposalRow) -> ServiceResult<ProposalState> {
    Ok(row.state.parse().map_err(|_| StoreError::inconsistent("proposal", "state", row.state.clone()))?)
}

fn paper_of(row: &ProposalRow) -> ServiceResult<Paper> {
    Ok(row.paper.parse().map_err(|_| StoreError::inconsistent("proposal", "paper", row.paper.clone()))?)
}

/// A text of many lines that must say something and not too much.
fn minutes<'a>(field: &'static str, text: &'a str) -> ServiceResult<&'a str> {
    let text = text.trim();
    if text.is_empty() {
        return Err(refuse("text_missing").with("field", field).into());
    }
    if text.chars().count() > MINUTES_CHARS_MAX {
        return Err(refuse("text_too_long").with("field", field).with("limit", MINUTES_CHARS_MAX).into());
    }
    if text.contains('\0') {
        return Err(refuse("text_unreadable").with("field", field).into());
    }
    Ok(text)
}

/// Why a step may not be taken, with the facts its words need.
fn forbidden(no: Forbidden, faults: &[Fault]) -> ServiceError {
    let refusal = match no {
        Forbidden::NotNow(state) => {
            let words = state.words();
            refuse("not_its_turn").with("state", words.zh).with("state_en", words.en)
        }
        Forbidden::Faulty => rulesets::faulty(faults),
        Forbidden::Days { least, most } => refuse("period_days").with("least", least).with("most", most),
        Forbidden::StillOpen(until) => refuse("still_open").with("until", until),
        Forbidden::Unanswered(count) => refuse("unanswered").with("count", count),
        Forbidden::OwnDraft => refuse("own_draft"),
        Forbidden::OwnHand => refuse("own_hand"),
        Forbidden::Held { earliest, latest } => {
            refuse("meeting_day").with("earliest", earliest).with("latest", latest)
        }
        Forbidden::Headcount => refuse("headcount"),
        Forbidden::NoQuorum { needed } => refuse("no_quorum").with("needed", needed),
        Forbidden::WhichBody => refuse("which_body"),
        Forbidden::AssemblyOnly => refuse("assembly_only"),
        Forbidden::Effect { earliest, latest } => {
            refuse("effect_day").with("earliest", earliest).with("latest", latest)
        }
    };
    refusal.into()
}

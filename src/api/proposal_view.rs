//! Proposals as the API shows them: in lists, and one with its whole life. Holds no operations.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{
        lang::Lang,
        time::{Day, Timestamp},
    },
    service::proposal::view::ProposalFile,
    store::{proposal::ProposalRow, voice::VoiceRow},
    text::T,
};

/// A rule set or compact on its way.
#[derive(Serialize, ToSchema)]
pub(super) struct Proposal {
    /// Its id.
    id: String,
    /// Its number in the book.
    no: i64,
    /// `rules` or `compact`.
    paper: String,
    /// What it is called.
    title: String,
    /// `draft`, `comment`, `checked`, `proposed`, `consulted`, `examined`, `resolved`, `disclosed`, `filed`,
    /// `accepted`, `announced`, `repealed`, `rejected` or `withdrawn`.
    state: String,
    /// How often it was begun anew, from 1.
    round: i32,
    /// The template it was drawn up from, by content hash.
    template: Option<String>,
    /// The content hash of its text.
    hash: String,
    /// The last day of the comment period or notice that runs or ran last.
    #[schema(value_type = Option<String>)]
    open_until: Option<Day>,
    /// The township's number.
    filing_no: Option<String>,
    /// The first day it applies.
    #[schema(value_type = Option<String>)]
    effective_from: Option<Day>,
}

impl From<ProposalRow> for Proposal {
    fn from(p: ProposalRow) -> Self {
        Self {
            id: p.id.to_string(),
            no: p.no,
            paper: p.paper,
            title: p.title,
            state: p.state,
            round: p.round,
            template: p.template,
            hash: p.hash,
            open_until: p.open_until,
            filing_no: p.filing_no,
            effective_from: p.effective_from,
        }
    }
}

/// A step that was taken.
#[derive(Serialize, ToSchema)]
struct ProposalStep {
    /// In which round.
    round: i32,
    /// Which.
    step: String,
    /// The day it was taken, or the meeting held.
    #[schema(value_type = String)]
    held_on: Day,
    /// When it was entered.
    #[schema(value_type = String)]
    recorded_at: Timestamp,
    /// By whom.
    by: String,
    /// Where it led.
    state: String,
    /// The content hash of the text it was about.
    hash: String,
    /// Which body of the villagers met.
    body: Option<String>,
    /// Who might come.
    entitled: Option<i64>,
    /// Who came.
    present: Option<i64>,
    /// For it.
    yes: Option<i64>,
    /// Against it.
    no: Option<i64>,
    /// Neither.
    abstain: Option<i64>,
    /// Minutes, reason or place of posting.
    words: String,
}

/// What somebody said to a proposal.
#[derive(Serialize, ToSchema)]
pub(super) struct Voice {
    /// Its id.
    id: String,
    /// In which round.
    round: i32,
    /// `comment` or `objection`.
    kind: String,
    /// When.
    #[schema(value_type = String)]
    raised_at: Timestamp,
    /// `self`, `proxy` or `anonymous`.
    manner: String,
    /// What.
    content: String,
    /// `open`, `taken` or `not_taken`.
    outcome: String,
    /// The answer.
    answer: Option<String>,
}

impl From<VoiceRow> for Voice {
    fn from(v: VoiceRow) -> Self {
        Self {
            id: v.id.to_string(),
            round: v.round,
            kind: v.kind,
            raised_at: v.raised_at,
            manner: v.manner,
            content: v.content,
            outcome: v.outcome,
            answer: v.answer,
        }
    }
}

/// What the village says otherwise than its template.
#[derive(Serialize, ToSchema)]
struct RuleOverride {
    /// Of which table: `item A2`, `programme`, `new`.
    target: String,
    /// Which key.
    key: String,
    /// What; nothing where the template's word counts again.
    value: Option<String>,
    /// On what ground.
    ground: String,
    /// When.
    #[schema(value_type = String)]
    set_at: Timestamp,
    /// By whom.
    set_by: String,
    /// The number of the proposal it was first made in.
    first_no: i64,
}

/// A proposal with its whole life.
#[derive(Serialize, ToSchema)]
pub(super) struct ProposalDetail {
    /// As it stands.
    proposal: Proposal,
    /// Its text.
    text: String,
    /// Every step, oldest first.
    steps: Vec<ProposalStep>,
    /// What people said.
    voices: Vec<Voice>,
    /// What the village says otherwise than its template.
    overrides: Vec<RuleOverride>,
    /// What is wrong with the text, each with its line.
    faults: Vec<String>,
    /// The same in English.
    faults_en: Vec<String>,
    /// What it changes, in plain words.
    changes: Vec<String>,
    /// The same in English.
    changes_en: Vec<String>,
}

impl From<ProposalFile> for ProposalDetail {
    fn from(f: ProposalFile) -> Self {
        let faults = |lang| f.faults.iter().map(|fault| T(lang).rule_fault(fault)).collect();
        let changes = |lang| f.changes.iter().map(|c| c.sentence(lang)).collect();
        let (faults, faults_en) = (faults(Lang::Zh), faults(Lang::En));
        let (changes, changes_en) = (changes(Lang::Zh), changes(Lang::En));
        let steps = f.steps.into_iter().map(|(s, by)| ProposalStep {
            round: s.round,
            step: s.step,
            held_on: s.held_on,
            recorded_at: s.recorded_at,
            by,
            state: s.to_state,
            hash: s.hash,
            body: s.body,
            entitled: s.entitled,
            present: s.present,
            yes: s.yes,
            no: s.no,
            abstain: s.abstain,
            words: s.words,
        });
        let overrides = f.overrides.into_iter().map(|(o, set_by)| RuleOverride {
            target: o.target,
            key: o.name,
            value: o.value,
            ground: o.ground,
            set_at: o.set_at,
            set_by,
            first_no: o.first_no,
        });
        Self {
            text: f.row.content.clone(),
            steps: steps.collect(),
            voices: f.voices.into_iter().map(Voice::from).collect(),
            overrides: overrides.collect(),
            faults,
            faults_en,
            changes,
            changes_en,
            proposal: f.row.into(),
        }
    }
}

//! Proposals as people look at them: what would change, what is wrong, who did what on which day, and what is in force.
//! Changes nothing.

use super::{PROPOSALS_PAGE, adopted, paper_of, parsed, state_of};
use crate::{
    domain::{
        ids::{BookId, OrgId, ProposalId},
        proposal::{Paper, ProposalState},
        ruleset::{Change, Fault, compact::Compact},
        time::Day,
    },
    service::{Desk, ServiceError, ServiceResult, award::explain::name, caller::Role, session::StaffSignIn},
    store::{
        compact::{self as compacts, CompactRow, RepealRow},
        programme::{self, ProgrammeRow},
        proposal::{self as rows, OverrideRow, ProposalRow, StepRow},
        ruleset::{self as sets, AdoptionRow},
        voice::{self, VoiceRow},
    },
};

/// Villages looked through for what is filed.
const VILLAGES_MAX: i64 = 2_000;

/// A proposal with its whole life.
#[derive(Debug, Clone)]
pub struct ProposalFile {
    /// As it stands.
    pub row: ProposalRow,
    /// What is to be adopted.
    pub paper: Paper,
    /// Where it stands.
    pub state: ProposalState,
    /// Every step, oldest first, each with the name of who entered it.
    pub steps: Vec<(StepRow, String)>,
    /// What people said, oldest first.
    pub voices: Vec<VoiceRow>,
    /// What the village says otherwise than the template, oldest first, each with the name of who put it.
    pub overrides: Vec<(OverrideRow, String)>,
    /// What is wrong with the text.
    pub faults: Vec<Fault>,
    /// What it changes.
    pub changes: Vec<Change>,
}

impl ProposalFile {
    /// Whether people may comment or object on `today`.
    #[must_use]
    pub fn is_open(&self, today: Day) -> bool {
        let asked = matches!(self.state, ProposalState::Comment | ProposalState::Disclosed);
        asked && self.row.open_until.is_some_and(|until| today <= until)
    }
}

/// What applies in a village, and what did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Papers {
    /// Rule sets by first day, latest first.
    pub rules: Vec<AdoptionRow>,
    /// Compacts by first day, latest first.
    pub compacts: Vec<CompactRow>,
    /// Orders that repealed one.
    pub repeals: Vec<RepealRow>,
}

impl Desk {
    /// Proposals numbered below `before`, newest first, without their text.
    pub async fn proposals(&self, book: BookId, before: i64, limit: i64) -> ServiceResult<Vec<ProposalRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(rows::list(&mut tx, book, before, limit.clamp(1, PROPOSALS_PAGE)).await?)
    }

    /// A proposal with its whole life.
    pub async fn proposal(&self, book: BookId, id: ProposalId) -> ServiceResult<ProposalFile> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("proposal"))?;
        let (paper, state) = (paper_of(&row)?, state_of(&row)?);
        let mut steps = Vec::new();
        for step in rows::steps(&mut tx, book, id).await? {
            let who = name(&mut tx, &step.actor).await?;
            steps.push((step, who));
        }
        let mut overrides = Vec::new();
        for put in rows::overrides(&mut tx, book, id).await? {
            let who = name(&mut tx, &put.set_by).await?;
            overrides.push((put, who));
        }
        let faults =
            if state.is_over() { Vec::new() } else { self.faults_of(&mut tx, book, &row, None).await? };
        let base = match &row.base {
            Some(hash) => adopted::text_of(&mut tx, book, paper, hash).await?,
            None => None,
        };
        let changes = base.map_or_else(Vec::new, |base| adopted::changes(paper, &base, &row.content));
        let voices = voice::of(&mut tx, book, id).await?;
        Ok(ProposalFile { row, paper, state, steps, voices, overrides, faults, changes })
    }

    /// A proposal as everybody of the village may see it: from its first disclosure on.
    pub async fn public_proposal(&self, book: BookId, id: ProposalId) -> ServiceResult<ProposalFile> {
        let file = self.proposal(book, id).await?;
        let shown = file.steps.iter().any(|(s, _)| s.open_until.is_some());
        if shown { Ok(file) } else { Err(ServiceError::NotFound("proposal")) }
    }

    /// Proposals on their way that everybody of the village may see, newest first.
    pub async fn public_proposals(&self, book: BookId) -> ServiceResult<Vec<ProposalRow>> {
        let all = self.proposals(book, i64::MAX, PROPOSALS_PAGE).await?;
        let today = self.today();
        let shown = all.into_iter().filter(|p| match p.state.parse() {
            Ok(ProposalState::Draft) | Err(_) => false,
            Ok(ProposalState::Announced) => p.effective_from.is_some_and(|from| from > today),
            Ok(state) => !state.is_over(),
        });
        Ok(shown.collect())
    }

    /// What applies in a village, and what did.
    pub async fn papers(&self, book: BookId) -> ServiceResult<Papers> {
        let mut tx = self.db.begin_read().await?;
        Ok(Papers {
            rules: sets::adoptions(&mut tx, book).await?,
            compacts: compacts::all_of(&mut tx, book).await?,
            repeals: compacts::repeals(&mut tx, book).await?,
        })
    }

    /// The compact in force on `day`, read.
    pub async fn compact_on(&self, book: BookId, day: Day) -> ServiceResult<Option<(CompactRow, Compact)>> {
        let mut tx = self.db.begin_read().await?;
        let Some(row) = compacts::in_force(&mut tx, book, day).await? else { return Ok(None) };
        let compact = parsed(&row)?;
        Ok(Some((row, compact)))
    }

    /// The items of the rules in force that cite clauses no longer in force.
    pub async fn stale_citations(&self, book: BookId) -> ServiceResult<Vec<Fault>> {
        let mut tx = self.db.begin_read().await?;
        let today = self.today();
        let Some(adoption) = sets::in_force(&mut tx, book, today).await? else { return Ok(Vec::new()) };
        let Some(set) = sets::one(&mut tx, &adoption.hash).await? else { return Ok(Vec::new()) };
        if compacts::all_of(&mut tx, book).await?.is_empty() {
            // taken over from paper, with a compact that is on paper, too
            return Ok(Vec::new());
        }
        self.citations(&mut tx, book, &set.content, today).await
    }

    /// What the villages under a township have sent to be filed, by the villages' numbers.
    pub async fn filings(&self, who: &StaffSignIn) -> ServiceResult<Vec<(ProgrammeRow, ProposalRow)>> {
        let places: Vec<OrgId> =
            who.grants.iter().filter(|g| g.role == Role::Township).map(|g| g.org).collect();
        if places.is_empty() {
            return Err(ServiceError::NotAllowed);
        }
        let mut tx = self.db.begin_read().await?;
        let mut out: Vec<(ProgrammeRow, ProposalRow)> = Vec::new();
        for place in places {
            for village in programme::under(&mut tx, place, 0, VILLAGES_MAX).await? {
                for paper in Paper::ALL {
                    let filed = rows::under_way(&mut tx, village.book_id, paper.as_str()).await?;
                    let filed = filed.filter(|p| p.state == ProposalState::Filed.as_str());
                    if let Some(row) = filed.filter(|p| !out.iter().any(|(_, known)| known.id == p.id)) {
                        out.push((village.clone(), row));
                    }
                }
            }
        }
        out.sort_by_key(|(village, row)| (village.no, row.no));
        Ok(out)
    }
}

//! What a round comes to: tried out, and put on record. Every line goes the way of any award; limits, caps and quotas
//! are those of the record form. Where a quota has fewer places than households earned it, those whom two found alike
//! come before those a third decided, and among these a draw that the round's own number fixes: nobody chooses.

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::{Desk, Refusal, Round, ServiceError, ServiceResult, lock, moved, rows};
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{HouseholdId, RoundId},
        inspection::{RoundMove, Settled},
        lang::Lang,
        rule::EvidenceKind,
    },
    service::{
        award::{Evidence, NewAward},
        caller::{Clerk, Recorder},
    },
    store::{WriteTx, award::AwardRow, inspection::RestsOn},
    text::T,
};

/// Lines put on record in one transaction: others want to write, too.
const LINES_AT_ONCE: usize = 100;

/// What one household earned with one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundLine {
    /// The household.
    pub household: HouseholdId,
    /// Its number.
    pub no: HouseholdNo,
    /// The name of its head.
    pub head: String,
    /// The item's code.
    pub item: String,
    /// Its grade.
    pub grade: Option<String>,
    /// How two marks became one.
    pub how: Settled,
    on: RestsOn,
}

/// A line with what became of it, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineAnswer {
    /// The line.
    pub line: RoundLine,
    /// The award, or why there is none.
    pub answer: Result<AwardRow, Refusal>,
}

impl Desk {
    /// What confirming would put on record now, line by line: performed and undone. Nothing is changed.
    pub async fn preview_round(&self, by: &Clerk, id: RoundId) -> ServiceResult<Vec<LineAnswer>> {
        let mut tx = self.db.begin_write().await?;
        moved(&mut tx, by.book, id, RoundMove::Confirm).await?;
        let lines = self.lines_left(&mut tx, by, id).await?;
        self.put_on_record(&mut tx, by, id, lines).await
    }

    /// Puts what was found on record. What is refused to this clerk, who must step back from kin, another may confirm
    /// by doing the same again: each line is recorded once.
    pub async fn confirm_round(&self, by: &Clerk, id: RoundId) -> ServiceResult<Vec<LineAnswer>> {
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = moved(&mut tx, by.book, id, RoundMove::Confirm).await?;
        let lines = self.lines_left(&mut tx, by, id).await?;
        if from != to {
            self.move_round(&mut tx, (by.book, by.actor()), row, (from, to, "confirm"), "").await?;
        }
        tx.commit().await?;
        let mut answers = Vec::with_capacity(lines.len());
        for some in lines.chunks(LINES_AT_ONCE) {
            let mut tx = self.db.begin_write().await?;
            lock(&mut tx, by.book).await?;
            answers.extend(self.put_on_record(&mut tx, by, id, some.to_vec()).await?);
            tx.commit().await?;
        }
        Ok(answers)
    }

    /// What was earned and is not on record, in the order in which quotas are filled.
    async fn lines_left(&self, tx: &mut WriteTx, by: &Clerk, id: RoundId) -> ServiceResult<Vec<RoundLine>> {
        let round = Round::of(tx, by.book, id, self.today()).await?;
        let done = rows::awards(tx, by.book, id).await?;
        let mut lines = lines(&round);
        lines.retain(|l| !done.iter().any(|d| d.household_id == l.household && d.item == l.item));
        Ok(lines)
    }

    async fn put_on_record(
        &self,
        tx: &mut WriteTx,
        by: &Clerk,
        id: RoundId,
        mut lines: Vec<RoundLine>,
    ) -> ServiceResult<Vec<LineAnswer>> {
        let recorder = Recorder::of(by).ok_or(ServiceError::NotAllowed)?;
        let row = rows::one(tx, by.book, id).await?.ok_or(ServiceError::NotFound("round"))?;
        // somebody else may have confirmed some of them meanwhile
        let done = rows::awards(tx, by.book, id).await?;
        lines.retain(|l| !done.iter().any(|d| d.household_id == l.household && d.item == l.item));
        let t = T(Lang::Zh);
        let new = |line: &RoundLine| NewAward {
            household: Some(line.household),
            person: None,
            item: line.item.clone(),
            quantity: Decimal::ONE,
            grade: line.grade.clone(),
            occurred_on: row.seen_on,
            event_key: None,
            hours: None,
            evidence: vec![Evidence {
                kind: EvidenceKind::Inspection,
                note: t.round_evidence(row.no, line.how),
                digest: None,
            }],
            note: String::new(),
            on_behalf: None,
        };
        let new: Vec<NewAward> = lines.iter().map(new).collect();
        let answers = self.record_many_inside(tx, &recorder, &new).await?;
        let mut out = Vec::with_capacity(lines.len());
        for (line, answer) in lines.into_iter().zip(answers) {
            if let Ok(award) = &answer {
                rows::add_award(tx, by.book, award.id, (line.household, &line.item), &line.on).await?;
            }
            out.push(LineAnswer { line, answer });
        }
        Ok(out)
    }
}

/// Everything a round's settled households earned.
pub(super) fn lines(round: &Round) -> Vec<RoundLine> {
    let mut out = Vec::new();
    for (home, item, grade, how) in round.settled(false) {
        let eyes = round.eyes(home.id);
        let [first, second, rest @ ..] = eyes.as_slice() else { continue };
        let third = rest.first().copied().filter(|_| how == Settled::Decided);
        out.push(RoundLine {
            household: home.id,
            no: home.no.clone(),
            head: home.head.clone().unwrap_or_default(),
            item,
            grade,
            how,
            on: RestsOn {
                round_id: round.row.id,
                no: round.row.no,
                first_id: *first,
                second_id: *second,
                third_id: third,
            },
        });
    }
    out.sort_by_cached_key(|l| (l.item.clone(), l.how, draw(round.row.id, l.household)));
    out
}

/// The place of a household in the draw of a round: anybody can work it out again, nobody can choose it.
fn draw(round: RoundId, household: HouseholdId) -> Vec<u8> {
    Sha256::new().chain_update(round.0.as_bytes()).chain_update(household.0.as_bytes()).finalize().to_vec()
}

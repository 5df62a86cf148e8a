//! Appeals (申诉): whoever the village's answer does not satisfy may ask the township once, within five days. A line on
//! its way is frozen again meanwhile, what is left of an award waits; of one that is in the ledger already the township
//! asks a reversal. The township's word is final.

use super::{
    Actor, Desk, ServiceError, ServiceResult,
    award::{
        amend::{self, Ground},
        required, state_changed,
    },
    caller::{Clerk, Resident, Township},
    course::{ObjectionFile, file},
    objection::{OBJECTIONS_PAGE, happened, line_of, settle_others, write_line},
    refuse,
};
use crate::{
    domain::{
        due_process::AwardState,
        ids::{AppealId, BookId, HouseholdId, ObjectionId},
        objection::Finding,
    },
    store::{
        Tx, WriteTx,
        appeal::{self as rows, AppealRow},
        award::{self as awards, AwardRow},
        ledger::read,
        objection::{self as objections, ObjectionRow},
        reversal,
        serial::{self, Series},
    },
};

/// Who appeals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Appellant {
    /// A household, signed in.
    Resident(Resident),
    /// A household whose word or paper the clerk wrote down.
    Proxy {
        /// The clerk.
        clerk: Clerk,
        /// Whose word it is.
        household: HouseholdId,
    },
    /// Whoever raised a lead without a name and has shown its code.
    Unnamed {
        /// In which book.
        book: BookId,
    },
}

impl Appellant {
    const fn manner(&self) -> &'static str {
        match self {
            Self::Resident(_) => "self",
            Self::Proxy { .. } => "proxy",
            Self::Unnamed { .. } => "anonymous",
        }
    }

    fn book(&self) -> BookId {
        match self {
            Self::Resident(resident) => resident.book,
            Self::Proxy { clerk, .. } => clerk.book,
            Self::Unnamed { book } => *book,
        }
    }

    fn actor(&self) -> Actor {
        match self {
            Self::Resident(resident) => resident.actor(),
            Self::Proxy { clerk, .. } => clerk.actor(),
            Self::Unnamed { .. } => Actor::Unnamed,
        }
    }

    const fn household(&self) -> Option<HouseholdId> {
        match self {
            Self::Resident(resident) => Some(resident.household),
            Self::Proxy { household, .. } => Some(*household),
            Self::Unnamed { .. } => None,
        }
    }
}

/// An appeal with what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppealFile {
    /// The appeal.
    pub appeal: AppealRow,
    /// The objection and its course.
    pub objection: ObjectionFile,
}

impl Desk {
    /// Takes the village's answer to the township. When the objection fell it may be taken there by whoever raised it,
    /// when it stood by the household that lost its award, and when it was right in part by either, once.
    pub async fn appeal(
        &self,
        by: &Appellant,
        objection: ObjectionId,
        content: &str,
    ) -> ServiceResult<AppealRow> {
        let content = required("content", content)?;
        let book = by.book();
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, book, Series::Appeal, 1).await?;
        serial::take(&mut tx, book, Series::Objection, 0).await?;
        let row = objections::one(&mut tx, book, objection).await?;
        let row = row.ok_or(ServiceError::NotFound("objection"))?;
        let found = file(&mut tx, book, row).await?;
        let actor = by.actor().to_string();
        if let Some(first) = &found.appeal {
            // the same words again after a lost answer
            let same = first.raised_by == actor && first.content == content;
            return if same { Ok(first.clone()) } else { Err(refuse("already_appealed").into()) };
        }
        let Some(village) = Finding::of(&found.objection.state) else {
            return Err(refuse("not_decided").into());
        };
        let award = awards::one(&mut tx, book, found.objection.award_id).await?;
        let award = award.ok_or(ServiceError::NotFound("award"))?;
        let amended = found.amended.is_some();
        check_appellant(by, (village, amended), &found, &award)?;
        if !found.may_appeal(self.now()) {
            let until = found.due().map(crate::domain::time::Timestamp::minute).unwrap_or_default();
            return Err(refuse("appeal_late").with("until", until).into());
        }
        // what was left of an award waits on its own; a dismissed line waits as it hangs
        let award = if amended { amend::standing(&mut tx, book, award).await? } else { award };
        if amended || village == Finding::Dismiss {
            self.freeze_again(&mut tx, by, &award).await?;
        } else {
            if award.state()? != AwardState::Rejected {
                return Err(refuse("nothing_to_appeal").with("state", award.state()?).into());
            }
            let others = rows::of_award(&mut tx, book, award.id).await?;
            if others.iter().any(|a| a.household_id == by.household()) {
                return Err(refuse("already_appealed").into());
            }
        }
        let row = AppealRow {
            id: self.id(),
            no,
            objection_id: objection,
            award_id: award.id,
            raised_at: self.now(),
            manner: by.manner().to_owned(),
            raised_by: actor,
            household_id: by.household(),
            content: content.to_owned(),
            state: "open".to_owned(),
            decided_at: None,
            decided_by: None,
            decision: None,
        };
        rows::add(&mut tx, book, &row).await?;
        self.note_objection(&mut tx, book, objection, "appeal", by.actor()).await?;
        tx.commit().await?;
        Ok(row)
    }

    async fn freeze_again(&self, tx: &mut WriteTx, by: &Appellant, award: &AwardRow) -> ServiceResult<()> {
        let from = line_of(tx, by.book(), award).await?;
        let pace = self.pace(tx, by.book(), award).await?;
        let to = from
            .appeal(self.now(), pace)
            .map_err(|_| refuse("nothing_to_appeal").with("state", from.state))?;
        if write_line(tx, by.book(), award.id, (from, to), "").await? {
            let what = happened("appeal", from.state, to.state, by.actor(), "");
            self.note_award(tx, by.book(), award.id, what).await?;
        }
        Ok(())
    }

    /// The township's final word. Nobody of it who had a part in the award or in the village's answer may say it, nor
    /// the kin of either household. Upheld: the village was wrong. An objection that had fallen then brings the line
    /// down, or asks for the reversal of what is in the ledger; an award that had fallen stands again whole, as one of
    /// its own on a sheet of its own, because a sheet that hung is never changed. Dismissed: it stays as the village
    /// said.
    pub async fn decide_appeal(
        &self,
        by: &Township,
        id: AppealId,
        finding: Finding,
        words: &str,
    ) -> ServiceResult<AwardState> {
        let words = required("decision", words)?;
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, by.book, Series::Objection, 0).await?;
        let appeal = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("appeal"))?;
        let actor = by.actor().to_string();
        let award = awards::one(&mut tx, by.book, appeal.award_id).await?;
        let award = award.ok_or(ServiceError::NotFound("award"))?;
        let decided = (appeal.decided_by.as_deref(), appeal.state.as_str(), appeal.decision.as_deref());
        if decided == (Some(actor.as_str()), finding.as_str(), Some(words)) {
            // the same word again after a lost answer
            return Ok(award.state()?);
        }
        if appeal.state != "open" {
            return Err(refuse("already_decided").with("state", &appeal.state).into());
        }
        let objection = objections::one(&mut tx, by.book, appeal.objection_id).await?;
        let objection = objection.ok_or(ServiceError::NotFound("objection"))?;
        if objection.decided_by.as_ref().is_some_and(|who| by.selves().are(who)) {
            return Err(refuse("own_decision").into());
        }
        self.may_decide(&mut tx, by, &objection, &award).await?;
        let word = Word { by, finding, words };
        let state = self.word_on_line(&mut tx, &word, (&appeal, &objection), &award).await?;
        let stood = Finding::of(&objection.state) == Some(Finding::Uphold);
        // only what has fallen stands again: what is on its way once more, on a recalled sheet, is not given twice
        if stood
            && state == AwardState::Rejected
            && finding == Finding::Uphold
            && appeal.household_id == Some(award.household_id)
        {
            self.whole_again(&mut tx, &word, (&appeal, &objection), &award).await?;
        }
        self.note_objection(&mut tx, by.book, objection.id, "conclude", by.actor()).await?;
        tx.commit().await?;
        Ok(state)
    }

    /// Writes the word down, with what it does to the line it is about; where that stands then.
    async fn word_on_line(
        &self,
        tx: &mut WriteTx,
        Word { by, finding, words }: &Word<'_>,
        (appeal, objection): (&AppealRow, &ObjectionRow),
        award: &AwardRow,
    ) -> ServiceResult<AwardState> {
        let (now, actor) = (self.now(), by.actor().to_string());
        let from = line_of(tx, by.book, award).await?;
        let amended = award.id != objection.award_id;
        if amended && from.open > 1 && *finding == Finding::Uphold {
            return Err(refuse("appeals_open").into());
        }
        rows::decide(tx, by.book, appeal.id, (finding.as_str(), words), now, &actor)
            .await
            .map_err(state_changed)?;
        if !amended && Finding::of(&objection.state) != Some(Finding::Dismiss) {
            return Ok(from.state);
        }
        let pace = self.pace(tx, by.book, award).await?;
        let to = from.settle(*finding == Finding::Uphold, now, pace);
        let changed = write_line(tx, by.book, award.id, (from, to), words).await?;
        if changed {
            let verb = if *finding == Finding::Uphold { "overrule" } else { "confirm" };
            let what = happened(verb, from.state, to.state, by.actor(), words);
            self.note_award(tx, by.book, award.id, what).await?;
        }
        if changed && to.state == AwardState::Rejected {
            settle_others(tx, by.book, award.id, (now, &actor, words)).await?;
        }
        if to.state == AwardState::Posted && *finding == Finding::Uphold {
            self.ask_back(tx, by, award, words).await?;
        }
        Ok(to.state)
    }

    /// What a household lost stands again whole. Where the rules have no room left for it, the word stands all the same,
    /// and the village records what there is room for.
    async fn whole_again(
        &self,
        tx: &mut WriteTx,
        Word { by, words, .. }: &Word<'_>,
        (appeal, objection): (&AppealRow, &ObjectionRow),
        last: &AwardRow,
    ) -> ServiceResult<()> {
        let origin = awards::one(tx, by.book, objection.award_id).await?;
        let origin = origin.ok_or(ServiceError::NotFound("award"))?;
        let ground =
            Ground { by, objection: objection.id, appeal: Some(appeal.id), waits_until: None, words };
        match self.stand_whole(tx, (&origin, last), ground).await {
            Ok(_) | Err(ServiceError::Refused(_)) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// Asks for the reversal of a line that is in the ledger already; the village's second person agrees to it.
    async fn ask_back(
        &self,
        tx: &mut WriteTx,
        by: &Township,
        award: &AwardRow,
        words: &str,
    ) -> ServiceResult<()> {
        let Some(seq) = award.txn_seq else { return Ok(()) };
        let waiting = reversal::of_seq(tx, by.book, seq).await?.iter().any(|r| r.state == "requested");
        if waiting || read::reversed_by(tx, by.book, seq).await?.is_some() {
            return Ok(());
        }
        let row = reversal::ReversalRow {
            id: self.id(),
            seq,
            requested_at: self.now(),
            requested_by: by.actor().to_string(),
            reason: words.to_owned(),
            state: "requested".to_owned(),
            decided_at: None,
            decided_by: None,
            decision: None,
            txn_seq: None,
            correction_seq: None,
        };
        Ok(reversal::add(tx, by.book, &row).await?)
    }

    /// Appeals in a state (`open`, `upheld`, `dismissed`) numbered below `before`, newest first.
    pub async fn appeals(&self, by: &Township, state: &str, before: i64) -> ServiceResult<Vec<AppealFile>> {
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for appeal in rows::list(&mut tx, by.book, state, before, OBJECTIONS_PAGE).await? {
            out.push(appeal_file(&mut tx, by.book, appeal).await?);
        }
        Ok(out)
    }

    /// One appeal with what it is about.
    pub async fn appeal_file(&self, by: &Township, id: AppealId) -> ServiceResult<AppealFile> {
        let mut tx = self.db.begin_read().await?;
        let appeal = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("appeal"))?;
        appeal_file(&mut tx, by.book, appeal).await
    }
}

async fn appeal_file(tx: &mut Tx, book: BookId, appeal: AppealRow) -> ServiceResult<AppealFile> {
    let row = objections::one(tx, book, appeal.objection_id).await?;
    let row = row.ok_or(ServiceError::NotFound("objection"))?;
    let objection = file(tx, book, row).await?;
    Ok(AppealFile { appeal, objection })
}

/// An objection that fell is its objector's to take further, one that stood the awarded household's, one that was right
/// in part either's.
fn check_appellant(
    by: &Appellant,
    (village, amended): (Finding, bool),
    found: &ObjectionFile,
    award: &AwardRow,
) -> ServiceResult<()> {
    let objector = (amended || village == Finding::Dismiss) && found.objection.household_id == by.household();
    let awarded = village == Finding::Uphold && by.household() == Some(award.household_id);
    if objector || awarded { Ok(()) } else { Err(refuse("not_your_objection").into()) }
}

/// A final word.
struct Word<'a> {
    by: &'a Township,
    finding: Finding,
    words: &'a str,
}

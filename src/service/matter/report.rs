//! Reporting a matter, on the phone or at the office for somebody without one, and taking a report back.

use super::{
    Claimant, Desk, ServiceError, ServiceResult, WAITING_MAX, check::paused, moved, photo::Taken, refuse,
    rows,
};
use crate::{
    domain::{
        household::{HouseholdNo, household_on},
        ids::{BookId, MatterId, OrgId, PersonId},
        matter::{MatterKind, MatterManner, MatterMove, MatterState, is_heard_in_pause},
    },
    service::{
        award::required,
        caller::{Recorder, Resident},
    },
    store::{
        Tx,
        household::{self, Household},
        matter::MatterRow,
        org, person,
        serial::{self, Series},
    },
};

/// What somebody saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMatter {
    /// Whose report it is; left out, of the household that is signed in.
    pub household: Option<HouseholdNo>,
    /// Who saw it, where that is known.
    pub person: Option<PersonId>,
    /// In which group it is; left out, in that of the household.
    pub group: Option<OrgId>,
    /// What it is about.
    pub kind: MatterKind,
    /// How it came, when it is keyed in.
    pub manner: MatterManner,
    /// Where it is and what is wrong, in the household's words.
    pub words: String,
    /// A photo, as the phone sent it.
    pub photo: Option<Vec<u8>>,
}

impl Desk {
    /// Reports a matter under the reporter's key: the same key again answers with the same matter.
    pub async fn report_matter(&self, by: &Claimant, new: NewMatter, key: &str) -> ServiceResult<MatterRow> {
        // made small before anything is locked
        let taken = Taken::of(new.photo.clone()).await?;
        let words = required("words", &new.words)?;
        if key.is_empty() || key.len() > 128 || key.contains('\0') {
            return Err(refuse("invalid_key").into());
        }
        let (book, actor) = (by.book(), by.actor().to_string());
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, book, Series::Matter, 1).await?;
        if let Some(first) = rows::by_key(&mut tx, book, &actor, key).await? {
            return Ok(first);
        }
        let home = self.whose_matter(&mut tx, by, &new).await?;
        let recent = rows::of_household(&mut tx, book, home.id, i64::MAX, 100).await?;
        if recent.iter().filter(|m| m.state == MatterState::Reported.as_str()).count() >= WAITING_MAX {
            return Err(refuse("too_many_matters").with("limit", WAITING_MAX).into());
        }
        if !is_heard_in_pause(new.kind)
            && let Some(until) = paused(&mut tx, book, home.id, self.now()).await?
        {
            return Err(refuse("matter_paused").with("until", until).into());
        }
        let row = MatterRow {
            id: self.id(),
            no,
            key: key.to_owned(),
            household_id: home.id,
            person_id: new.person,
            group_id: group_of(&mut tx, book, &home, new.group).await?,
            kind: new.kind.as_str().to_owned(),
            manner: manner(by, new.manner).as_str().to_owned(),
            words: words.to_owned(),
            reported_at: self.now(),
            reported_by: actor.clone(),
            state: MatterState::Reported.as_str().to_owned(),
            moved_at: self.now(),
            moved_by: actor,
            grade: None,
            first_id: None,
            assignee: None,
            finished_by: None,
            remark: String::new(),
            award_id: None,
            unpaid: None,
            mended: false,
            mended_award_id: None,
            malicious: false,
        };
        rows::add(&mut tx, book, &row).await?;
        self.keep_photo(&mut tx, book, row.id, taken).await?;
        self.note_matter(&mut tx, book, row.id, ("report", None, MatterState::Reported), by.actor(), "")
            .await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Takes a report back while nobody has looked. Its photo and its words go with it.
    pub async fn withdraw_matter(&self, by: &Resident, id: MatterId) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        let row = rows::one(&mut tx, by.book, id).await?;
        row.filter(|m| m.household_id == by.household).ok_or(ServiceError::NotFound("matter"))?;
        let (row, from, to) = moved(&mut tx, by.book, id, MatterMove::Withdraw).await?;
        self.move_matter(&mut tx, by.book, (from, to, "withdraw"), by.actor(), row).await?;
        self.forget_matter(&mut tx, by.book, id).await?;
        Ok(tx.commit().await?)
    }

    /// Erases what a report says and shows, with the reason: the digest stays, and so does the award.
    pub async fn erase_matter_papers(&self, by: &Recorder, id: MatterId, reason: &str) -> ServiceResult<()> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("matter"))?;
        let state = row.state()?;
        super::unbiased(self, &mut tx, by, &row).await?;
        self.forget_matter(&mut tx, by.book, id).await?;
        self.note_matter(&mut tx, by.book, id, ("erase", Some(state), state), by.actor(), reason).await?;
        Ok(tx.commit().await?)
    }

    /// The household of a report: one's own, or one of the part of the village that staff look after.
    async fn whose_matter(&self, tx: &mut Tx, by: &Claimant, new: &NewMatter) -> ServiceResult<Household> {
        let (book, today) = (by.book(), self.today());
        let home = match (by, &new.household) {
            (Claimant::Household(resident), _) => household::by_id(tx, book, resident.household).await?,
            (Claimant::Staff(_), Some(no)) => household::by_no(tx, book, no).await?,
            (Claimant::Staff(_), None) => return Err(refuse("household_missing").into()),
        };
        let home = home.ok_or(ServiceError::NotFound("household"))?;
        if let Claimant::Staff(staff) = by
            && !super::in_part(tx, staff, home.org_id).await?
        {
            return Err(refuse("outside_scope").with("household", &home.no).into());
        }
        if !home.state()?.may_earn() {
            return Err(refuse("household_not_active").with("household", &home.no).into());
        }
        if let Some(person) = new.person {
            let memberships = person::memberships(tx, book, person).await?;
            if household_on(&memberships, person, today) != Some(home.id) {
                return Err(refuse("not_a_member").with("day", today).into());
            }
        }
        Ok(home)
    }
}

/// Whoever is signed in as a household reports for it; what staff key in came by telephone or on paper.
fn manner(by: &Claimant, said: MatterManner) -> MatterManner {
    match (by, said) {
        (Claimant::Household(_), _) => MatterManner::Own,
        (Claimant::Staff(_), MatterManner::Own) => MatterManner::Paper,
        (Claimant::Staff(_), said) => said,
    }
}

/// The groups of a village that have households, with their names.
pub(super) async fn groups(tx: &mut Tx, book: BookId) -> ServiceResult<Vec<(OrgId, String)>> {
    let mut out = Vec::new();
    for (id, _) in household::groups(tx, book).await? {
        let name = org::by_id(tx, id).await?.map(|o| o.name).unwrap_or_default();
        out.push((id, name));
    }
    Ok(out)
}

async fn group_of(tx: &mut Tx, book: BookId, home: &Household, said: Option<OrgId>) -> ServiceResult<OrgId> {
    match said {
        None => Ok(home.group_id),
        Some(group) if household::groups(tx, book).await?.iter().any(|(id, _)| *id == group) => Ok(group),
        Some(_) => Err(refuse("matter_no_group").into()),
    }
}

//! Handing a claim in, and taking it back.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{
    Claimant, Desk, HELPED_A_DAY_MAX, ServiceError, ServiceResult, WAITING_MAX, concerns, files::Attached,
    in_scope, moved, not_theirs, refuse,
};
use crate::{
    domain::{
        claim::{ClaimMove, ClaimState, Manner},
        household::{HouseholdNo, household_on},
        ids::{ClaimId, HouseholdId, PersonId},
        rule::Direction,
        time::Day,
    },
    service::{
        award::{OCCURRED_DAYS_MAX, limited},
        caller::{Resident, Role},
        rulesets,
    },
    store::{
        Tx, WriteTx,
        claim::{self as rows, ClaimRow},
        household::{self, Household},
        person,
        serial::{self, Series},
    },
};

/// Characters of the helper's name or the paper's number.
const HELPER_CHARS_MAX: usize = 60;

/// What somebody says a household did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClaim {
    /// For which household; left out, the one that is signed in.
    pub household: Option<HouseholdNo>,
    /// Who did it, where that matters.
    pub person: Option<PersonId>,
    /// The item's code.
    pub item: String,
    /// Which grade, if the claimant knows.
    pub grade: Option<String>,
    /// How much, in the item's unit.
    pub quantity: Decimal,
    /// The day it happened.
    pub occurred_on: Day,
    /// What the claimant says.
    pub words: String,
    /// Who helped, or the number of the paper.
    pub helper: String,
    /// A photo, as the phone sent it.
    pub photo: Option<Vec<u8>>,
    /// A voice note, as the phone sent it.
    pub voice: Option<Vec<u8>>,
}

impl Desk {
    /// Hands a claim in under the claimant's key: the same key again answers with the same claim.
    pub async fn hand_in(&self, by: &Claimant, new: NewClaim, key: &str) -> ServiceResult<ClaimRow> {
        let NewClaim { photo, voice, .. } = &new;
        // made small before anything is locked
        let attached = Attached::of(photo.clone(), voice.clone()).await?;
        let words = limited("words", new.words.trim())?;
        let helper = new.helper.trim();
        if helper.chars().count() > HELPER_CHARS_MAX || helper.contains('\0') {
            return Err(refuse("text_too_long")
                .with("field", "helper")
                .with("limit", HELPER_CHARS_MAX)
                .into());
        }
        if key.is_empty() || key.len() > 128 {
            return Err(refuse("invalid_key").into());
        }
        let (book, actor) = (by.book(), by.actor().to_string());
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, book, Series::Claim, 1).await?;
        if let Some(first) = rows::by_key(&mut tx, book, &actor, key).await? {
            return Ok(first);
        }
        self.check_item(&mut tx, by, &new).await?;
        let home = self.whose_claim(&mut tx, by, &new).await?;
        self.check_many(&mut tx, by, home.id).await?;
        let row = ClaimRow {
            id: self.id(),
            no,
            key: key.to_owned(),
            household_id: home.id,
            person_id: new.person,
            item: new.item.clone(),
            grade: new.grade.clone().filter(|g| !g.is_empty()),
            quantity: new.quantity.normalize().to_string(),
            occurred_on: new.occurred_on,
            words: words.to_owned(),
            manner: manner(by, home.id).as_str().to_owned(),
            helper: helper.to_owned(),
            claimed_at: self.now(),
            claimed_by: actor,
            state: ClaimState::Received.as_str().to_owned(),
            handler: None,
            handled_at: None,
            reason: None,
            award_id: None,
        };
        rows::add(&mut tx, book, &row).await?;
        self.attach(&mut tx, book, row.id, attached).await?;
        let step = ("claim", None, ClaimState::Received);
        self.note_claim(&mut tx, book, row.id, step, by.actor(), helper).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Takes a claim back while nobody has decided on it. Its photo and voice note go with it.
    pub async fn withdraw_claim(&self, by: &Resident, id: ClaimId) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        let row = rows::one(&mut tx, by.book, id).await?;
        row.filter(|row| concerns(row, by)).ok_or(ServiceError::NotFound("claim"))?;
        let (row, from, to) = moved(&mut tx, by.book, id, ClaimMove::Withdraw).await?;
        let row = ClaimRow { state: to.as_str().to_owned(), handled_at: Some(self.now()), ..row };
        rows::advance(&mut tx, by.book, from, &row).await?;
        self.erase_files(&mut tx, by.book, id).await?;
        self.note_claim(&mut tx, by.book, id, ("withdraw", Some(from), to), by.actor(), "").await?;
        Ok(tx.commit().await?)
    }

    /// An item of the day's rules that gives something, on a day that can still be entered.
    async fn check_item(&self, tx: &mut Tx, by: &Claimant, new: &NewClaim) -> ServiceResult<()> {
        let today = self.today();
        if new.occurred_on > today {
            return Err(refuse("future_date")
                .with("effective_on", new.occurred_on)
                .with("today", today)
                .into());
        }
        if today.number() - new.occurred_on.number() > OCCURRED_DAYS_MAX {
            return Err(refuse("too_long_ago")
                .with("occurred_on", new.occurred_on)
                .with("days", OCCURRED_DAYS_MAX)
                .into());
        }
        let set = rulesets::in_force(tx, by.book(), new.occurred_on).await?;
        let item = set.item(&new.item).ok_or_else(|| refuse("unknown_item").with("item", &new.item))?;
        if !item.enabled || item.direction != Direction::Credit {
            return Err(refuse("not_claimable").with("item", &new.item).into());
        }
        let known = new.grade.as_deref().is_none_or(|grade| grade.is_empty() || item.grade(grade).is_some());
        if !known {
            return Err(refuse("unknown_item").with("item", new.grade.clone().unwrap_or_default()).into());
        }
        if new.quantity <= Decimal::ZERO {
            return Err(refuse("bad_number").with("text", new.quantity).into());
        }
        Ok(())
    }

    /// The household of a claim: one's own or kin's, or one of the part of the village that staff look after.
    async fn whose_claim(&self, tx: &mut Tx, by: &Claimant, new: &NewClaim) -> ServiceResult<Household> {
        let book = by.book();
        let home = match (&new.household, by) {
            (Some(no), _) => household::by_no(tx, book, no).await?,
            (None, Claimant::Household(resident)) => household::by_id(tx, book, resident.household).await?,
            (None, Claimant::Staff(_)) => return Err(refuse("household_missing").into()),
        };
        let home = home.ok_or(ServiceError::NotFound("household"))?;
        match by {
            Claimant::Household(resident) if resident.household != home.id => {
                let kin = kin_households(tx, resident, self.today()).await?;
                if !kin.contains(&home.id) {
                    return Err(not_theirs(home.id).into());
                }
            }
            Claimant::Household(_) => {}
            Claimant::Staff(staff) => {
                if !in_scope(tx, staff, &home).await? {
                    return Err(refuse("outside_scope").with("household", &home.no).into());
                }
            }
        }
        if !home.state()?.may_earn() || new.occurred_on < home.opened_on {
            return Err(refuse("household_not_active").with("household", &home.no).into());
        }
        if let Some(person) = new.person {
            let memberships = person::memberships(tx, book, person).await?;
            if household_on(&memberships, person, new.occurred_on) != Some(home.id) {
                return Err(refuse("not_a_member").with("day", new.occurred_on).into());
            }
        }
        Ok(home)
    }

    /// Not more claims than somebody can look into, and not for half the village.
    async fn check_many(&self, tx: &mut WriteTx, by: &Claimant, home: HouseholdId) -> ServiceResult<()> {
        let recent = rows::of_household(tx, by.book(), home, i64::MAX, 100).await?;
        let open = |c: &&ClaimRow| matches!(c.state.as_str(), "received" | "checking");
        if recent.iter().filter(open).count() >= WAITING_MAX {
            return Err(refuse("too_many_claims").with("limit", WAITING_MAX).into());
        }
        let Claimant::Household(resident) = by else { return Ok(()) };
        if resident.household == home {
            return Ok(());
        }
        let mine = rows::of_claimant(tx, by.book(), &by.actor().to_string(), i64::MAX, 100).await?;
        let today = self.today();
        let mut helped: BTreeSet<HouseholdId> = mine
            .iter()
            .filter(|c| c.claimed_at.day() == today && c.household_id != resident.household)
            .map(|c| c.household_id)
            .collect();
        helped.insert(home);
        if helped.len() > HELPED_A_DAY_MAX {
            return Err(refuse("too_many_helped").with("limit", HELPED_A_DAY_MAX).into());
        }
        Ok(())
    }
}

fn manner(by: &Claimant, home: HouseholdId) -> Manner {
    match by {
        Claimant::Household(resident) if resident.household == home => Manner::Own,
        Claimant::Household(_) => Manner::Helper,
        Claimant::Staff(staff) if staff.holds(Role::Clerk) => Manner::Paper,
        Claimant::Staff(_) => Manner::Head,
    }
}

/// The households of the kin of a household's members: who may be helped. Out of the register, not out of a form.
pub(super) async fn kin_households(
    tx: &mut Tx,
    by: &Resident,
    today: Day,
) -> ServiceResult<BTreeSet<HouseholdId>> {
    let mut out = BTreeSet::new();
    for member in person::members(tx, by.book, by.household, today).await? {
        for tie in person::kin_of(tx, by.book, member.id).await? {
            let Some((relative, _)) = tie.seen_from(member.id).filter(|_| tie.stands_on(today)) else {
                continue;
            };
            let memberships = person::memberships(tx, by.book, relative).await?;
            out.extend(household_on(&memberships, relative, today));
        }
    }
    out.remove(&by.household);
    Ok(out)
}

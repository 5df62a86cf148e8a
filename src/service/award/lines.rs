//! Awards as the people who work on them see them: full names inside the village office, where a sheet shows masks.

use std::collections::HashMap;

use super::{Desk, ServiceError, ServiceResult};
use crate::{
    domain::{
        award::Explanation,
        code::{Scanned, classify, phone},
        due_process::AwardState,
        household::HouseholdNo,
        ids::{BookId, HouseholdId, OrgId},
        rule::Label,
        time::Day,
    },
    service::{Actor, Refusal, caller::Staff, identity, recusal::Ties, rulesets},
    store::{StoreError, Tx, award::AwardRow, card, household, org, person},
};

/// An award with the names that go with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwardLine {
    /// The award.
    pub award: AwardRow,
    /// The household's number.
    pub household_no: String,
    /// Its head, name in full.
    pub head: String,
    /// Who did it, name in full, where the item counts by person.
    pub person: Option<String>,
    /// The group's name.
    pub group: String,
    /// The item's name.
    pub item: Label,
    /// How the number came about.
    pub explanation: Explanation,
    /// While it waits for review: that its recorder is of the household, or kin of it, today. They were not on the day
    /// it was recorded, or it would have been refused then.
    pub tie: Option<Refusal>,
}

impl Desk {
    /// Awards with the names that go with them.
    pub async fn lines_of(&self, by: &Staff, awards: Vec<AwardRow>) -> ServiceResult<Vec<AwardLine>> {
        let mut tx = self.db.begin_read().await?;
        let mut names = Names::default();
        let mut lines = Vec::with_capacity(awards.len());
        for award in awards {
            lines.push(line(&mut tx, by, award, &mut names, self.today()).await?);
        }
        Ok(lines)
    }

    /// The household whose card, phone code or number was scanned or typed; nothing when it is none of these.
    pub async fn household_by_code(&self, by: &Staff, scanned: &str) -> ServiceResult<Option<HouseholdNo>> {
        let mut tx = self.db.begin_read().await?;
        let id = match classify(scanned) {
            Scanned::CardQr(token) => card::by_digest(&mut tx, by.book, &token.digest()).await?,
            Scanned::CardNumber(number) => card::by_no(&mut tx, by.book, number.as_str()).await?,
            Scanned::PhoneCode(digits) => {
                let Ok(opened) = phone::open(&self.phone_key(), by.book, &digits, self.now()) else {
                    return Ok(None);
                };
                let found =
                    household::by_credential(&mut tx, by.book, i64::from(opened.credential_no)).await?;
                return Ok(found.map(|h| h.no));
            }
            Scanned::HouseholdNo(no) => {
                return Ok(household::by_no(&mut tx, by.book, &no).await?.map(|h| h.no));
            }
            Scanned::Unknown => return Ok(None),
        };
        let Some(card) = id.filter(card::CardRow::is_active) else { return Ok(None) };
        Ok(household::by_id(&mut tx, by.book, card.household_id).await?.map(|h| h.no))
    }
}

/// Names looked up once a list.
#[derive(Debug, Default)]
struct Names {
    households: HashMap<HouseholdId, (String, String)>,
    groups: HashMap<OrgId, String>,
    ties: HashMap<String, Ties>,
}

impl Names {
    /// What ties the recorder of an award that waits for review to its household on `today`.
    async fn tie(
        &mut self,
        tx: &mut Tx,
        book: BookId,
        award: &AwardRow,
        today: Day,
    ) -> ServiceResult<Option<Refusal>> {
        if award.state()? != AwardState::Recorded {
            return Ok(None);
        }
        if !self.ties.contains_key(&award.recorder) {
            let own = match award.recorder.parse() {
                Ok(Actor::User(user)) => identity::known(tx, book, user).await?.person,
                _ => None,
            };
            self.ties.insert(award.recorder.clone(), Ties::of(tx, book, own).await?);
        }
        Ok(self.ties.get(&award.recorder).and_then(|ties| ties.bar(award.household_id, &[today])))
    }
}

async fn line(
    tx: &mut Tx,
    by: &Staff,
    award: AwardRow,
    names: &mut Names,
    today: Day,
) -> ServiceResult<AwardLine> {
    let (household_no, head) = match names.households.get(&award.household_id) {
        Some(known) => known.clone(),
        None => {
            let found = household::by_id(tx, by.book, award.household_id)
                .await?
                .ok_or(ServiceError::NotFound("household"))?;
            let head = person::head(tx, by.book, found.id).await?.unwrap_or_default();
            let pair = (found.no.to_string(), head);
            names.households.insert(found.id, pair.clone());
            pair
        }
    };
    let group = match names.groups.get(&award.group_id) {
        Some(known) => known.clone(),
        None => {
            let name = org::by_id(tx, award.group_id).await?.map(|o| o.name).unwrap_or_default();
            names.groups.insert(award.group_id, name.clone());
            name
        }
    };
    let person = match award.person_id {
        Some(id) => person::by_id(tx, by.book, id).await?.map(|p| p.name),
        None => None,
    };
    let set = rulesets::of_hash(tx, &award.ruleset).await?;
    let item = set
        .item(&award.item)
        .map_or_else(|| Label { zh: award.item.clone(), en: award.item.clone() }, |i| i.name.clone());
    let explanation = serde_json::from_str(&award.explanation)
        .map_err(|e| StoreError::inconsistent("award", "explanation", e.to_string()))?;
    let tie = names.tie(tx, by.book, &award, today).await?;
    Ok(AwardLine { award, household_no, head, person, group, item, explanation, tie })
}

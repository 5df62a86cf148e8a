//! What somebody who looks sees and sends: the households of a round that are theirs, and looks in batches. A look is
//! kept once however often it comes, and one that may not be taken is told and holds up no other.

use std::collections::BTreeSet;

use super::{Desk, LOOKS_MAX, ROUNDS_SHOWN, Round, ServiceError, ServiceResult, after, lock, refuse, rows};
use crate::{
    domain::{
        household::HouseholdNo,
        ids::RoundId,
        inspection::{Look, Marks, RoundMove, is_to_look},
        rule::Item,
        time::Timestamp,
    },
    service::{
        bulk::{self, ItemAnswer},
        caller::Staff,
        recusal, rulesets,
    },
    store::{WriteTx, household, inspection::RoundRow},
};

/// Characters of the key of a look.
const KEY_CHARS_MAX: usize = 64;
/// No device counts further.
const SEQ_MAX: i64 = 1_000_000_000;

/// A look as a device sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLook {
    /// Chosen by the device.
    pub key: String,
    /// The number of the household.
    pub household: String,
    /// The device's own count.
    pub seq: i64,
    /// When, by the device's clock.
    pub taken_at: Timestamp,
    /// What was found: `A1`, `D7:gold`.
    pub marks: Vec<String>,
}

/// A household to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Its number.
    pub no: HouseholdNo,
    /// The name of its head.
    pub head: String,
    /// The initials of that name.
    pub initials: String,
    /// Which of the round's groups, from 0.
    pub group: usize,
    /// What one found oneself, if one has looked.
    pub marks: Option<Marks>,
}

/// A round as somebody who looks walks it.
#[derive(Debug, Clone)]
pub struct Walk {
    /// The round.
    pub row: RoundRow,
    /// The items looked at.
    pub items: Vec<Item>,
    /// The names of its groups.
    pub groups: Vec<String>,
    /// The households that are theirs: not those of kin, and for the third only those where two differ.
    pub homes: Vec<Home>,
    /// Households they step back from.
    pub stepped_back: usize,
    /// Whether they are the third, who decides.
    pub third: bool,
    /// The last number that a device of theirs gave.
    pub seq: i64,
}

impl Desk {
    /// The rounds somebody is to look in, the latest first.
    pub async fn own_rounds(&self, by: &Staff) -> ServiceResult<Vec<RoundRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(rows::of_eye(&mut tx, by.book, by.user, ROUNDS_SHOWN).await?)
    }

    /// A round as one walks it: never what another found.
    pub async fn walk(&self, by: &Staff, id: RoundId) -> ServiceResult<Walk> {
        let mut tx = self.db.begin_read().await?;
        let round = Round::of(&mut tx, by.book, id, self.today()).await?;
        if !round.names(by.user) {
            return Err(ServiceError::NotFound("round"));
        }
        let items = round.row.items().filter_map(|code| round.set.item(code).cloned()).collect();
        let mut homes = Vec::with_capacity(round.roll.len());
        let mut stepped_back = 0;
        for home in &round.roll {
            let eyes = round.eyes(home.id);
            if !eyes.contains(&by.user) {
                stepped_back += 1;
                continue;
            }
            let standing = round.standing(home.id);
            if is_to_look(by.user, &eyes, &standing) {
                homes.push(Home {
                    no: home.no.clone(),
                    head: home.head.clone().unwrap_or_default(),
                    initials: home.initials.clone().unwrap_or_default(),
                    group: round.groups.iter().position(|(id, _)| *id == home.group_id).unwrap_or(0),
                    marks: standing.get(&by.user).map(|look| look.marks.clone()),
                });
            }
        }
        let seq = round.last_seq(by.user);
        let third = round.named.get(2).is_some_and(|eye| eye.user_id == by.user);
        let groups = round.groups.into_iter().map(|(_, name)| name).collect();
        Ok(Walk { row: round.row, items, groups, homes, stepped_back, third, seq })
    }

    /// Takes looks, each by itself; one answer each, in their order.
    pub async fn take_looks(
        &self,
        by: &Staff,
        id: RoundId,
        looks: &[NewLook],
    ) -> ServiceResult<Vec<ItemAnswer<()>>> {
        let mut tx = self.db.begin_write().await?;
        lock(&mut tx, by.book).await?;
        let taking = Taking::of(&mut tx, by, id, self.now()).await?;
        if looks.is_empty() || looks.len() > LOOKS_MAX {
            return Err(refuse("batch_size").with("lines", looks.len()).with("limit", LOOKS_MAX).into());
        }
        let mut answers = Vec::with_capacity(looks.len());
        for look in looks {
            answers.push(taking.take(&mut tx, by, look).await.or_else(bulk::refused)?);
        }
        tx.commit().await?;
        Ok(answers)
    }
}

/// What every look of a batch is held against.
struct Taking {
    row: RoundRow,
    items: Vec<Item>,
    homes: BTreeSet<crate::domain::ids::HouseholdId>,
    ties: recusal::Ties,
    now: Timestamp,
}

impl Taking {
    async fn of(tx: &mut WriteTx, by: &Staff, id: RoundId, now: Timestamp) -> ServiceResult<Self> {
        recusal::known(by)?;
        let row = rows::one(tx, by.book, id).await?.ok_or(ServiceError::NotFound("round"))?;
        let eyes = rows::eyes(tx, by.book, id).await?;
        if eyes.iter().any(|eye| by.also.contains(&eye.user_id)) {
            // one person named by two logins: their looks would confirm each other
            return Err(refuse("round_two").into());
        }
        if !eyes.iter().any(|eye| eye.user_id == by.user) {
            return Err(ServiceError::NotFound("round"));
        }
        let set = rulesets::in_force(tx, by.book, row.seen_on).await?;
        let items = row.items().filter_map(|code| set.item(code).cloned()).collect();
        let homes = rows::roll(tx, by.book, id).await?.into_iter().map(|home| home.id).collect();
        let ties = recusal::Ties::of(tx, by.book, by.person).await?;
        Ok(Self { row, items, homes, ties, now })
    }

    async fn take(&self, tx: &mut WriteTx, by: &Staff, new: &NewLook) -> ServiceResult<ItemAnswer<()>> {
        let marks = self.marks(&new.marks)?;
        let plain = !new.key.is_empty()
            && new.key.len() <= KEY_CHARS_MAX
            && new.key.bytes().all(|b| b.is_ascii_graphic());
        if !plain || !(1..=SEQ_MAX).contains(&new.seq) {
            return Err(refuse("invalid_key").into());
        }
        let nobody = || refuse("not_in_round").with("household", &new.household);
        let no: HouseholdNo = new.household.parse().map_err(|_| nobody())?;
        let home = household::by_no(tx, by.book, &no).await?.ok_or_else(nobody)?;
        let look = Look {
            household: home.id,
            inspector: by.user,
            seq: new.seq,
            taken_at: new.taken_at,
            key: new.key.clone(),
            marks,
        };
        // what came before is answered as before, whatever happened to the round since
        if let Some(known) = rows::look(tx, by.book, self.row.id, by.user, &look.key).await? {
            return if known == look {
                Ok(ItemAnswer::Done { what: (), repeated: true })
            } else {
                Err(refuse("idempotency_conflict").with("fields", "looks").into())
            };
        }
        after(self.row.state()?, RoundMove::Look)?;
        if !self.homes.contains(&home.id) {
            return Err(nobody().into());
        }
        if let Some(bar) = self.ties.bar(home.id, &[self.row.seen_on, self.now.day()]) {
            return Err(bar.into());
        }
        rows::add_look(tx, by.book, self.row.id, &look, self.now).await?;
        Ok(ItemAnswer::Done { what: (), repeated: false })
    }

    /// The marks, if the round looks at such items.
    fn marks(&self, said: &[String]) -> ServiceResult<Marks> {
        let marks = Marks::read(said.iter().map(String::as_str));
        let marks = marks.map_err(|fault| refuse("look_marks").with("mark", fault.0))?;
        for (code, grade) in marks.iter() {
            let item = self.items.iter().find(|item| item.code.as_str() == code);
            if !item.is_some_and(|item| Marks::fits(item, grade)) {
                return Err(refuse("look_marks").with("mark", code).into());
            }
        }
        Ok(marks)
    }
}

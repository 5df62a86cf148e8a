//! Kinship across households: written down by the clerk, taken back with a date, never deleted. Days before a tie was
//! taken back still see it.

use crate::{
    domain::{
        household::PersonNo,
        ids::PersonId,
        kin::{Kin, KinKind},
        time::{Day, Timestamp},
    },
    service::{Desk, ServiceError, ServiceResult, award::required, caller::Clerk, refuse},
    store::{
        StoreError, WriteTx,
        person::{self, Member, Person},
    },
};

/// A tie as the register shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TieView {
    /// Who.
    pub who: PersonNo,
    /// The relative's number.
    pub relative: PersonNo,
    /// The relative's name, in full.
    pub name: String,
    /// What the relative is to them.
    pub kind: KinKind,
    /// When it was written down, if that was kept.
    pub entered_at: Option<Timestamp>,
    /// The first day on which it bars nobody.
    pub until: Option<Day>,
}

impl Desk {
    /// Writes down that `relative` is `who`'s `kind`, so that neither decides the other's matters.
    pub async fn add_kin(
        &self,
        by: &Clerk,
        who: &PersonNo,
        relative: &PersonNo,
        kind: KinKind,
    ) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        let (one, other) = pair(&mut tx, by, who, relative).await?;
        let before = between(&mut tx, by, one.id, other.id).await?;
        if before.iter().any(|(tie, _)| tie.until.is_none()) {
            return Err(refuse("kin_known").into());
        }
        let kin = Kin { person: one.id, relative: other.id, kind, until: None };
        let ordinal = before.iter().map(|(_, ordinal)| *ordinal).max().unwrap_or(0).saturating_add(1);
        let stamp = (self.now(), &*by.actor().to_string());
        match person::add_kin(&mut tx, by.book, (&kin, ordinal), stamp).await {
            Err(StoreError::Duplicate) => return Err(refuse("kin_known").into()),
            done => done?,
        }
        let words = format!("{who} {relative} {}", kind.as_str());
        self.kin_event(&mut tx, by, [one.id, other.id], "kin", &words).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a tie back from today on: it was a mistake, or it is over. Not one's own: a clerk does not lift the bar
    /// that stands in their own way.
    pub async fn withdraw_kin(
        &self,
        by: &Clerk,
        who: &PersonNo,
        relative: &PersonNo,
        reason: &str,
    ) -> ServiceResult<()> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        let (one, other) = pair(&mut tx, by, who, relative).await?;
        if by.person.is_some_and(|own| own == one.id || own == other.id) {
            return Err(refuse("own_kin").into());
        }
        let before = between(&mut tx, by, one.id, other.id).await?;
        let standing = before.into_iter().find(|(tie, _)| tie.until.is_none());
        let (tie, _) = standing.ok_or_else(|| refuse("kin_unknown"))?;
        let stamp = (self.now(), &*by.actor().to_string());
        person::end_kin(&mut tx, by.book, &tie, self.today(), stamp).await?;
        let words = format!("{who} {relative} {}: {reason}", tie.kind.as_str());
        self.kin_event(&mut tx, by, [one.id, other.id], "kin_withdraw", &words).await?;
        Ok(tx.commit().await?)
    }

    /// Every tie of a household's members there ever was.
    pub async fn kin_of_household(&self, by: &Clerk, members: &[Member]) -> ServiceResult<Vec<TieView>> {
        let mut out = Vec::new();
        for member in members {
            out.extend(self.kin_of(by, &member.no).await?);
        }
        Ok(out)
    }

    /// Every tie of somebody there ever was, the oldest first.
    pub async fn kin_of(&self, by: &Clerk, who: &PersonNo) -> ServiceResult<Vec<TieView>> {
        let mut tx = self.db.begin_read().await?;
        let one = person::by_no(&mut tx, by.book, who).await?.ok_or(ServiceError::NotFound("person"))?;
        let mut out = Vec::new();
        for row in person::ties(&mut tx, by.book, one.id).await? {
            let Some((relative, kind)) = row.kin()?.seen_from(one.id) else { continue };
            let Some(known) = person::by_id(&mut tx, by.book, relative).await? else { continue };
            out.push(TieView {
                who: who.clone(),
                relative: known.no,
                name: known.name,
                kind,
                entered_at: row.entered_at,
                until: row.until_on,
            });
        }
        Ok(out)
    }

    /// A tie stands in the history of both households, once if it is one.
    async fn kin_event(
        &self,
        tx: &mut WriteTx,
        by: &Clerk,
        two: [PersonId; 2],
        verb: &str,
        words: &str,
    ) -> ServiceResult<()> {
        let mut homes = Vec::new();
        for person in two {
            let all = person::memberships(tx, by.book, person).await?;
            // whoever has moved away is written down where they last belonged
            homes.extend(all.last().map(|last| last.household));
        }
        homes.dedup();
        for home in homes {
            self.household_event(tx, by, home, verb, (None, None), words).await?;
        }
        Ok(())
    }
}

/// Two different people of the register.
async fn pair(
    tx: &mut WriteTx,
    by: &Clerk,
    who: &PersonNo,
    relative: &PersonNo,
) -> ServiceResult<(Person, Person)> {
    let one = person::by_no(tx, by.book, who).await?.ok_or(ServiceError::NotFound("person"))?;
    let other = person::by_no(tx, by.book, relative).await?.ok_or(ServiceError::NotFound("person"))?;
    if one.id == other.id {
        return Err(refuse("kin_of_oneself").into());
    }
    Ok((one, other))
}

/// The ties of two people, from either side, with their places.
async fn between(
    tx: &mut WriteTx,
    by: &Clerk,
    one: PersonId,
    other: PersonId,
) -> ServiceResult<Vec<(Kin, i32)>> {
    let mut out = Vec::new();
    for row in person::ties(tx, by.book, one).await? {
        let tie = row.kin()?;
        if tie.seen_from(one).is_some_and(|(relative, _)| relative == other) {
            out.push((tie, row.ordinal));
        }
    }
    Ok(out)
}

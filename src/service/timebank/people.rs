//! A person and a household of the time bank as pages and the API show them.

use super::{
    Desk, ServiceError, ServiceResult, age_of, home_of, kin_of, number_of,
    party::Party,
    rows,
    view::{OrderView, Someone, someone},
};
use crate::{
    domain::{
        chart,
        household::PersonNo,
        ids::{BookId, PersonId},
        kin::KinKind,
        posting::Commodity,
    },
    service::{
        books::path,
        caller::{Recorder, Resident},
    },
    store::{
        Tx,
        ledger::read,
        person,
        timebank::{
            activity,
            gift::{self, GiftRow},
            policy::{self as adopted, NeedRow},
            volunteer::{self as people, OfferRow, VolunteerRow},
        },
    },
};

/// Households that a word finds.
const HOMES_FOUND: i64 = 10;
/// Orders of one person on their page.
const OWN_ORDERS: i64 = 30;

/// What somebody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// Who.
    pub who: Someone,
    /// The age reached this year.
    pub age: Option<i32>,
    /// Free to draw.
    pub saved: i64,
    /// Put aside.
    pub held: i64,
    /// Served and posted, whatever became of it since.
    pub earned: i64,
    /// What is known of the volunteer.
    pub volunteer: Option<VolunteerRow>,
}

/// A person's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonFile {
    /// What they have.
    pub hours: Hours,
    /// What they offer.
    pub offers: Vec<OfferRow>,
    /// How great their need is.
    pub need: Option<NeedRow>,
    /// Orders for them.
    pub asked: Vec<OrderView>,
    /// Orders they took.
    pub served: Vec<OrderView>,
    /// What they gave.
    pub gifts: Vec<(GiftRow, Someone)>,
    /// Their relatives of the register.
    pub relatives: Vec<(Someone, KinKind)>,
}

impl Desk {
    /// What the people of a household have, and the orders of late with a part of theirs.
    pub async fn time_household(&self, by: &Resident) -> ServiceResult<(Vec<Hours>, Vec<OrderView>)> {
        let (book, today) = (by.book, self.today());
        let mut tx = self.db.begin_read().await?;
        let (mut hours, mut orders) = (Vec::new(), Vec::new());
        for member in person::members(&mut tx, book, by.household, today).await? {
            hours.push(self.hours(&mut tx, book, member.id).await?);
            orders.extend(rows::of_served(&mut tx, book, member.id, i64::MAX, OWN_ORDERS).await?);
            orders.extend(rows::served_by(&mut tx, book, member.id, i64::MAX, OWN_ORDERS).await?);
        }
        // what a daughter asked for is hers to follow, though it is for her father's house
        let own = by.actor().to_string();
        orders.extend(rows::asked_by(&mut tx, book, &own, i64::MAX, OWN_ORDERS).await?);
        orders.sort_by_key(|row| -row.no);
        orders.dedup_by_key(|row| row.no);
        let mut views = Vec::new();
        for row in orders {
            views.push(self.time_order_view(&mut tx, book, row, true).await?);
        }
        Ok((hours, views))
    }

    /// The people of the households that a word means: a number, a name, the initials of its sound.
    pub async fn time_find(&self, by: &Recorder, word: &str) -> ServiceResult<Vec<Hours>> {
        let mut out = Vec::new();
        if word.trim().is_empty() {
            return Ok(out);
        }
        let homes = self.find_households(by, word, "", HOMES_FOUND).await?;
        let mut tx = self.db.begin_read().await?;
        for line in homes {
            for member in person::members(&mut tx, by.book, line.household.id, self.today()).await? {
                out.push(self.hours(&mut tx, by.book, member.id).await?);
            }
        }
        Ok(out)
    }

    /// One person's page: for their household, and for the staff.
    pub async fn time_person(&self, by: &Party, no: &str) -> ServiceResult<PersonFile> {
        let (book, today) = (by.book(), self.today());
        let no = PersonNo::parse(no).map_err(|_| ServiceError::NotFound("person"))?;
        let mut tx = self.db.begin_read().await?;
        let id = person::by_no(&mut tx, book, &no).await?.ok_or(ServiceError::NotFound("person"))?.id;
        if let Party::Household(own) = by
            && home_of(&mut tx, book, id, today).await? != Some(own.household)
        {
            return Err(ServiceError::NotFound("person"));
        }
        let hours = self.hours(&mut tx, book, id).await?;
        let (mut asked, mut served) = (Vec::new(), Vec::new());
        for row in rows::of_served(&mut tx, book, id, i64::MAX, OWN_ORDERS).await? {
            asked.push(self.time_order_view(&mut tx, book, row, true).await?);
        }
        for row in rows::served_by(&mut tx, book, id, i64::MAX, OWN_ORDERS).await? {
            served.push(self.time_order_view(&mut tx, book, row, true).await?);
        }
        let (mut gifts, mut relatives) = (Vec::new(), Vec::new());
        for row in gift::of_giver(&mut tx, book, id, i64::MAX, OWN_ORDERS).await? {
            let to = someone(&mut tx, book, row.receiver_id, (today, true)).await?;
            gifts.push((row, to));
        }
        for (relative, kind) in kin_of(&mut tx, book, id, today).await? {
            relatives.push((someone(&mut tx, book, relative, (today, true)).await?, kind));
        }
        let offers = people::offers(&mut tx, book, id).await?;
        let need = adopted::need(&mut tx, book, id).await?;
        Ok(PersonFile { hours, offers, need, asked, served, gifts, relatives })
    }

    async fn hours(&self, tx: &mut Tx, book: BookId, id: PersonId) -> ServiceResult<Hours> {
        let who = someone(tx, book, id, (self.today(), true)).await?;
        let no = number_of(tx, book, id).await?;
        let saved = path(chart::person_time(&no))?;
        let held = path(chart::person_time_held(&no))?;
        Ok(Hours {
            age: age_of(tx, book, id, self.today()).await?,
            saved: -read::balance(tx, book, saved.as_str(), Commodity::MIN).await?,
            held: -read::balance(tx, book, held.as_str(), Commodity::MIN).await?,
            earned: activity::earned(tx, book, id).await?,
            volunteer: people::one(tx, book, id).await?.filter(|row| row.left_on.is_none()),
            who,
        })
    }
}

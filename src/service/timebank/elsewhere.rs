//! Hours saved in one village and drawn in another (通存通兑): the network point here asks for a service; what is missing
//! comes from the same person's account there, in one posting over both books, hour for hour; then it is asked for here.
//! Whoever saved shows the card or the live code of the household there.

use super::{
    Desk, ServiceError, ServiceResult, Side, age_of, ask::NewOrder, home_of, kin_of, number_of, policy_on,
    post, refuse,
};
use crate::{
    domain::{
        household::PersonNo,
        ids::BookId,
        timebank::{
            drawing::{Payer, Served, payers},
            policy::{Policy, Reach},
        },
    },
    service::{
        caller::Recorder,
        clearing::{MinutesMove, same_person},
    },
    store::{
        Tx, person, programme,
        timebank::{order::OrderRow, policy as adopted},
    },
};

/// Where the hours were saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedElsewhere {
    /// The number of the other village's programme.
    pub village: i64,
    /// The person's number there.
    pub person: PersonNo,
    /// The card or the live code of their household there, as it was scanned or typed.
    pub shown: String,
}

impl Desk {
    /// Asks for a service here with hours that whoever is served saved in another village. The same key again answers with
    /// the same order; whatever stopped it half-way, asking again goes on from there.
    pub async fn ask_with_hours_from(
        &self,
        by: &Recorder,
        key: &str,
        new: &NewOrder,
        from: &SavedElsewhere,
    ) -> ServiceResult<OrderRow> {
        let side = Side::Desk(by.clone());
        if let Some(first) = self.asked(&side, key).await? {
            return Ok(first);
        }
        let (book, today) = (by.book, self.today());
        let mut tx = self.db.begin_read().await?;
        side.speaks_for(&mut tx, new.served, today).await?;
        let here = programme::by_book(&mut tx, book).await?.ok_or(ServiceError::NotFound("programme"))?;
        let there = programme::by_no(&mut tx, from.village).await?;
        let there = there.ok_or(ServiceError::NotFound("programme"))?;
        if there.book_id == book {
            return Err(refuse("same_village").into());
        }
        let policy = policy_on(&mut tx, book, today).await?;
        if policy.clearing == Reach::None
            || policy_on(&mut tx, there.book_id, today).await?.clearing == Reach::None
        {
            return Err(refuse("time_no_reach").into());
        }
        let no: PersonNo = number_of(&mut tx, book, new.served)
            .await?
            .parse()
            .map_err(|_| ServiceError::NotFound("person"))?;
        same_person(&mut tx, (there.book_id, &from.person), (book, &no)).await?;
        self.draws_here(&mut tx, book, (&policy, new)).await?;
        let missing = new.minutes - post::free(&mut tx, book, no.as_str()).await?;
        if missing > 0 {
            let owner = person::by_no(&mut tx, there.book_id, &from.person).await?;
            let owner = owner.ok_or(ServiceError::NotFound("person"))?;
            let home = home_of(&mut tx, there.book_id, owner.id, today).await?;
            let (shown, _) = self.shown_by(&mut tx, there.book_id, &from.shown).await?;
            if home != Some(shown) {
                return Err(refuse("time_other_card").into());
            }
            drop(tx);
            let new = MinutesMove {
                person: from.person.clone(),
                village: here.no,
                person_there: no,
                minutes: missing,
                reason: "通存通兑".to_owned(),
            };
            let key = format!("time-ask:{}:{key}", by.actor());
            self.move_across(by.actor(), &key, (&there, &here), &new).await?;
        } else {
            drop(tx);
        }
        self.ask_for_service(&side, key, new).await
    }

    /// Refuses before anything moves when whoever is served could not draw on their own hours here.
    async fn draws_here(
        &self,
        tx: &mut Tx,
        book: BookId,
        (policy, new): (&Policy, &NewOrder),
    ) -> ServiceResult<()> {
        super::ask::check(policy, new)?;
        let kin = kin_of(tx, book, new.served, self.today()).await?;
        let need = adopted::need(tx, book, new.served).await?;
        let served = Served {
            person: new.served,
            age: age_of(tx, book, new.served, self.today()).await?,
            hardship: need.is_some_and(|need| need.hardship == 1),
            kin: &kin,
            pool: false,
        };
        if payers(&policy.drawing, &served).contains(&Payer::Person(new.served)) {
            Ok(())
        } else {
            Err(refuse("time_too_young").into())
        }
    }
}

//! Asking for a service: by whoever is to be served, by family, or by the network point for somebody on the phone. The
//! minutes that will pay are put aside at once, so that nobody serves for a promise that was spent meanwhile.

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    Desk, Happened, KEY_BYTES_MAX, ServiceError, ServiceResult, Side, age_of, event_of, group_of, kin_of,
    number_of, policy_on, refuse, rows,
};
use crate::{
    domain::{
        book::{Command, MeterUse, Posted, TxnKind},
        chart,
        ids::{BookId, PersonId},
        kin::KinKind,
        posting::{Commodity, Line},
        time::{Day, Timestamp},
        timebank::{
            ServiceKind,
            drawing::{Payer, Served, payers},
            order::OrderState,
            policy::Policy,
        },
    },
    service::{
        Actor, Effect,
        award::limited,
        books::{Order, facts, path},
    },
    store::{
        StoreResult, Tx, WriteTx,
        ledger::read,
        serial::{self, Series},
        timebank::{
            estate,
            order::OrderRow,
            pair::{self, PairRow},
            policy as adopted,
        },
    },
};

/// How many days ahead a service may be asked for.
pub const AHEAD_DAYS_MAX: i64 = 60;

/// A service that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrder {
    /// Who is to be served.
    pub served: PersonId,
    /// What.
    pub kind: ServiceKind,
    /// When it begins.
    pub starts_at: Timestamp,
    /// How long it takes, in minutes.
    pub minutes: i64,
    /// What else there is to say.
    pub words: String,
}

/// Whose minutes are put aside for an order, by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Purse {
    Person(PersonId, String),
    Pool,
}

impl Purse {
    pub(super) const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person(id, _) => Some(*id),
            Self::Pool => None,
        }
    }

    /// The account that pays, and the one where the minutes wait.
    pub(super) fn accounts(
        &self,
    ) -> ServiceResult<(crate::domain::posting::Path, crate::domain::posting::Path)> {
        Ok(match self {
            Self::Person(_, no) => (path(chart::person_time(no))?, path(chart::person_time_held(no))?),
            Self::Pool => (chart::time_pool(), chart::time_held()),
        })
    }
}

impl Desk {
    /// Asks for a service. The same key again answers with the same order.
    pub async fn ask_for_service(&self, by: &Side, key: &str, new: &NewOrder) -> ServiceResult<OrderRow> {
        let words = limited("words", new.words.trim())?;
        let (book, now) = (by.book(), self.now());
        if new.starts_at < now || new.starts_at > now.plus_days(AHEAD_DAYS_MAX) {
            return Err(refuse("time_when").with("days", AHEAD_DAYS_MAX).into());
        }
        if let Some(first) = self.asked(by, key).await? {
            return Ok(first);
        }
        let (order, purse) = self.draft(by, key, new, words, OrderState::Open).await?;
        match purse {
            Some(purse) => self.put_minutes_aside(by.actor(), book, order, &purse, None).await?,
            None => self.queue(by, order).await?,
        }
        self.asked(by, key).await?.ok_or_else(|| ServiceError::Internal("an order was not kept".to_owned()))
    }

    /// The order that was asked for under a key.
    pub(super) async fn asked(&self, by: &Side, key: &str) -> ServiceResult<Option<OrderRow>> {
        if key.is_empty() || key.len() > KEY_BYTES_MAX {
            return Err(refuse("invalid_key").into());
        }
        let mut tx = self.db.begin_read().await?;
        Ok(rows::by_key(&mut tx, by.book(), &by.actor().to_string(), key).await?)
    }

    /// The order as it will stand, and whose minutes pay; nobody's when it has to wait for the pool.
    pub(super) async fn draft(
        &self,
        by: &Side,
        key: &str,
        new: &NewOrder,
        words: &str,
        state: OrderState,
    ) -> ServiceResult<(OrderRow, Option<Purse>)> {
        let (book, today) = (by.book(), self.today());
        let mut tx = self.db.begin_read().await?;
        let policy = policy_on(&mut tx, book, today).await?;
        check(&policy, new)?;
        let manner = manner(&mut tx, by, new.served, today).await?;
        let need = adopted::need(&mut tx, book, new.served).await?;
        let kin = kin_of(&mut tx, book, new.served, today).await?;
        let served = Served {
            person: new.served,
            age: age_of(&mut tx, book, new.served, today).await?,
            hardship: need.as_ref().is_some_and(|n| n.hardship == 1),
            kin: &kin,
            pool: need.as_ref().is_some_and(|n| n.pool == 1),
        };
        let purse = choose(&mut tx, book, &payers(&policy.drawing, &served), new.minutes).await?;
        let state = if purse.is_some() { state } else { OrderState::Queued };
        let order = OrderRow {
            id: self.id(),
            no: 0,
            key: key.to_owned(),
            asked_by: by.actor().to_string(),
            asked_at: self.now(),
            manner: manner.to_owned(),
            served_id: new.served,
            group_id: group_of(&mut tx, book, new.served, today).await?,
            kind: new.kind.as_str().to_owned(),
            starts_at: new.starts_at,
            minutes: i32::try_from(new.minutes).unwrap_or(i32::MAX),
            words: words.to_owned(),
            policy: policy.code,
            need: need.map_or(0, |n| n.score),
            payer_id: purse.as_ref().and_then(Purse::person),
            hold_seq: None,
            state: state.as_str().to_owned(),
            volunteer_id: None,
            done_at: None,
            volunteer_by: None,
            served_by: None,
            rating: None,
            remark: String::new(),
            counted: 0,
            sheet: None,
            entered_by: None,
            signed_by: None,
            verdict: None,
            verdict_by: None,
            hand: None,
            hand_by: None,
            post_seq: None,
            changes: 0,
        };
        Ok((order, purse))
    }

    async fn queue(&self, by: &Side, order: OrderRow) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, by.book(), Series::TimeOrder, 1).await?;
        if rows::by_key(&mut tx, by.book(), &order.asked_by, &order.key).await?.is_some() {
            return Ok(());
        }
        let order = OrderRow { no, ..order };
        rows::add(&mut tx, by.book(), &order).await?;
        let happened = event_of(self, order.id, ("ask", None, OrderState::Queued), by.actor(), "");
        happened.write(&mut tx, by.book()).await?;
        Ok(tx.commit().await?)
    }

    /// Puts the minutes of a new order aside and writes the order with it, in one transaction.
    pub(super) async fn put_minutes_aside(
        &self,
        by: Actor,
        book: BookId,
        order: OrderRow,
        purse: &Purse,
        pair: Option<PairRow>,
    ) -> ServiceResult<()> {
        let key = format!("time-ask:{by}:{}", order.key);
        let command = self.hold_minutes(by, book, &key, &order, purse).await?;
        let happened = event_of(self, order.id, ("ask", None, order.state()?), by, "");
        let effect = Asked { book, order, pair, happened };
        self.posted(book, command, vec![Box::new(effect)]).await.map(drop)
    }

    /// The command that puts the minutes of an order aside.
    pub(super) async fn hold_minutes(
        &self,
        by: Actor,
        book: BookId,
        key: &str,
        order: &OrderRow,
        purse: &Purse,
    ) -> ServiceResult<Command> {
        let minutes = i64::from(order.minutes);
        let (from, to) = purse.accounts()?;
        let lines =
            vec![Line::new(from, Commodity::min(), minutes), Line::new(to, Commodity::min(), -minutes)];
        let mut tx = self.db.begin_read().await?;
        let served = number_of(&mut tx, book, order.served_id).await?;
        let policy = policy_on(&mut tx, book, self.today()).await?;
        let body = facts([
            ("served", served.clone()),
            ("service", order.kind.clone()),
            ("starts_at", order.starts_at.to_string()),
            ("minutes", minutes.to_string()),
        ]);
        let source = Some(format!("time_order:{}", order.id));
        let new = Order { key, kind: TxnKind::Hold, effective_on: self.today(), source, body };
        let mut command = self.command(&by, new, lines)?;
        if *purse == Purse::Pool {
            command.meters.push(quota(&served, order.starts_at.day(), minutes, policy.pool.a_person));
        }
        Ok(command)
    }
}

/// What one person may have of the pool in a year.
pub(super) fn quota(no: &str, day: Day, minutes: i64, limit: i64) -> MeterUse {
    MeterUse { meter: format!("time-pool:{no}:{}", day.ymd().0), amount: minutes, limit: Some(limit) }
}

pub(super) fn check(policy: &Policy, new: &NewOrder) -> ServiceResult<()> {
    if !policy.services.contains(&new.kind) {
        return Err(refuse("time_service_not_here").with("service", new.kind).into());
    }
    let counting = &policy.counting;
    // what would be rounded could not be paid back exactly
    if new.minutes > counting.parent_a_day || new.minutes <= 0 || counting.counted(new.minutes) != new.minutes
    {
        return Err(refuse("time_how_long")
            .with("quarter", counting.quarter)
            .with("least", counting.least)
            .with("most", counting.parent_a_day)
            .into());
    }
    Ok(())
}

/// How it was asked: a household asks for its own people, and for husband, wife and lineal kin who live elsewhere.
async fn manner(tx: &mut Tx, by: &Side, served: PersonId, today: Day) -> ServiceResult<&'static str> {
    let Side::Household(resident) = by else {
        by.speaks_for(tx, served, today).await?;
        return Ok("desk");
    };
    if by.speaks_for(tx, served, today).await.is_ok() {
        return Ok("self");
    }
    for (relative, kind) in kin_of(tx, resident.book, served, today).await? {
        let close = kind == KinKind::Spouse || kind.is_lineal();
        if close && super::home_of(tx, resident.book, relative, today).await? == Some(resident.household) {
            return Ok("family");
        }
    }
    Err(refuse("not_your_household").into())
}

/// The first of `all` that has the minutes; nobody when only the pool may pay and has too few.
async fn choose(tx: &mut Tx, book: BookId, all: &[Payer], minutes: i64) -> ServiceResult<Option<Purse>> {
    for payer in all {
        let purse = match payer {
            // what somebody left waits for the heir
            Payer::Person(id) if estate::of_person(tx, book, *id).await?.is_some() => continue,
            Payer::Person(id) => Purse::Person(*id, number_of(tx, book, *id).await?),
            Payer::Pool => Purse::Pool,
        };
        let (account, _) = purse.accounts()?;
        if -read::balance(tx, book, account.as_str(), Commodity::MIN).await? >= minutes {
            return Ok(Some(purse));
        }
    }
    if all.contains(&Payer::Pool) { Ok(None) } else { Err(refuse("time_nobody_pays").into()) }
}

/// The order's rows, with the minutes put aside for it.
struct Asked {
    book: BookId,
    order: OrderRow,
    pair: Option<PairRow>,
    happened: Happened,
}

impl Effect for Asked {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        async move {
            let no = serial::take(tx, self.book, Series::TimeOrder, 1).await?;
            let order = OrderRow { no, hold_seq: Some(posted.seq), ..self.order.clone() };
            rows::add(tx, self.book, &order).await?;
            if let Some(pair) = &self.pair {
                super::serve::guard(tx, self.book, pair).await?;
                pair::open(tx, self.book, pair).await?;
            }
            self.happened.write(tx, self.book).await
        }
        .boxed()
    }
}

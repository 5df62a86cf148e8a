//! Private shops where points are redeemed (商户兑换点): the agreement about a counter, which two people make who are
//! neither the shop nor its household or kin. Points move as elsewhere; the goods are the shop's own, and the village owes
//! it what the points are worth less its discount.
//!
//! * [`lines`] — what was redeemed and came back, as lines of a statement
//! * [`pay`] — what is due and paid
//! * [`records`] — what the log keeps of all this
//! * [`rules`] — what holds at a counter on a day
//! * [`standing`] — what both sides say of a statement
//! * [`statements`] — the monthly statement

use super::{
    Desk, ServiceError, ServiceResult,
    award::{required, state_changed},
    caller::{Clerk, Reviewer, Role, Shopkeeper, Staff, StockReader},
    counters::Step,
    funds::NAME_CHARS_MAX,
    recusal, refuse,
};
use crate::{
    domain::{
        chart,
        household::{HouseholdNo, Membership},
        ids::{BookId, CounterId, HouseholdId, ShopId, UserId},
        posting::Commodity,
        shop::{AGREEMENT_DAYS_MAX, DISCOUNT_MAX, SETTLE_DAY_MAX, ShopState},
        time::Day,
    },
    service::Actor,
    store::{
        Tx,
        counter::{self, CounterRow},
        household, identity,
        ledger::read,
        person, redemption,
        serial::{self, Series},
        shop::{self, ShopDecision, ShopRow},
    },
};

pub mod lines;
pub mod pay;
pub(in crate::service) mod records;
mod rules;
pub mod standing;
pub mod statements;

use records::Kept;
use rules::terms_of;
pub(super) use rules::{is_private, of_the_village, terms_at};

/// An agreement to be drawn up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewShop {
    /// The counter the shop keeps.
    pub counter: CounterId,
    /// What the shop is called.
    pub name: String,
    /// The number of its licence.
    pub licence: String,
    /// The household that runs it, if it is one of the village.
    pub household: Option<HouseholdNo>,
    /// What the shop leaves of the value, in per mille.
    pub discount: i64,
    /// The day of the month on which it is settled.
    pub settles_on: i64,
    /// Its first day.
    pub from: Day,
    /// Its last day.
    pub until: Day,
}

/// An agreement, with its counter and what is owed there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopView {
    /// The agreement.
    pub row: ShopRow,
    /// The counter.
    pub counter: CounterRow,
    /// The number of the household that runs it.
    pub household: Option<String>,
    /// What the ledger says is owed to the shop now, in fen.
    pub owed_fen: i64,
}

impl ShopView {
    /// Its last day.
    #[must_use]
    pub fn last_day(&self) -> Day {
        self.row.last_day()
    }
}

impl Desk {
    /// Draws an agreement up. It waits for the second person.
    pub async fn draw_shop_agreement(&self, by: &Clerk, new: &NewShop) -> ServiceResult<ShopRow> {
        let name = required("name", &new.name)?;
        let licence = required("licence", &new.licence)?;
        if let Some(field) =
            [("name", name), ("licence", licence)].iter().find(|f| f.1.chars().count() > NAME_CHARS_MAX)
        {
            return Err(refuse("text_too_long").with("field", field.0).with("limit", NAME_CHARS_MAX).into());
        }
        for (field, value, range) in
            [("discount", new.discount, 0..=DISCOUNT_MAX), ("settles_on", new.settles_on, 1..=SETTLE_DAY_MAX)]
        {
            if !range.contains(&value) {
                return Err(refuse("quantity_out_of_range").with("field", field).into());
            }
        }
        if new.until < new.from || new.until > new.from.plus(AGREEMENT_DAYS_MAX) || new.until < self.today() {
            return Err(refuse("shop_days").with("from", new.from).with("until", new.until).into());
        }
        let mut tx = self.db.begin_write().await?;
        // agreements of a village are drawn up one after the other
        serial::take(&mut tx, by.book, Series::Shop, 0).await?;
        let at = counter::by_id(&mut tx, by.book, new.counter).await?;
        let at = at.ok_or(ServiceError::NotFound("counter"))?;
        let home = match &new.household {
            Some(no) => Some(
                household::by_no(&mut tx, by.book, no).await?.ok_or(ServiceError::NotFound("household"))?.id,
            ),
            None => None,
        };
        let mut row = self.blank_shop(by, new, home);
        if let Some(same) =
            shop::list(&mut tx, by.book).await?.into_iter().rev().find(|old| is_same(old, &row))
        {
            // the answer was lost
            return Ok(same);
        }
        self.outsider(&mut tx, by, at.id, home).await?;
        free(&mut tx, by.book, &row).await?;
        row.no = serial::take(&mut tx, by.book, Series::Shop, 1).await?;
        shop::add(&mut tx, by.book, &row).await?;
        self.leave_trace(&mut tx, by.book, by.actor(), step(row.id, "draw", ("", "drawn"), "")).await?;
        tx.commit().await?;
        Ok(row)
    }

    fn blank_shop(&self, by: &Clerk, new: &NewShop, home: Option<HouseholdId>) -> ShopRow {
        ShopRow {
            id: self.id(),
            no: 0,
            counter_id: new.counter,
            name: new.name.trim().to_owned(),
            licence: new.licence.trim().to_owned(),
            household_id: home,
            discount: new.discount,
            settles_on: new.settles_on,
            from_day: new.from,
            until_day: new.until,
            state: ShopState::Drawn.as_str().to_owned(),
            drawn_at: self.now(),
            drawn_by: by.actor().to_string(),
            decided_at: None,
            decided_by: None,
            seq: None,
            ended_at: None,
            ended_by: None,
            ended_on: None,
            end_seq: None,
            reason: String::new(),
        }
    }

    /// The second person agrees: from its first day on the counter is the shop's. The same word again gets the same answer.
    pub async fn agree_shop_agreement(&self, by: &Reviewer, id: ShopId) -> ServiceResult<ShopRow> {
        let mut tx = self.db.begin_read().await?;
        let row = of_id(&mut tx, by.book, id).await?;
        if row.state == "agreed" && row.decided_by == Some(by.actor().to_string()) {
            // the answer was lost
            return Ok(row);
        }
        self.second_for_shop(&mut tx, by, &row).await?;
        free(&mut tx, by.book, &row).await?;
        let at = counter::by_id(&mut tx, by.book, row.counter_id).await?;
        let at = at.ok_or(ServiceError::NotFound("counter"))?;
        // what lies on the shelf would be sold as the shop's own
        let on_shelf = [chart::stock(&at.code), chart::reserved(&at.code)];
        for path in on_shelf.into_iter().flatten() {
            for account in read::accounts_of(&mut tx, by.book, path.as_str()).await? {
                if read::balance(&mut tx, by.book, path.as_str(), &account.commodity).await? != 0 {
                    return Err(refuse("shop_has_stock").with("counter", &at.name).into());
                }
            }
        }
        let today = (row.from_day.start(), self.today().plus(1).start());
        if today.0 < today.1 && redemption::total(&mut tx, by.book, at.id, today).await?.count > 0 {
            return Err(refuse("shop_sold_before").with("from", row.from_day).into());
        }
        drop(tx);
        let command = self.shop_record(by, &records::agreed(&row, &at.code))?;
        let kept = Kept::Agreed { book: by.book, id, at: self.now(), by: by.actor(), event: self.id() };
        self.posted(by.book, command, vec![Box::new(kept)]).await?;
        self.shop_row(by.book, id).await
    }

    /// The second person does not agree, and says why.
    pub async fn refuse_shop_agreement(
        &self,
        by: &Reviewer,
        id: ShopId,
        reason: &str,
    ) -> ServiceResult<ShopRow> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        let row = of_id(&mut tx, by.book, id).await?;
        self.second_for_shop(&mut tx, by, &row).await?;
        let me = by.actor().to_string();
        let said = ShopDecision { state: "refused", at: self.now(), by: &me, seq: None, reason };
        shop::decide(&mut tx, by.book, id, &said).await.map_err(state_changed)?;
        let what = step(id, "refuse", ("drawn", "refused"), "");
        self.leave_trace(&mut tx, by.book, by.actor(), what).await?;
        let row = of_id(&mut tx, by.book, id).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Either side ends an agreement and says why; today is its last day.
    pub async fn end_shop_agreement(&self, by: &Staff, id: ShopId, reason: &str) -> ServiceResult<ShopRow> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_read().await?;
        let row = of_id(&mut tx, by.book, id).await?;
        drop(tx);
        if !by.holds(Role::Clerk) && !by.holds(Role::Township) {
            let keeper = Shopkeeper::of(by).ok_or(ServiceError::NotAllowed)?;
            self.counter_at(&keeper, Some(row.counter_id)).await?;
        }
        if row.state == "ended" && row.ended_by == Some(by.actor().to_string()) {
            // the answer was lost
            return Ok(row);
        }
        if row.state != "agreed" {
            return Err(refuse("already_decided").with("state", &row.state).into());
        }
        let (on, at) = (self.today(), self.counter(by.book, row.counter_id).await?);
        let command = self.shop_record(by, &records::ended(&row, &at.code, on))?;
        let kept = Kept::Ended {
            book: by.book,
            id,
            at: self.now(),
            by: by.actor(),
            on,
            reason: reason.to_owned(),
            event: self.id(),
        };
        self.posted(by.book, command, vec![Box::new(kept)]).await?;
        self.shop_row(by.book, id).await
    }

    /// The agreements a reader may see: a shop its own, everybody else all.
    pub async fn shops(&self, by: &StockReader) -> ServiceResult<Vec<ShopView>> {
        let mine = self.shop_counters(by).await?;
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for row in shop::list(&mut tx, by.book).await? {
            if mine.as_ref().is_none_or(|mine| mine.contains(&row.counter_id)) {
                out.push(view(&mut tx, by.book, row).await?);
            }
        }
        Ok(out)
    }

    /// One agreement, if the reader may see it.
    pub async fn shop(&self, by: &StockReader, id: ShopId) -> ServiceResult<ShopView> {
        let mine = self.shop_counters(by).await?;
        let mut tx = self.db.begin_read().await?;
        let row = of_id(&mut tx, by.book, id).await?;
        if mine.is_some_and(|mine| !mine.contains(&row.counter_id)) {
            return Err(ServiceError::NotFound("shop"));
        }
        view(&mut tx, by.book, row).await
    }

    /// The counters whose shops a reader sees; nothing means all. Who only stands at counters sees those.
    pub(super) async fn shop_counters(&self, by: &Staff) -> ServiceResult<Option<Vec<CounterId>>> {
        let others = [Role::Clerk, Role::Reviewer, Role::Auditor, Role::Township];
        if others.into_iter().any(|role| by.holds(role)) {
            return Ok(None);
        }
        let keeper = Shopkeeper::of(by).ok_or(ServiceError::NotAllowed)?;
        Ok(Some(self.counters_of(&keeper).await?.into_iter().map(|c| c.id).collect()))
    }

    async fn shop_row(&self, book: BookId, id: ShopId) -> ServiceResult<ShopRow> {
        let mut tx = self.db.begin_read().await?;
        of_id(&mut tx, book, id).await
    }

    /// It waits, and for somebody else who is not the shop.
    async fn second_for_shop(&self, tx: &mut Tx, by: &Staff, row: &ShopRow) -> ServiceResult<()> {
        if row.state != "drawn" {
            return Err(refuse("already_decided").with("state", &row.state).into());
        }
        if by.selves().are(&row.drawn_by) {
            return Err(refuse("own_agreement").with("no", row.no).into());
        }
        self.outsider(tx, by, row.counter_id, row.household_id).await
    }

    /// Refuses the shop itself: who stands at its counter, the household that runs it, and their kin.
    pub(super) async fn outsider(
        &self,
        tx: &mut Tx,
        by: &Staff,
        at: CounterId,
        home: Option<HouseholdId>,
    ) -> ServiceResult<()> {
        recusal::known(by)?;
        let today = self.today();
        let me = by.selves();
        let mut homes: Vec<HouseholdId> = home.into_iter().collect();
        for keeper in counter::keepers(tx, by.book, at).await? {
            if me.are(&Actor::User(keeper.user_id).to_string()) {
                return Err(refuse("own_shop").into());
            }
            homes.extend(homes_of(tx, by.book, keeper.user_id, today).await?);
        }
        for home in homes {
            recusal::check(tx, by, home, today).await.map_err(|error| match error {
                ServiceError::Refused(_) => refuse("kin_of_the_shop").into(),
                other => other,
            })?;
        }
        Ok(())
    }
}

/// Where whoever signs in with a login lives, if that was said.
async fn homes_of(tx: &mut Tx, book: BookId, user: UserId, today: Day) -> ServiceResult<Vec<HouseholdId>> {
    let stated = identity::of_user(tx, book, user).await?;
    let Some(own) = stated.iter().find(|s| s.holds()).and_then(|s| s.person_id) else {
        return Ok(Vec::new());
    };
    let lives = |m: &Membership| m.from <= today && m.to.is_none_or(|to| today < to);
    let all = person::memberships(tx, book, own).await?;
    Ok(all.into_iter().filter(lives).map(|m| m.household).collect())
}

pub(super) async fn of_id(tx: &mut Tx, book: BookId, id: ShopId) -> ServiceResult<ShopRow> {
    shop::one(tx, book, id).await?.ok_or(ServiceError::NotFound("shop"))
}

/// What is owed at a counter, by the ledger, in fen.
pub(super) async fn owed(tx: &mut Tx, book: BookId, code: &str) -> ServiceResult<i64> {
    let path = super::books::path(chart::merchant(code))?;
    Ok(-read::balance(tx, book, path.as_str(), Commodity::CNYFEN).await?)
}

async fn view(tx: &mut Tx, book: BookId, row: ShopRow) -> ServiceResult<ShopView> {
    let counter = counter::by_id(tx, book, row.counter_id).await?.ok_or(ServiceError::NotFound("counter"))?;
    let household = match row.household_id {
        Some(id) => household::by_id(tx, book, id).await?.map(|h| h.no.to_string()),
        None => None,
    };
    let owed_fen = owed(tx, book, &counter.code).await?;
    Ok(ShopView { row, counter, household, owed_fen })
}

/// Whether no other agreement has any of its days.
async fn free(tx: &mut Tx, book: BookId, new: &ShopRow) -> ServiceResult<()> {
    let other = |old: &ShopRow| {
        old.id != new.id
            && old.counter_id == new.counter_id
            && matches!(old.state.as_str(), "drawn" | "agreed" | "ended")
            && old.from_day <= new.until_day
            && new.from_day <= old.last_day()
    };
    match shop::list(tx, book).await?.iter().find(|old| other(old)) {
        None => Ok(()),
        Some(old) => Err(refuse("shop_overlaps").with("no", old.no).into()),
    }
}

/// Whether an agreement is the one that is being drawn up again.
fn is_same(old: &ShopRow, new: &ShopRow) -> bool {
    let terms = |r: &ShopRow| {
        let days = (r.from_day, r.until_day, r.discount, r.settles_on);
        (r.counter_id, r.name.clone(), r.licence.clone(), r.household_id, days, r.drawn_by.clone())
    };
    old.state == "drawn" && terms(old) == terms(new)
}

/// A step in the life of an agreement.
fn step<'a>(id: ShopId, verb: &'a str, (from, to): (&'a str, &'a str), reason: &'a str) -> Step<'a> {
    let from = (!from.is_empty()).then_some(from);
    Step { subject: "shop", subject_id: id.0, verb, from, to: Some(to), reason }
}

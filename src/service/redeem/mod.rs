//! Redeeming points for goods (兑换), the main act of the counter: who stands there, what the basket costs, one
//! posting for points, goods and cost together, and the receipt. Every way to fail is a refusal of its own, and
//! changes nothing.
//!
//! * [`beside`] — what is read of them afterwards
//! * [`bystander`] — who stands beside the household
//! * [`day_close`] — the end of a counter's day, signed by two
//! * [`identify`] — from what was scanned to a household
//! * [`offline`] — a device that sells without network
//! * [`order`] — put aside first, and collected later
//! * [`price`] — from articles to points, by the village's prices
//! * [`post`] — the posting and the rows that go with it
//! * [`prior`] — the same key or the same code again
//! * [`receipt`] — what both parties read afterwards
//! * [`returns`] — goods that come back, and what is void
//! * [`visit`] — somebody who was known in time may finish choosing

use super::{
    Desk, ServiceError, ServiceResult,
    caller::{Role, Shopkeeper, Staff},
    market, refuse, rehearsal, rulesets,
};
use crate::{
    domain::{
        amount::points,
        basket::Basket,
        bystander::{Part, Recused},
        ids::{BookId, CardId, CounterId, HouseholdId, OrderId},
        ruleset::CounterTerms,
        time::Timestamp,
    },
    store::{counter::CounterRow, goods::GoodsRow, ledger::read, redemption},
};

pub mod beside;
mod bystander;
pub mod day_close;
mod identify;
pub mod offline;
pub mod order;
mod post;
mod price;
mod prior;
mod receipt;
pub mod returns;
mod visit;

pub use beside::Beside;
pub use bystander::Bystander;
pub use receipt::{DayList, ReceiptLine, RedemptionReceipt};
pub(super) use {beside::masked_person, identify::masked_head, receipt::actor_name};

use bystander::Named;
use identify::{Credential, Known};

/// Seconds within which somebody whose code was read in time may finish choosing.
pub const VISIT_SECONDS: i64 = 300;
/// How often a redemption is tried again when something moved between its checks and its posting.
const TRIES_MAX: usize = 3;

/// How a household was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    /// The short-lived code of a phone.
    Phone,
    /// A printed card.
    Card,
    /// Neither: its number was said, and somebody else answers for it.
    Number,
}

/// Who stands at the counter, as far as the shopkeeper needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// The household.
    pub household: HouseholdId,
    /// Its number.
    pub no: String,
    /// Its head, masked.
    pub masked_name: String,
    /// Spendable points, in hundredths.
    pub available: i64,
    /// By phone, by card, or by its number.
    pub credential: CredentialKind,
    /// What the shopkeeper is to it: a second person is needed.
    pub recused: Option<Recused>,
    /// Above how much a PIN is asked for; nothing for a phone.
    pub pin_above: Option<i64>,
    /// Wrong PINs in a row that block it.
    pub pin_tries: u8,
    /// What the card may still take today; nothing for a phone.
    pub card_left: Option<i64>,
    /// When the phone code lapses.
    pub lapses_at: Option<Timestamp>,
    /// Hand it back with the basket: the code counts as shown in time for [`VISIT_SECONDS`].
    pub visit: Option<String>,
}

/// What is to be redeemed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedeemRequest {
    /// At which of the shopkeeper's counters; nothing means the first.
    pub counter: Option<CounterId>,
    /// What was scanned or typed.
    pub credential: String,
    /// From [`Identified::visit`].
    pub visit: Option<String>,
    /// The PIN of the household, where one is asked for.
    pub pin: Option<String>,
    /// What they take.
    pub basket: Basket,
    /// Who stands beside the household, if anybody does.
    pub bystander: Option<Bystander>,
    /// The redemption before, if the same person came for that one too.
    pub same_as: Option<OrderId>,
}

/// What was proved already, so that a PIN or code is not asked of the same request twice.
#[derive(Debug, Clone, Copy, Default)]
struct Proved {
    card_pin: bool,
    bystander: bool,
}

/// An article of a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteLine {
    /// The catalogue's row.
    pub row: GoodsRow,
    /// Pieces.
    pub pieces: i64,
    /// Pieces times price.
    pub points: i64,
}

/// What a basket costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Article by article.
    pub lines: Vec<QuoteLine>,
    /// Together.
    pub points: i64,
}

impl Desk {
    /// Tells who shows this code or card, before anything is chosen; within a `visit` also after a code has lapsed.
    pub async fn identify(
        &self,
        by: &Shopkeeper,
        counter: Option<CounterId>,
        scanned: &str,
        visit: Option<&str>,
    ) -> ServiceResult<Identified> {
        self.identify_with(by, counter, (scanned, visit), None).await
    }

    /// The same where somebody else answers for the household: then its number is enough.
    pub async fn identify_with(
        &self,
        by: &Shopkeeper,
        counter: Option<CounterId>,
        (scanned, visit): (&str, Option<&str>),
        part: Option<Part>,
    ) -> ServiceResult<Identified> {
        let counter = self.open_counter(by, counter).await?;
        let mut tx = self.db.begin_read().await?;
        let slip = visit::Visit { by, counter: &counter, token: visit };
        let known = self.known_or_vouched(&mut tx, by.book, scanned, &slip, part).await?;
        if let Credential::Phone { digest, .. } = &known.credential
            && let Some(first) = redemption::by_code(&mut tx, by.book, digest).await?
        {
            return Err(refuse("phone_code_used").with("receipt", first.no).into());
        }
        let recused = self.recused(&mut tx, by, &known).await?;
        let available = identify::available(&mut tx, by.book, known.home.no.as_str()).await?;
        let terms = rulesets::counter_terms(&mut tx, by.book, self.today()).await?;
        let card_left = match known.credential {
            Credential::Phone { .. } | Credential::Number => None,
            Credential::Card { .. } => {
                let meter = card_meter(known.home.no.as_str(), self.today());
                Some((terms.card_day_max - read::meter(&mut tx, by.book, &meter).await?).max(0))
            }
        };
        let (credential, lapses_at) = match known.credential {
            Credential::Phone { lapses_at, .. } => (CredentialKind::Phone, Some(lapses_at)),
            Credential::Card { .. } => (CredentialKind::Card, None),
            Credential::Number => (CredentialKind::Number, None),
        };
        let visit = match &known.credential {
            // a visit is not made longer by asking again
            Credential::Phone { digest, .. } if self.visit_holds(&slip, digest) => visit.map(str::to_owned),
            Credential::Phone { digest, .. } => Some(self.visit(by, &counter, digest)),
            Credential::Card { .. } | Credential::Number => None,
        };
        Ok(Identified {
            household: known.home.id,
            no: known.home.no.as_str().to_owned(),
            masked_name: known.masked_name,
            available,
            credential,
            recused,
            pin_above: card_left.map(|_| terms.card_pin_above),
            pin_tries: terms.pin_tries,
            card_left,
            lapses_at,
            visit,
        })
    }

    /// What a basket costs at this moment.
    pub async fn quote(&self, by: &Shopkeeper, basket: &Basket) -> ServiceResult<Quote> {
        let mut tx = self.db.begin_read().await?;
        let priced = price::basket(&mut tx, by.book, basket).await?;
        let lines =
            priced.lines.into_iter().map(|l| QuoteLine { row: l.row, pieces: l.pieces, points: l.points });
        Ok(Quote { lines: lines.collect(), points: priced.points })
    }

    /// Redeems a basket. The same `key` again gives the same receipt, also after the code has lapsed; the same code
    /// with the same basket under another key does too.
    pub async fn redeem(
        &self,
        by: &Shopkeeper,
        request: &RedeemRequest,
        key: &str,
    ) -> ServiceResult<RedemptionReceipt> {
        let counter = self.counter_at(by, request.counter).await?;
        let named = self.named(by.book, request.bystander.as_ref()).await?;
        let asked = prior::Asked::new(by, &counter, request, named.as_ref(), key)?;
        let mut proved = Proved::default();
        for _ in 0..TRIES_MAX {
            if let Some(answer) = self.answered_before(by, &asked).await? {
                return Ok(answer);
            }
            match self.redeem_once((by, &counter), request, named.as_ref(), &asked, &mut proved).await {
                // a price, a card or a counter changed between our look and the posting: look again, to say which
                Err(ServiceError::Refused(r)) if r.code == "state_changed" => {}
                other => return other,
            }
        }
        Err(refuse("state_changed").into())
    }

    async fn redeem_once(
        &self,
        (by, counter): (&Shopkeeper, &CounterRow),
        request: &RedeemRequest,
        named: Option<&Named>,
        asked: &prior::Asked,
        proved: &mut Proved,
    ) -> ServiceResult<RedemptionReceipt> {
        if !counter.is_open() {
            return Err(closed(counter));
        }
        let mut tx = self.db.begin_read().await?;
        market::check_open_today(&mut tx, by.book, counter, self.now()).await?;
        let visit = visit::Visit { by, counter, token: request.visit.as_deref() };
        let part = named.map(|n| n.part);
        let known = self.known_or_vouched(&mut tx, by.book, &request.credential, &visit, part).await?;
        if let Credential::Phone { digest, .. } = &known.credential
            && let Some(answer) = self.first_use(&mut tx, by.book, digest, asked, &known).await?
        {
            return Ok(answer);
        }
        let stood = self.stood(&mut tx, by, &known, named, request.same_as).await?;
        let priced = price::basket(&mut tx, by.book, &request.basket).await?;
        let terms = rulesets::counter_terms(&mut tx, by.book, self.today()).await?;
        if priced.points > terms.order_max {
            let refusal = refuse("order_limit").with("needed", points(priced.points));
            return Err(refusal.with("limit", points(terms.order_max)).into());
        }
        drop(tx);
        if let Credential::Card { .. } = known.credential {
            proved.card_pin = proved.card_pin
                || self.check_card_pin(by.book, &known, request, priced.points, terms).await?;
        }
        if let Some(named) = named
            && !proved.bystander
        {
            self.check_secret(by.book, named, request.bystander.as_ref()).await?;
            proved.bystander = true;
        }
        let (with_pin, stood) = (proved.card_pin, &stood);
        let order = post::Order { by, counter, known: &known, priced: &priced, with_pin, terms, stood };
        self.post_redemption(order, asked).await
    }

    /// The PIN is asked for above what the rules say; one that is given is checked whatever the amount.
    async fn check_card_pin(
        &self,
        book: BookId,
        known: &Known,
        request: &RedeemRequest,
        total: i64,
        terms: CounterTerms,
    ) -> ServiceResult<bool> {
        match request.pin.as_deref().map(str::trim).filter(|pin| !pin.is_empty()) {
            // a dry run takes any for the right one: it would let everybody try them all
            Some(_) if rehearsal::is_on() => Ok(true),
            Some(pin) => {
                self.check_pin(book, known.home.id, pin).await?;
                Ok(true)
            }
            None if total > terms.card_pin_above => {
                let refusal = refuse("pin_needed").with("needed", points(total));
                Err(refusal.with("limit", points(terms.card_pin_above)).into())
            }
            None => Ok(false),
        }
    }

    /// The shopkeeper's counter, open.
    async fn open_counter(&self, by: &Shopkeeper, wanted: Option<CounterId>) -> ServiceResult<CounterRow> {
        let counter = self.counter_at(by, wanted).await?;
        if counter.is_open() { Ok(counter) } else { Err(closed(&counter)) }
    }

    /// Whether `staff` may read the receipts of `counter`: whoever stands there, the clerk, and auditors.
    async fn may_read_counter(&self, staff: &Staff, counter: CounterId) -> ServiceResult<()> {
        if [Role::Clerk, Role::Auditor, Role::Township].into_iter().any(|role| staff.holds(role)) {
            return Ok(());
        }
        let shopkeeper = Shopkeeper::of(staff).ok_or(ServiceError::NotAllowed)?;
        self.counter_at(&shopkeeper, Some(counter)).await.map(|_| ())
    }
}

fn closed(counter: &CounterRow) -> ServiceError {
    refuse("counter_closed")
        .with("counter", &counter.name)
        .with("counter_en", either(&counter.name_en, &counter.name))
        .into()
}

/// The meter of what a household's cards took on a day.
fn card_meter(household_no: &str, day: crate::domain::time::Day) -> String {
    format!("card:{household_no}:{day}")
}

/// The card, if one was shown.
const fn card_of(credential: &Credential) -> Option<CardId> {
    match credential {
        Credential::Phone { .. } | Credential::Number => None,
        Credential::Card { id } => Some(*id),
    }
}

/// The English name of village content, or the Chinese one where there is none.
fn either<'a>(name_en: &'a str, name: &'a str) -> &'a str {
    if name_en.is_empty() { name } else { name_en }
}

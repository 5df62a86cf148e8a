//! Making a device ready: which households it may serve and how far, which goods it may hand out. All of it is put aside
//! in one act, so that nothing a device sells later was sold before.

use super::{Desk, Loaded, ServiceError, ServiceResult, closed, load, refuse, rows, turn};
use crate::{
    domain::{
        basket::Basket,
        canonical::hex,
        code::card::{CardNumber, CardToken},
        ids::{BookId, CardId, CounterId, HouseholdId, OfflineRoundId, OrgId},
        offline::{
            OFFLINE_COUNTER_MAX, OFFLINE_HOURS, OFFLINE_HOUSEHOLD_MAX, OFFLINE_HOUSEHOLDS_MAX, RoundState,
            entry::{DeviceKey, Sum, card_mark, digest},
            round::allot,
        },
        time::Timestamp,
        wording::fold_typed,
    },
    service::{
        award::required,
        caller::{Role, Shopkeeper, Staff},
        correction::last_of,
        recusal::{self, Ties},
        redeem::{TRIES_MAX, identify, masked_head},
        rulesets, shops,
    },
    store::{
        Tx, card,
        counter::{self, CounterRow},
        goods::{self, GoodsRow},
        household::{self, Household},
        ledger::read,
        offline::{self, RoundRow},
    },
};

/// A card is printed again with the same token, so there is one serial.
const SERIAL: u32 = 0;
/// Households of a village that are looked at.
const HOUSEHOLDS_READ: i64 = 1_000;
/// Rounds that are looked at.
pub(super) const ROUNDS_READ: i64 = 200;

/// A device to be made ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRound {
    /// At which of the shopkeeper's counters; nothing means the first.
    pub counter: Option<CounterId>,
    /// What people call the device.
    pub device: String,
    /// Its public key: 65 bytes.
    pub device_key: Vec<u8>,
    /// Groups or household groups to be served; all of the village when empty.
    pub places: Vec<OrgId>,
    /// The most points of one household, in hundredths: what another device is to have is left to it.
    pub each: i64,
    /// What it may hand out.
    pub goods: Basket,
}

/// A household that a device may serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenHousehold {
    /// Its number.
    pub no: String,
    /// Its head, masked.
    pub masked_name: String,
    /// The mark of its card's QR.
    pub qr_mark: Sum,
    /// The mark of its card's number.
    pub number_mark: Sum,
    /// Points left, in hundredths.
    pub left: i64,
}

/// An article that a device may hand out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenArticle {
    /// The catalogue's row.
    pub row: GoodsRow,
    /// Pieces left; nothing of a service lies on a shelf.
    pub left: Option<i64>,
    /// The price it is sold at, whatever the catalogue says later.
    pub price: i64,
}

/// What a device has in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Its name.
    pub id: OfflineRoundId,
    /// The village.
    pub book: BookId,
    /// The counter.
    pub counter: CounterRow,
    /// What people call the device.
    pub device: String,
    /// How far it is.
    pub state: RoundState,
    /// When it was made ready.
    pub readied_at: Timestamp,
    /// Until when it sells.
    pub sells_until: Timestamp,
    /// The number of the next entry.
    pub next: i64,
    /// The digest that it names.
    pub head: Sum,
    /// The most points of one sale.
    pub sale_max: i64,
    /// Whom it may serve.
    pub households: Vec<GivenHousehold>,
    /// What it may hand out.
    pub goods: Vec<GivenArticle>,
    /// When it was said to be missing.
    pub missing_at: Option<Timestamp>,
    /// Why it was stopped.
    pub fault: Option<String>,
}

/// A household with all that its allowance needs.
pub(super) struct Portion {
    pub(super) home: Household,
    pub(super) card: CardId,
    pub(super) marks: (Sum, Sum),
    pub(super) points: i64,
    pub(super) meter: String,
}

/// All that making ready is made of.
pub(super) struct Ready {
    pub(super) row: RoundRow,
    pub(super) counter: CounterRow,
    pub(super) portions: Vec<Portion>,
    pub(super) goods: Vec<(GoodsRow, i64)>,
}

impl Desk {
    /// Makes a device ready. The same `key` again gives the same.
    pub async fn ready_offline(&self, by: &Shopkeeper, new: &NewRound, key: &str) -> ServiceResult<Given> {
        for _ in 0..TRIES_MAX {
            if let Some(first) = self.readied_before(by, new, key).await? {
                return Ok(first);
            }
            match self.ready_once(by, new, key).await {
                // somebody redeemed, or a card or a price changed, between our look and the posting
                Err(ServiceError::Refused(r))
                    if ["state_changed", "insufficient_points"].contains(&r.code) => {}
                other => return other,
            }
        }
        Err(refuse("state_changed").into())
    }

    /// What a device has in hand now: for the keepers of its counter, the clerk, reviewers and auditors.
    pub async fn offline_round(&self, by: &Staff, id: OfflineRoundId) -> ServiceResult<Given> {
        let mut tx = self.db.begin_read().await?;
        let loaded = load(&mut tx, by.book, id).await?;
        drop(tx);
        if !by.holds(Role::Reviewer) {
            self.may_read_counter(by, loaded.row.counter_id).await?;
        }
        self.given(by.book, loaded).await
    }

    /// What a device has in hand now, for whoever did something about it.
    pub(super) async fn given_now(&self, book: BookId, id: OfflineRoundId) -> ServiceResult<Given> {
        let mut tx = self.db.begin_read().await?;
        let loaded = load(&mut tx, book, id).await?;
        drop(tx);
        self.given(book, loaded).await
    }

    async fn readied_before(
        &self,
        by: &Shopkeeper,
        new: &NewRound,
        key: &str,
    ) -> ServiceResult<Option<Given>> {
        let mut tx = self.db.begin_read().await?;
        let Some(row) = offline::by_key(&mut tx, by.book, key).await? else { return Ok(None) };
        if row.device_key != new.device_key || row.readied_by != by.actor().to_string() {
            return Err(refuse("idempotency_conflict").with("fields", "device_key").into());
        }
        drop(tx);
        self.given_now(by.book, row.id).await.map(Some)
    }

    async fn ready_once(&self, by: &Shopkeeper, new: &NewRound, key: &str) -> ServiceResult<Given> {
        let counter = self.counter_at(by, new.counter).await?;
        if !counter.is_open() {
            return Err(closed(&counter));
        }
        DeviceKey::read(&new.device_key).map_err(|_| refuse("offline_key"))?;
        let id: OfflineRoundId = self.id();
        let mut tx = self.db.begin_read().await?;
        shops::of_the_village(&mut tx, by.book, counter.id).await?;
        let terms = rulesets::counter_terms(&mut tx, by.book, self.today()).await?;
        let portions = self.portions(&mut tx, by, &counter, (id, new)).await?;
        let goods = articles(&mut tx, by.book, &new.goods).await?;
        drop(tx);
        let row = RoundRow {
            id,
            key: key.to_owned(),
            counter_id: counter.id,
            device_name: required("device", &new.device)?.to_owned(),
            device_key: new.device_key.clone(),
            readied_at: self.now(),
            readied_by: by.actor().to_string(),
            sale_max: terms.card_pin_above.min(terms.order_max),
            state: RoundState::Open.to_string(),
            next_no: 1,
            head: first_head(by.book, id, &portions, &goods).to_vec(),
            turn: 0,
            goods_seq: None,
            synced_at: None,
            fault: None,
            missing_at: None,
            missing_by: None,
            missing_reason: None,
            ended_at: None,
            ended_by: None,
        };
        let ready = Ready { row, counter, portions, goods };
        match last_of(self.poster.post_together(by.book, turn::ready_tasks(self, by, ready)?).await?) {
            Ok(_) => {}
            Err(ServiceError::Refused(r)) if r.code == "insufficient_stock" => {
                return Err(self.in_counter_words(by.book, r).await?);
            }
            Err(other) => return Err(other),
        }
        self.given_now(by.book, id).await
    }

    /// Whom the device may serve, and how far: households that have a card in use and points, not the shopkeeper's own nor
    /// their kin's.
    async fn portions(
        &self,
        tx: &mut Tx,
        by: &Shopkeeper,
        counter: &CounterRow,
        (round, new): (OfflineRoundId, &NewRound),
    ) -> ServiceResult<Vec<Portion>> {
        recusal::known(by)?;
        let (today, ties) = (self.today(), Ties::of(tx, by.book, by.person).await?);
        let (mut wanted, mut found) = (Vec::new(), Vec::new());
        for home in homes(tx, by.book, &new.places).await? {
            let barred = ties.bar(home.id, &[today]).is_some();
            if barred || !home.state()?.may_redeem() || found.iter().any(|p: &Portion| p.home.id == home.id) {
                continue;
            }
            let Some(card) = card::active_of(tx, by.book, home.id).await? else { continue };
            let meter = rows::meter(home.no.as_str(), today);
            let available = identify::available(tx, by.book, home.no.as_str()).await?;
            wanted.push((home.id, available, read::meter(tx, by.book, &meter).await?));
            let digits = CardToken::derive(&self.card_key(), card.id, SERIAL).card_digits();
            let number = CardNumber::parse(&card.card_no).map_or_else(|_| String::new(), |n| n.to_string());
            let marks = (card_mark(round, &fold_typed(&digits)), card_mark(round, &number));
            found.push(Portion { home, card: card.id, marks, points: 0, meter });
        }
        let room = OFFLINE_COUNTER_MAX - out_at(tx, by.book, counter.id).await?;
        let given = allot(wanted, new.each, OFFLINE_HOUSEHOLD_MAX, room);
        if given.len() > OFFLINE_HOUSEHOLDS_MAX {
            return Err(refuse("offline_households").with("limit", OFFLINE_HOUSEHOLDS_MAX).into());
        }
        let points = |id: HouseholdId| given.iter().find(|(home, _)| *home == id).map(|(_, points)| *points);
        let given: Vec<Portion> =
            found.into_iter().filter_map(|p| Some(Portion { points: points(p.home.id)?, ..p })).collect();
        if given.is_empty() { Err(refuse("offline_nobody").into()) } else { Ok(given) }
    }

    pub(super) async fn given(&self, book: BookId, loaded: Loaded) -> ServiceResult<Given> {
        let Loaded { row, allowances, goods, round } = loaded;
        let mut tx = self.db.begin_read().await?;
        let counter = counter::by_id(&mut tx, book, row.counter_id).await?;
        let mut households = Vec::with_capacity(allowances.len());
        for a in allowances {
            let home = household::by_id(&mut tx, book, a.household_id).await?;
            let home = home.ok_or(ServiceError::NotFound("household"))?;
            households.push(GivenHousehold {
                no: a.household_no,
                masked_name: masked_head(&mut tx, book, &home).await?,
                qr_mark: super::sum(&a.qr_mark)?,
                number_mark: super::sum(&a.number_mark)?,
                left: a.remaining,
            });
        }
        let mut articles = Vec::with_capacity(goods.len());
        for g in goods {
            let found = goods::by_sku(&mut tx, book, g.sku).await?.ok_or(ServiceError::NotFound("goods"))?;
            articles.push(GivenArticle { row: found, left: g.remaining, price: g.price });
        }
        Ok(Given {
            id: row.id,
            book,
            counter: counter.ok_or(ServiceError::NotFound("counter"))?,
            device: row.device_name,
            state: round.state,
            readied_at: row.readied_at,
            sells_until: row.readied_at.plus_seconds(OFFLINE_HOURS * 3_600),
            next: round.next,
            head: round.head,
            sale_max: row.sale_max,
            households,
            goods: articles,
            missing_at: row.missing_at,
            fault: row.fault,
        })
    }
}

/// Active households of these places, or of the village.
async fn homes(tx: &mut Tx, book: BookId, places: &[OrgId]) -> ServiceResult<Vec<Household>> {
    if places.is_empty() {
        return Ok(household::page(tx, book, "", HOUSEHOLDS_READ).await?);
    }
    let mut out = Vec::new();
    for place in places {
        for (id, _) in card::households_of(tx, book, *place).await? {
            out.extend(household::by_id(tx, book, id).await?);
        }
    }
    Ok(out)
}

/// Points that devices of a counter have in hand.
async fn out_at(tx: &mut Tx, book: BookId, counter: CounterId) -> ServiceResult<i64> {
    let mut out = 0;
    for row in offline::out(tx, book, ROUNDS_READ).await?.iter().filter(|r| r.counter_id == counter) {
        let given = offline::allowances(tx, book, row.id).await?;
        out += given.iter().map(|a| a.remaining).sum::<i64>();
    }
    Ok(out)
}

/// Articles that may be sold without network. One with a quota may not: what a household took of it elsewhere is not known
/// there.
async fn articles(tx: &mut Tx, book: BookId, basket: &Basket) -> ServiceResult<Vec<(GoodsRow, i64)>> {
    let mut out = Vec::new();
    for (sku, pieces) in basket.items() {
        let row = goods::by_sku(tx, book, sku).await?;
        let row = row.ok_or_else(|| refuse("article_unknown").with("article", sku))?;
        let name_en = super::super::either(&row.name_en, &row.name).to_owned();
        let refused =
            |code| refuse(code).with("article", row.name.as_str()).with("article_en", name_en.as_str());
        if !row.is_on_sale() {
            return Err(refused("not_on_sale").into());
        }
        if row.quota.is_some() {
            return Err(refused("offline_quota").into());
        }
        out.push((row, pieces));
    }
    Ok(out)
}

/// The digest that the first entry names: of all that the device was given.
fn first_head(book: BookId, id: OfflineRoundId, portions: &[Portion], goods: &[(GoodsRow, i64)]) -> Sum {
    let mut text = format!("greencoin offline given v1\nbook {book}\nround {id}\n");
    for p in portions {
        text.push_str(&format!("card {} {} {}\n", hex(&p.marks.0), hex(&p.marks.1), p.points));
    }
    for (row, pieces) in goods {
        let pieces = if row.is_service() { 0 } else { *pieces };
        text.push_str(&format!("goods {} {pieces} {}\n", row.sku, row.price));
    }
    digest(&text)
}

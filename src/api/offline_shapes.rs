//! What the API says of devices that sell without network.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{amount::points, canonical::hex, offline::entry::Item, time::Timestamp},
    service::redeem::offline::{Given, GivenArticle, GivenHousehold, Undecided},
};

/// A household that a device may serve.
#[derive(Serialize, ToSchema)]
struct ServedHousehold {
    /// Its number.
    household: String,
    /// Its head, masked.
    name: String,
    /// SHA-256 that stands for the QR of its card on this device, in hexadecimal.
    qr_mark: String,
    /// The same for the number of its card.
    number_mark: String,
    /// Points left.
    left: String,
    /// The same in hundredths, for reckoning.
    left_minor: i64,
}

impl From<GivenHousehold> for ServedHousehold {
    fn from(h: GivenHousehold) -> Self {
        Self {
            household: h.no,
            name: h.masked_name,
            qr_mark: hex(&h.qr_mark),
            number_mark: hex(&h.number_mark),
            left: points(h.left),
            left_minor: h.left,
        }
    }
}

/// An article that a device may hand out.
#[derive(Serialize, ToSchema)]
struct CarriedArticle {
    /// The article's number.
    sku: i64,
    /// Its name.
    name: String,
    /// The same in English.
    name_en: String,
    /// What one piece is.
    unit: String,
    /// The same in English.
    unit_en: String,
    /// Search key: every syllable.
    pinyin: String,
    /// Pieces left; absent for a service.
    left: Option<i64>,
    /// Points for one piece, whatever the catalogue says later.
    price: String,
    /// The same in hundredths, as it is signed.
    price_minor: i64,
}

impl From<GivenArticle> for CarriedArticle {
    fn from(a: GivenArticle) -> Self {
        Self {
            sku: a.row.sku,
            name: a.row.name,
            name_en: a.row.name_en,
            unit: a.row.unit,
            unit_en: a.row.unit_en,
            pinyin: a.row.pinyin,
            left: a.left,
            price: points(a.price),
            price_minor: a.price,
        }
    }
}

/// What a device has in hand.
#[derive(Serialize, ToSchema)]
pub(super) struct Device {
    /// The round's id.
    id: String,
    /// The village's book, as it is signed.
    book: String,
    /// The counter.
    counter: String,
    /// What people call the device.
    device: String,
    /// `open`, `closed`, `stopped` or `lost`.
    state: String,
    /// When it was made ready.
    #[schema(value_type = String, format = DateTime)]
    readied_at: Timestamp,
    /// Until when it sells.
    #[schema(value_type = String, format = DateTime)]
    sells_until: Timestamp,
    /// The number of the next entry.
    next: i64,
    /// The digest that the next entry names, in hexadecimal.
    head: String,
    /// The most points of one sale.
    sale_max: String,
    /// The same in hundredths.
    sale_max_minor: i64,
    /// Whom it may serve.
    households: Vec<ServedHousehold>,
    /// What it may hand out.
    lines: Vec<CarriedArticle>,
    /// When it was said to be missing.
    #[schema(value_type = Option<String>, format = DateTime)]
    missing_at: Option<Timestamp>,
    /// Why it was stopped: `signature`, `text`, `foreign`, `chain` or `forked`.
    fault: Option<String>,
}

impl From<Given> for Device {
    fn from(g: Given) -> Self {
        Self {
            id: g.id.to_string(),
            book: g.book.to_string(),
            counter: g.counter.id.to_string(),
            device: g.device,
            state: g.state.to_string(),
            readied_at: g.readied_at,
            sells_until: g.sells_until,
            next: g.next,
            head: hex(&g.head),
            sale_max: points(g.sale_max),
            sale_max_minor: g.sale_max,
            households: g.households.into_iter().map(ServedHousehold::from).collect(),
            lines: g.goods.into_iter().map(CarriedArticle::from).collect(),
            missing_at: g.missing_at,
            fault: g.fault,
        }
    }
}

/// An article of an entry that people decide on.
#[derive(Serialize, ToSchema)]
struct UndecidedArticle {
    /// The article's number.
    sku: i64,
    /// Its name.
    name: String,
    /// Pieces.
    pieces: i64,
    /// Points for one piece, as the device says.
    price: String,
}

/// An entry that nobody decided yet.
#[derive(Serialize, ToSchema)]
pub(super) struct UndecidedEntry {
    /// The round.
    round: String,
    /// The counter.
    counter: String,
    /// What people call the device.
    device: String,
    /// The entry's number.
    number: i64,
    /// Why people decide.
    why: String,
    /// The household's number, if its card is known.
    household: Option<String>,
    /// What the device's clock said; it proves nothing.
    #[schema(value_type = String, format = DateTime)]
    sold_at: Timestamp,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// What was handed over.
    lines: Vec<UndecidedArticle>,
    /// Points, as the device says.
    points: String,
}

impl From<Undecided> for UndecidedEntry {
    fn from(u: Undecided) -> Self {
        let line = |(item, name): (Item, String)| UndecidedArticle {
            sku: item.sku,
            name,
            pieces: item.pieces,
            price: points(item.price),
        };
        Self {
            round: u.round.to_string(),
            counter: u.counter.to_string(),
            device: u.device,
            number: u.number,
            why: u.why,
            household: u.household_no,
            sold_at: u.sold_at,
            received_at: u.received_at,
            lines: u.items.into_iter().map(line).collect(),
            points: points(u.total),
        }
    }
}

//! The catalogue of goods and services: what there is, what it costs in points, how much is on the shelf. Prices
//! change with a history. What comes onto the shelf and leaves it is [`super::stock`].

use std::collections::HashMap;

use super::{Desk, ServiceError, ServiceResult, caller::Clerk, goods_picture, refuse};
use crate::{
    domain::{
        barcode::Ean13,
        chart,
        goods::{GOODS_NAME_CHARS_MAX, GoodsKind, SKU_MAX, forbidden, period_code, search_keys},
        ids::BookId,
        posting::Commodity,
        time::Period,
    },
    store::{
        Tx,
        goods::{self, GOODS_MAX, GoodsRow, PriceRow},
        ledger::write,
        serial::{self, Series},
        stock as stock_papers,
    },
};

/// The most articles a village has on sale: a list that people still find things in.
pub const ON_SALE_MAX: i64 = 200;
/// The highest price of one piece, in points.
pub const PRICE_POINTS_MAX: i64 = 10_000;

/// An article to be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGoods {
    /// What the village calls it.
    pub name: String,
    /// The same in English; may be empty.
    pub name_en: String,
    /// What one piece is: 瓶, 袋, 次.
    pub unit: String,
    /// The same in English; may be empty.
    pub unit_en: String,
    /// The shelf it is listed under.
    pub category: String,
    /// Goods or service.
    pub kind: GoodsKind,
    /// The maker's bar code.
    pub barcode: Option<String>,
    /// Pieces a household may take in a period.
    pub quota: Option<(i64, Period)>,
    /// The price, in hundredths of a point.
    pub price: i64,
    /// What one piece costs, in fen.
    pub cost_fen: i64,
}

/// An article with what lies on the shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// The catalogue's row.
    pub row: GoodsRow,
    /// Pieces on the shelf; nothing for services.
    pub stock: Option<i64>,
    /// The counter is being counted: how many there are is not to be shown.
    pub blind: bool,
    /// Which picture it has.
    pub picture: Option<String>,
}

/// An article with its pieces at every counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stocked {
    /// The catalogue's row.
    pub row: GoodsRow,
    /// Counter code and pieces, where there are any; not of counters that are being counted.
    pub stock: Vec<(String, i64)>,
    /// Codes of the counters that are being counted.
    pub blind: Vec<String>,
    /// Which picture it has.
    pub picture: Option<String>,
}

impl Stocked {
    /// Pieces at one counter.
    #[must_use]
    pub fn at(&self, counter: &str) -> i64 {
        self.stock.iter().find(|(code, _)| code == counter).map_or(0, |(_, pieces)| *pieces)
    }

    /// Whether a counter is being counted: how many there are is not to be shown.
    #[must_use]
    pub fn is_blind(&self, counter: &str) -> bool {
        self.blind.iter().any(|code| code == counter)
    }

    /// Pieces at all counters together.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.stock.iter().map(|(_, pieces)| pieces).sum()
    }
}

/// The commodity of an article.
pub(super) fn commodity(sku: i64) -> ServiceResult<Commodity> {
    u32::try_from(sku)
        .map(Commodity::sku)
        .map_err(|_| ServiceError::Internal(format!("article {sku} has no commodity")))
}

/// Article number of a commodity code.
pub(super) fn sku_of(commodity: &str) -> Option<i64> {
    commodity.strip_prefix("SKU-")?.parse().ok()
}

/// Pieces on the shelf of one counter, by article.
pub(super) async fn shelf(tx: &mut Tx, book: BookId, counter: &str) -> ServiceResult<HashMap<i64, i64>> {
    let path = super::books::path(chart::stock(counter))?;
    let rows = goods::stock(tx, book, path.as_str()).await?;
    Ok(rows.into_iter().filter_map(|(code, pieces)| Some((sku_of(&code)?, pieces))).collect())
}

impl Desk {
    /// What a counter offers now, by article number.
    pub async fn catalogue(&self, book: BookId, counter: &str) -> ServiceResult<Vec<Article>> {
        let mut tx = self.db.begin_read().await?;
        let shelf = shelf(&mut tx, book, counter).await?;
        // what a private shop has on its shelves is its own affair
        let of_shop = super::shops::is_private(&mut tx, book, counter).await?;
        let blind = stock_papers::counted_now(&mut tx, book).await?.iter().any(|code| code == counter);
        let rows = goods::list(&mut tx, book, 0, GOODS_MAX).await?;
        let mut pictures = goods_picture::versions(&mut tx, book).await?;
        let offered = rows.into_iter().filter(GoodsRow::is_on_sale).map(|row| {
            let stock = (!row.is_service() && !of_shop).then(|| shelf.get(&row.sku).copied().unwrap_or(0));
            Article { picture: pictures.remove(&row.sku), row, stock, blind }
        });
        Ok(offered.collect())
    }

    /// All articles after number `after`, withdrawn ones too, with their pieces at every counter.
    pub async fn goods(&self, book: BookId, after: i64, limit: i64) -> ServiceResult<Vec<Stocked>> {
        let mut tx = self.db.begin_read().await?;
        let mut stock: HashMap<i64, Vec<(String, i64)>> = HashMap::new();
        let blind = stock_papers::counted_now(&mut tx, book).await?;
        for row in goods::stocks(&mut tx, book).await? {
            let counter = row.path.rsplit(':').next().unwrap_or_default().to_owned();
            if blind.contains(&counter) {
                continue;
            }
            if let Some(sku) = sku_of(&row.commodity) {
                stock.entry(sku).or_default().push((counter, row.quantity));
            }
        }
        let rows = goods::list(&mut tx, book, after, limit.clamp(1, GOODS_MAX)).await?;
        let mut pictures = goods_picture::versions(&mut tx, book).await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let stock = stock.remove(&row.sku).unwrap_or_default();
                Stocked { picture: pictures.remove(&row.sku), row, stock, blind: blind.clone() }
            })
            .collect())
    }

    /// One article, with the prices it had, the latest first.
    pub async fn article(&self, book: BookId, sku: i64) -> ServiceResult<(GoodsRow, Vec<PriceRow>)> {
        let mut tx = self.db.begin_read().await?;
        let row = goods::by_sku(&mut tx, book, sku).await?.ok_or(ServiceError::NotFound("goods"))?;
        Ok((row, goods::prices(&mut tx, book, sku).await?))
    }

    /// Lists an article, on sale at once.
    pub async fn add_goods(&self, by: &Clerk, new: NewGoods) -> ServiceResult<GoodsRow> {
        check_new(&new)?;
        let barcode = barcode_of(&new)?;
        let keys = search_keys(&new.name);
        let mut tx = self.db.begin_write().await?;
        let sku = serial::take(&mut tx, by.book, Series::Goods, 1).await?;
        room_for_one(&mut tx, by.book).await?;
        if let Some(code) = &barcode {
            let all = goods::list(&mut tx, by.book, 0, GOODS_MAX).await?;
            if let Some(other) = all.iter().find(|g| g.barcode.as_ref() == Some(code)) {
                return Err(refuse("barcode_taken")
                    .with("barcode", code)
                    .with("article", &other.name)
                    .into());
            }
        }
        if sku > SKU_MAX {
            return Err(refuse("too_many").with("field", "goods").into());
        }
        let row = GoodsRow {
            sku,
            name: new.name.trim().to_owned(),
            name_en: new.name_en.trim().to_owned(),
            unit: new.unit.trim().to_owned(),
            unit_en: new.unit_en.trim().to_owned(),
            category: new.category.trim().to_owned(),
            kind: new.kind.as_str().to_owned(),
            barcode,
            pinyin: keys.pinyin,
            initials: keys.initials,
            quota: new.quota.map(|(pieces, _)| pieces),
            quota_period: new.quota.map(|(_, period)| period_code(period).to_owned()),
            price: new.price,
            cost_fen: new.cost_fen,
            price_version: 1,
            state: "on_sale".to_owned(),
        };
        goods::add(&mut tx, by.book, &row).await?;
        goods::add_price(&mut tx, by.book, sku, &self.price_row(by, &row)).await?;
        let code = commodity(sku)?;
        write::open_commodity(&mut tx, by.book, code.as_str(), 0, &row.name, &row.name_en).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// A new price, in place of that of `version`. What one piece costs is what receipts say.
    pub async fn set_price(&self, by: &Clerk, sku: i64, version: i32, price: i64) -> ServiceResult<GoodsRow> {
        check_price(price)?;
        let mut tx = self.db.begin_write().await?;
        let mut row = goods::by_sku(&mut tx, by.book, sku).await?.ok_or(ServiceError::NotFound("goods"))?;
        if row.price_version != version {
            return Err(refuse("state_changed").into());
        }
        (row.price, row.price_version) = (price, version + 1);
        goods::set_price(&mut tx, by.book, sku, version, price).await?;
        goods::add_price(&mut tx, by.book, sku, &self.price_row(by, &row)).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Puts an article on sale or takes it off.
    pub async fn set_on_sale(&self, by: &Clerk, sku: i64, on_sale: bool) -> ServiceResult<GoodsRow> {
        let to = if on_sale { "on_sale" } else { "withdrawn" };
        let mut tx = self.db.begin_write().await?;
        // its lock: two who put the last one on sale at once
        serial::take(&mut tx, by.book, Series::Goods, 0).await?;
        let mut row = goods::by_sku(&mut tx, by.book, sku).await?.ok_or(ServiceError::NotFound("goods"))?;
        if row.state != to {
            if on_sale {
                room_for_one(&mut tx, by.book).await?;
            }
            goods::set_state(&mut tx, by.book, sku, to).await?;
            tx.commit().await?;
            to.clone_into(&mut row.state);
        }
        Ok(row)
    }

    fn price_row(&self, by: &Clerk, row: &GoodsRow) -> PriceRow {
        PriceRow {
            version: row.price_version,
            price: row.price,
            cost_fen: row.cost_fen,
            set_at: self.now(),
            set_by: by.actor().to_string(),
        }
    }
}

/// Refused when as many articles are on sale as there may be.
async fn room_for_one(tx: &mut Tx, book: BookId) -> ServiceResult<()> {
    if goods::on_sale(tx, book).await? < ON_SALE_MAX {
        return Ok(());
    }
    Err(refuse("catalogue_full").with("limit", ON_SALE_MAX).into())
}

fn check_new(new: &NewGoods) -> ServiceResult<()> {
    for (field, text) in [("name", &new.name), ("unit", &new.unit), ("category", &new.category)] {
        if text.trim().is_empty() {
            return Err(refuse("field_missing").with("field", field).into());
        }
    }
    if new.name.chars().count() > GOODS_NAME_CHARS_MAX {
        return Err(refuse("too_long").with("field", "name").with("limit", GOODS_NAME_CHARS_MAX).into());
    }
    if let Some(word) = forbidden(&new.name, &new.name_en, &new.category) {
        return Err(refuse("goods_forbidden").with("article", new.name.trim()).with("word", word).into());
    }
    if new.quota.is_some_and(|(pieces, _)| pieces <= 0) {
        return Err(refuse("quantity_out_of_range").with("field", "quota").into());
    }
    if !(0..=super::stock::COST_FEN_MAX).contains(&new.cost_fen) {
        return Err(refuse("quantity_out_of_range").with("field", "cost").into());
    }
    check_price(new.price)
}

/// The bar code in the form in which it is scanned.
fn barcode_of(new: &NewGoods) -> ServiceResult<Option<String>> {
    let typed = new.barcode.as_deref().map(str::trim).filter(|typed| !typed.is_empty());
    let read = |typed| Ean13::parse(typed).map_err(|_| refuse("barcode_invalid").with("barcode", typed));
    Ok(typed.map(read).transpose()?.map(|code| code.to_string()))
}

fn check_price(price: i64) -> ServiceResult<()> {
    let most = PRICE_POINTS_MAX * crate::domain::amount::POINT_MINOR;
    if !(1..=most).contains(&price) {
        return Err(refuse("quantity_out_of_range").with("field", "price").into());
    }
    Ok(())
}

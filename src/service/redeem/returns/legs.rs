//! What of each article comes back, and the lines that give it back. Posts nothing.

use std::collections::BTreeMap;

use super::{Back, GoodsBack, Piece};
use crate::{
    domain::{
        basket::Basket,
        chart,
        ids::BookId,
        posting::{Commodity, Line, Path},
        returns::{Bought, ReturnKind, ReturnedTo},
    },
    service::{ServiceError, ServiceResult, books::path, goods::commodity, redeem::either, refuse},
    store::{
        Tx, goods,
        redemption::{self, RedemptionRow},
        returns,
    },
};

/// The lines of the posting: points, pieces, cost. What a piece cost then leaves the rewards, what it costs now comes onto
/// the shelf.
pub(super) fn lines(back: &Back, household_no: &str, counter: &str) -> ServiceResult<Vec<Line>> {
    let mut out = Vec::new();
    let mut add = |account: Path, commodity: &Commodity, quantity: i64| {
        if quantity != 0 {
            out.push(Line::new(account, commodity.clone(), quantity));
        }
    };
    let (point, fen) = (Commodity::point(), Commodity::cnyfen());
    add(path(chart::redeemed(counter))?, &point, back.points());
    add(path(chart::household_available(household_no))?, &point, -back.points());
    if back.of_shop {
        // the goods are the shop's: it is owed so much less
        add(chart::rewards(), &fen, -back.cost_fen());
        add(path(chart::merchant(counter))?, &fen, back.cost_fen());
        return Ok(out);
    }
    let mut shelved = 0;
    for piece in back.pieces.iter().filter(|p| !p.is_service) {
        let code = commodity(piece.sku)?;
        add(chart::issued(), &code, -piece.pieces);
        match back.goes_to {
            ReturnedTo::Shelf => {
                add(path(chart::stock(counter))?, &code, piece.pieces);
                shelved += piece.pieces * piece.cost_now;
            }
            ReturnedTo::Loss => add(chart::loss(), &code, piece.pieces),
        }
    }
    let cost = back.cost_fen();
    add(chart::rewards(), &fen, -cost);
    match back.goes_to {
        ReturnedTo::Shelf => {
            add(path(chart::stock_cost(counter))?, &fen, shelved);
            add(chart::cost_difference(), &fen, cost - shelved);
        }
        ReturnedTo::Loss => add(chart::loss(), &fen, cost),
    }
    Ok(out)
}

/// What comes back of each article, if so much is left of it.
pub(super) async fn pieces(
    tx: &mut Tx,
    book: BookId,
    row: &RedemptionRow,
    kind: ReturnKind,
    asked: &GoodsBack,
) -> ServiceResult<Vec<Piece>> {
    let earlier: BTreeMap<i64, i64> = returns::pieces(tx, book, row.id).await?.into_iter().collect();
    let mut out = Vec::new();
    let lines = redemption::lines(tx, book, row.id).await?;
    if let Some((sku, _)) =
        asked.basket.iter().flat_map(Basket::items).find(|(s, _)| !lines.iter().any(|l| l.sku == *s))
    {
        return Err(refuse("not_on_receipt").with("article", sku).with("no", row.no).into());
    }
    for line in lines {
        let before = earlier.get(&line.sku).copied().unwrap_or(0);
        let left = line.quantity - before;
        let wanted = asked.basket.as_ref().map_or(left, |basket| basket.pieces(line.sku));
        if wanted == 0 {
            continue;
        }
        let article = goods::by_sku(tx, book, line.sku).await?.ok_or(ServiceError::NotFound("goods"))?;
        let name_en = either(&article.name_en, &line.name).to_owned();
        if kind == ReturnKind::Returned && article.is_service() {
            return Err(refuse("service_not_returned")
                .with("article", &line.name)
                .with("article_en", name_en)
                .into());
        }
        let bought = Bought { pieces: line.quantity, points: line.points, cost_fen: line.cost_fen };
        let Some(goes_back) = bought.back(before, wanted) else {
            let refusal = refuse("returned_already").with("article", &line.name).with("article_en", name_en);
            return Err(refusal.with("left", left).with("needed", wanted).into());
        };
        out.push(Piece {
            sku: line.sku,
            is_service: article.is_service(),
            pieces: wanted,
            limit: line.quantity,
            points: goes_back.points,
            cost_fen: goes_back.cost_fen,
            cost_now: article.cost_fen,
        });
    }
    if out.is_empty() {
        return Err(refuse("nothing_to_return").with("no", row.no).into());
    }
    Ok(out)
}

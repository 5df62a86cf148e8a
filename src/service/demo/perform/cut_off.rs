//! A device of the second counter that was made ready yesterday, sold without network, and sent what it had: two sales, and a
//! card that nobody knows, which waits for somebody to decide.

use p256::ecdsa::{Signature, SigningKey, signature::Signer};

use super::missing;
use crate::{
    domain::{
        basket::Basket,
        ids::BookId,
        offline::entry::{Entry, Item, Sum, card_mark},
    },
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{Shopkeeper, Staff},
        redeem::offline::{Given, GivenArticle, NewRound, Sent},
    },
};

/// The key of the device: the village is made up, and everything in it the same each time.
const KEY: [u8; 32] = *b"greencoin demo: no device at all";
/// Pieces of each article, and points of a household at most.
const PIECES: i64 = 3;
const EACH: i64 = 2_000;
/// Different articles.
const ARTICLES: usize = 2;
/// A card number that no household has.
const STRANGER: &str = "0000000000";
/// Seconds after it was made ready.
const LATER: i64 = 1_800;

/// Makes it ready for one group, sells and sends.
pub(super) async fn cut_off(desk: &Desk, book: BookId, keeper: &Staff) -> ServiceResult<()> {
    let by = Shopkeeper::of(keeper).ok_or_else(|| missing("keeper"))?;
    let signer = SigningKey::from_slice(&KEY).map_err(|_| missing("key"))?;
    let Some(new) = wish(desk, book, &by, &signer).await? else { return Ok(()) };
    let given = match desk.ready_offline(&by, &new, "demo:device").await {
        Ok(given) => given,
        // nobody of that group has points
        Err(ServiceError::Refused(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let entries = sold(desk, &given, &signer);
    let sent = Sent { entries, device_now: desk.now(), close: false };
    desk.sync_offline(&by, given.id, &sent).await.map(drop)
}

async fn wish(
    desk: &Desk,
    book: BookId,
    by: &Shopkeeper,
    key: &SigningKey,
) -> ServiceResult<Option<NewRound>> {
    let counter = desk.counter_at(by, None).await?;
    let groups = desk.matter_groups(book).await?;
    let mut articles = desk.catalogue(book, &counter.code).await?;
    articles.retain(|a| a.row.quota.is_none() && a.stock.is_some_and(|pieces| pieces >= PIECES));
    articles.sort_by_key(|a| (a.row.price, a.row.sku));
    let goods = articles.iter().take(ARTICLES).map(|a| (a.row.sku, PIECES));
    let (Ok(goods), Some((group, _))) = (Basket::new(goods), groups.last()) else { return Ok(None) };
    Ok(Some(NewRound {
        counter: Some(counter.id),
        device: "平板".to_owned(),
        device_key: key.verifying_key().to_encoded_point(false).as_bytes().to_vec(),
        places: vec![*group],
        each: EACH,
        goods,
    }))
}

/// Two households take the cheapest article that the device has, and a stranger does.
fn sold(desk: &Desk, given: &Given, key: &SigningKey) -> Vec<(String, Vec<u8>)> {
    let Some(article) = given.goods.first() else { return Vec::new() };
    let can = given.households.iter().filter(|home| home.left >= article.price);
    let cards = can.take(2).map(|home| home.qr_mark).chain([card_mark(given.id, STRANGER)]);
    let (mut previous, mut out) = (given.head, Vec::new());
    for (number, card) in (given.next..).zip(cards) {
        let entry = entry(desk, given, article, (number, previous, card));
        previous = entry.digest();
        let text = entry.text();
        let signature: Signature = key.sign(text.as_bytes());
        out.push((text, signature.to_bytes().to_vec()));
    }
    out
}

fn entry(
    desk: &Desk,
    given: &Given,
    article: &GivenArticle,
    (number, previous, card): (i64, Sum, Sum),
) -> Entry {
    let item = Item { sku: article.row.sku, pieces: 1, price: article.price };
    Entry {
        book: given.book,
        round: given.id,
        number,
        previous,
        at: desk.now().plus_seconds(LATER),
        elapsed: LATER,
        card,
        items: vec![item],
        total: article.price,
    }
}

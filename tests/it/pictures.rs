//! Pictures of articles and photos of losses: made small, shown to the village, the digest of a loss in the ledger; and how
//! many articles a village may have on sale.

use axum::http::Method;
use greencoin::{
    domain::{goods::GoodsKind, stock::LossReason},
    service::{
        caller::{Role, Staff, StockReader, StockWitness, Storekeeper},
        goods::{NewGoods, ON_SALE_MAX},
        picture::THUMBNAIL_BYTES_MAX,
        retention::EVIDENCE_DAYS,
        stock::{Draft, Leaving},
    },
    store::{ledger::read, stock::PaperRow},
};
use sha2::{Digest, Sha256};

use crate::{
    claims::photo,
    stall::Stall,
    village::{SOAP, TOWEL, Village, refused, second_person},
};

fn keeper(v: &Village) -> Storekeeper {
    Storekeeper::of(&v.shop).unwrap()
}

fn reader(v: &Village) -> StockReader {
    StockReader::of(&v.clerk).unwrap()
}

async fn loss(v: &Village) -> PaperRow {
    let lines = vec![Leaving { sku: SOAP, pieces: 2, batch: None }];
    let draft = Draft::Loss { counter: v.counter.id, reason: LossReason::Damaged, lines };
    v.desk.draw_stock_paper(&keeper(v), &draft, "受潮").await.unwrap()
}

fn new(name: &str) -> NewGoods {
    NewGoods {
        name: name.into(),
        name_en: String::new(),
        unit: "件".into(),
        unit_en: String::new(),
        category: "日用".into(),
        kind: GoodsKind::Goods,
        barcode: None,
        quota: None,
        price: 100,
        cost_fen: 80,
    }
}

#[tokio::test]
async fn a_picture_becomes_a_small_square_that_can_be_replaced_and_taken_away() {
    let v = Village::new().await;
    v.desk.set_goods_picture(&v.clerk, SOAP, photo(900, 600, 1)).await.unwrap();
    let first = v.desk.goods_picture(v.book, SOAP).await.unwrap();
    assert!(first.len() <= THUMBNAIL_BYTES_MAX, "{} bytes", first.len());
    let seen = image::load_from_memory(&first).unwrap();
    assert_eq!(seen.width(), seen.height());
    let version = async || v.desk.goods_pictures(v.book).await.unwrap().remove(&SOAP);
    let before = version().await.unwrap();
    let shown = v.desk.catalogue(v.book, "C1").await.unwrap();
    assert_eq!(shown.iter().filter_map(|a| a.picture.as_ref()).collect::<Vec<_>>(), [&before]);
    v.desk.set_goods_picture(&v.clerk, SOAP, photo(600, 900, 2)).await.unwrap();
    assert_ne!(version().await.unwrap(), before, "its address changes with it");
    assert_eq!(
        refused(v.desk.set_goods_picture(&v.clerk, SOAP, b"no photo".to_vec()).await),
        "not_a_picture"
    );
    assert_eq!(refused(v.desk.set_goods_picture(&v.clerk, SOAP, Vec::new()).await), "field_missing");
    assert!(v.desk.set_goods_picture(&v.clerk, 99, photo(60, 60, 1)).await.is_err(), "no such article");
    v.desk.remove_goods_picture(&v.clerk, SOAP).await.unwrap();
    assert_eq!(version().await, None);
    assert!(v.desk.goods_picture(v.book, SOAP).await.is_err());
}

#[tokio::test]
async fn two_hundred_articles_are_on_sale_and_not_one_more() {
    let v = Village::new().await;
    let there = i64::try_from(v.desk.goods(v.book, 0, 1_000).await.unwrap().len()).unwrap();
    for n in there..ON_SALE_MAX {
        v.desk.add_goods(&v.clerk, new(&format!("商品{n}"))).await.unwrap();
    }
    assert_eq!(refused(v.desk.add_goods(&v.clerk, new("再来一种")).await), "catalogue_full");
    v.desk.set_on_sale(&v.clerk, TOWEL, false).await.unwrap();
    // what is on sale already may be put there again; what is not may not, once its place is taken
    v.desk.set_on_sale(&v.clerk, SOAP, true).await.unwrap();
    let added = v.desk.add_goods(&v.clerk, new("再来一种")).await.unwrap();
    assert_eq!(refused(v.desk.set_on_sale(&v.clerk, TOWEL, true).await), "catalogue_full");
    v.desk.set_on_sale(&v.clerk, added.sku, false).await.unwrap();
    v.desk.set_on_sale(&v.clerk, TOWEL, true).await.unwrap();
}

#[tokio::test]
async fn the_photo_of_a_loss_is_seen_before_it_is_agreed_to_and_its_digest_is_posted() {
    let v = Village::new().await;
    let paper = loss(&v).await;
    let without = loss(&v).await;
    let other = Staff { user: v.desk.id(), roles: vec![Role::Clerk], ..Staff::clone(&v.clerk) };
    let by_another = Storekeeper::of(&other).unwrap();
    let by_another = v.desk.add_stock_photo(&by_another, paper.id, photo(90, 60, 1)).await;
    assert_eq!(refused(by_another), "not_your_paper");
    let row = v.desk.add_stock_photo(&keeper(&v), paper.id, photo(900, 600, 1)).await.unwrap();
    let kept = v.desk.stock_photo(&reader(&v), paper.id).await.unwrap();
    assert_eq!(row.photo.unwrap(), Sha256::digest(&kept.bytes).to_vec());
    assert_eq!(
        refused(v.desk.add_stock_photo(&keeper(&v), paper.id, photo(90, 60, 2)).await),
        "photo_is_there"
    );
    let second: StockWitness = second_person(&v.desk, &v.clerk);
    let posted = v.desk.approve_stock_paper(&second, paper.id, "").await.unwrap();
    v.desk.approve_stock_paper(&second, without.id, "").await.unwrap();
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let txn = read::txns(&mut tx, v.book, posted.txn_seq.unwrap() - 1, 1).await.unwrap().remove(0);
    drop(tx);
    let digest: String = Sha256::digest(&kept.bytes).iter().map(|b| format!("{b:02x}")).collect();
    assert!(txn.body.contains(&format!("\"photo\":\"{digest}\"")), "{}", txn.body);
    assert_eq!(
        refused(v.desk.add_stock_photo(&keeper(&v), without.id, photo(90, 60, 2)).await),
        "already_decided"
    );
    assert_eq!(v.stock_of(SOAP).await, 16);
    assert!(v.desk.verify_books(None).await.unwrap().holds());
    // after its years the bytes go, the digest stays and verification with it
    v.clock.advance_seconds((EVIDENCE_DAYS + 1) * 86_400);
    assert_eq!(v.desk.erase_old_evidence(v.book).await.unwrap(), 1);
    assert!(v.desk.stock_photo(&reader(&v), paper.id).await.is_err());
    let view = v.desk.stock_paper(&reader(&v), paper.id).await.unwrap();
    assert!(view.row.photo.is_some() && !view.photo_kept);
    assert!(v.desk.verify_books(None).await.unwrap().holds());
}

#[tokio::test]
async fn only_losses_have_a_photo() {
    let v = Village::new().await;
    let count =
        v.desk.draw_stock_paper(&keeper(&v), &Draft::Count { counter: v.counter.id }, "").await.unwrap();
    assert_eq!(
        refused(v.desk.add_stock_photo(&keeper(&v), count.id, photo(90, 60, 1)).await),
        "photo_of_losses"
    );
}

#[tokio::test]
async fn the_pages_take_a_picture_in_and_show_it_to_households_and_staff() {
    let stall = Stall::new(5).await;
    stall.household(1, 10).await;
    let mut clerk = stall.app.sign_in(Role::Clerk).await;
    let csrf = clerk.csrf().await;
    let form = Some("multipart/form-data; boundary=b");
    let mut body =
        format!("--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n").into_bytes();
    body.extend(b"--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\n");
    body.extend(photo(300, 200, 1));
    body.extend(b"\r\n--b--\r\n");
    clerk.send(Method::POST, "/clerk/goods/1/picture", form, body).await.expect(303);
    let mut home = stall.app.sign_in_household(&stall.app.village, "H0001").await;
    let page = home.get("/my/goods").await.expect(200).text();
    let at = page.split("src=\"/goods/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(page.contains("loading=\"lazy\""));
    let at = format!("/goods/{at}");
    assert_eq!(home.get(&at).await.expect(200).headers["content-type"], "image/jpeg");
    assert!(stall.app.anonymous().get(&at).await.status.as_u16() >= 300, "for the village alone");
    clerk.post_form("/clerk/goods/1/picture/remove", &[]).await.expect(303);
    home.get(&at).await.expect(404);
    stall.app.finish().await;
}

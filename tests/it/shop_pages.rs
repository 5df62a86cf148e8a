//! The pages of the counter, the household and the stock, walked through as browsers do, without script.

use axum::http::Method;
use greencoin::service::caller::Role;

use crate::stall::Stall;

/// What a hidden field of a page holds.
fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.split_once(&mark).unwrap_or_else(|| panic!("no {name} in {page}"));
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn from_the_code_to_the_receipt_without_script() {
    let mut stall = Stall::new(50).await;
    stall.household(1, 55).await;
    let mut home = stall.app.sign_in_household(&stall.app.village, "H0001").await;
    assert!(home.get("/my").await.expect(200).text().contains("55<small>"));
    let code_page = home.get("/my/code").await.expect(200).text();
    assert!(code_page.contains("svg class=\"qr\"") && code_page.contains("http-equiv=\"refresh\""));
    let digits = home.get_json("/api/v1/my/code").await["digits"].as_str().unwrap().to_owned();

    let shop = &mut stall.shop;
    assert!(shop.get("/shop").await.expect(200).text().contains("data-decode=\"/shop/scan\""));
    let counter = stall.counter.id.to_string();
    let who = [("code", digits.as_str()), ("counter", counter.as_str())];
    let basket = shop.post_form("/shop/customer", &who).await.expect(200).text();
    assert!(basket.contains("H0001") && basket.contains("name=\"qty-1\""), "{basket}");
    let visit = hidden(&basket, "visit");
    let chosen = [who[0], who[1], ("visit", visit.as_str()), ("qty-1", "20")];
    let confirm = shop.post_form("/shop/confirm", &chosen).await.expect(200).text();
    assert!(confirm.contains("扣20分"), "{confirm}");
    let (key, items) = (hidden(&confirm, "key"), hidden(&confirm, "basket"));
    let last = [who[0], who[1], ("visit", visit.as_str()), ("basket", items.as_str()), ("key", key.as_str())];
    let done = shop.post_form("/shop/redeem", &last).await.expect(303);
    let receipt = shop.get(done.location()).await.expect(200).text();
    assert!(receipt.contains("data-speak=\"扣20分，余35分\""), "{receipt}");
    // pressed twice, or sent again after a lost answer
    let again = shop.post_form("/shop/redeem", &last).await.expect(303);
    assert_eq!(again.location(), done.location());
    assert!(shop.get("/shop/today").await.expect(200).text().contains("凭条第1号"));
    let used = shop.post_form("/shop/customer", &who).await.expect(409).text();
    assert!(used.contains("已经用过"), "{used}");

    assert!(home.get("/my/statement").await.expect(200).text().contains("毛巾"));
    assert!(home.get("/my/receipts").await.expect(200).text().contains("凭条第1号"));
    let own = done.location().replace("/shop/", "/my/");
    home.get(own.split('?').next().unwrap()).await.expect(200);
    for page in ["/my/notices", "/my/goods", "/my/card"] {
        home.get(page).await.expect(200);
    }
    home.get("/shop").await.expect(403);
    stall.app.finish().await;
}

#[tokio::test]
async fn a_refusal_is_shown_where_it_happened_and_a_new_try_has_a_new_key() {
    let mut stall = Stall::new(50).await;
    let home = stall.household(1, 30).await;
    let card = stall.card(home).await;
    let shop = &mut stall.shop;
    let basket = shop.post_form("/shop/customer", &[("code", &card)]).await.expect(200).text();
    assert!(basket.contains("积分卡今天还可用50分"), "{basket}");
    let empty = shop.post_form("/shop/confirm", &[("code", &card), ("qty-1", "")]).await.expect(409).text();
    assert!(empty.contains("还没有选商品"));
    let confirm =
        shop.post_form("/shop/confirm", &[("code", &card), ("qty-1", "25")]).await.expect(200).text();
    assert!(confirm.contains("name=\"pin\""), "above the limit the PIN is asked for");
    let key = hidden(&confirm, "key");
    let wrong = [("code", card.as_str()), ("basket", "1x25"), ("key", key.as_str()), ("pin", "111222")];
    let refused = shop.post_form("/shop/redeem", &wrong).await.expect(409).text();
    assert!(refused.contains("role=\"alert\"") && hidden(&refused, "key") != key, "{refused}");
    shop.post_form("/shop/customer", &[("code", "123")]).await.expect(409);
    let counter = stall.counter.id.to_string();
    shop.post_form("/shop/open", &[("counter", &counter), ("open", "false")]).await.expect(303);
    let closed = shop.post_form("/shop/customer", &[("code", &card)]).await.expect(409).text();
    assert!(closed.contains("没有开门"));
    stall.app.finish().await;
}

#[tokio::test]
async fn whatever_is_refused_at_the_counter_is_said_on_its_page() {
    let mut stall = Stall::new(50).await;
    let home = stall.household(1, 30).await;
    let card = stall.card(home).await;
    let shop = &mut stall.shop;
    let plain = |page: &str| page.contains("role=\"alert\"") && page.contains("csrf");
    let typed = [("code", card.as_str()), ("qty-1", "三四")];
    let unread = shop.post_form("/shop/confirm", &typed).await.expect(409).text();
    assert!(plain(&unread) && unread.contains("name=\"qty-1\""), "{unread}");
    let broken = [("code", card.as_str()), ("basket", "?"), ("key", "k1")];
    assert!(plain(&shop.post_form("/shop/redeem", &broken).await.expect(409).text()));
    let unknown = [("code", card.as_str()), ("basket", "77x1"), ("key", "k2")];
    let unknown = shop.post_form("/shop/redeem", &unknown).await;
    assert!([404, 409].contains(&unknown.status.as_u16()) && unknown.text().contains("<html"));

    // a wrong PIN typed once and sent twice counts once
    let page = shop.post_form("/shop/confirm", &[("code", &card), ("qty-1", "25")]).await.expect(200).text();
    let (key, once) = (hidden(&page, "key"), hidden(&page, "once"));
    let wrong = [("code", card.as_str()), ("basket", "1x25"), ("key", key.as_str()), ("pin", "111222")];
    let wrong = [wrong.as_slice(), &[("once", once.as_str())]].concat();
    let first = shop.post_form("/shop/redeem", &wrong).await.expect(409).text();
    for _ in 0..4 {
        assert_eq!(shop.post_form("/shop/redeem", &wrong).await.expect(409).text(), first);
    }
    let right = [("code", card.as_str()), ("basket", "1x25"), ("key", "k3"), ("pin", crate::support::PIN)];
    shop.post_form("/shop/redeem", &right).await.expect(303);
    stall.app.finish().await;
}

#[tokio::test]
async fn the_clerk_keeps_goods_counters_and_cards_on_pages() {
    let stall = Stall::new(50).await;
    let home = stall.household(1, 30).await;
    stall.card(home).await;
    let mut clerk = stall.app.sign_in(Role::Clerk).await;
    for page in [
        "/clerk/goods",
        "/clerk/goods/new",
        "/clerk/goods/1",
        "/stock",
        "/stock/new/receipt",
        "/clerk/counters",
    ] {
        clerk.get(page).await.expect(200);
    }
    let new = [
        ("name", "香皂"),
        ("unit", "块"),
        ("category", "日用"),
        ("kind", "goods"),
        ("price", "5"),
        ("cost", "4.50"),
        ("quota", "2"),
        ("quota_period", "month"),
    ];
    let made = clerk.post_form("/clerk/goods/new", &new).await.expect(303);
    assert_eq!(made.location(), "/clerk/goods/2");
    clerk.post_form("/clerk/goods/2/price", &[("version", "1"), ("price", "6")]).await.expect(303);
    clerk.post_form("/clerk/goods/2/price", &[("version", "1"), ("price", "7")]).await.expect(409);
    let counter = stall.counter.id.to_string();
    let receipt = [
        ("counter", counter.as_str()),
        ("fund", "Gift"),
        ("article-1", "2 香皂"),
        ("pieces-1", "12"),
        ("cost-1", "4.2"),
    ];
    let drawn = clerk.post_form("/stock/new/receipt", &receipt).await.expect(303);
    let stock_of = async || stall.app.desk.goods(stall.app.village.book, 1, 1).await.unwrap()[0].at("C1");
    assert_eq!(stock_of().await, 0, "nothing moves before a second person agrees");
    clerk.post_form(drawn.location(), &[("act", "approve")]).await.expect(409);
    let mut panel = stall.app.sign_in(Role::Reviewer).await;
    panel.post_form(drawn.location(), &[("act", "approve")]).await.expect(303);
    assert_eq!(stock_of().await, 12);
    clerk.get("/clerk/cards").await.expect(200);
    assert_eq!(clerk.get("/clerk/cards?q=h1").await.expect(303).location(), "/clerk/cards/H0001");
    clerk.get("/clerk/cards/H0001").await.expect(200);
    let group = stall.app.village.group.to_string();
    let sheet = clerk.post_form("/clerk/cards/print", &[("group", &group)]).await.expect(200).text();
    assert!(sheet.contains("class=\"card-face\"") && sheet.contains("svg class=\"qr\""), "{sheet}");
    clerk.post_form("/clerk/cards/H0001/reissue", &[("reason", "丢失")]).await.expect(200);
    let pins = [("new_pin", "258146"), ("again_pin", "258146")];
    clerk.post_form("/clerk/cards/H0001/pin", &pins).await.expect(303);
    clerk
        .post_form("/clerk/cards/H0001/pin", &[("new_pin", "123456"), ("again_pin", "123456")])
        .await
        .expect(409);
    stall.app.finish().await;
}

#[tokio::test]
async fn what_may_not_be_an_article_is_refused_and_tags_show_the_price_in_force() {
    let stall = Stall::new(5).await;
    let mut clerk = stall.app.sign_in(Role::Clerk).await;
    let mut new = async |name: &str, barcode: &str| {
        let form = [
            ("name", name),
            ("unit", "瓶"),
            ("category", "日用"),
            ("kind", "goods"),
            ("price", "8"),
            ("cost", "4.50"),
            ("barcode", barcode),
        ];
        clerk.post_form("/clerk/goods/new", &form).await
    };
    assert!(new("高粱白酒", "").await.expect(409).text().contains("烟、酒、药品"));
    assert!(new("洗衣液", "6901028075863").await.expect(409).text().contains("校验码"));
    // as a scanner or an input method types it
    new("洗衣液", "６９０１０２８０７５８６２").await.expect(303);
    assert!(new("洗洁精", "6901028075862").await.expect(409).text().contains("洗衣液"));
    new("拖把", "").await.expect(303);
    clerk.post_form("/clerk/goods/2/price", &[("version", "1"), ("price", "9")]).await.expect(303);
    clerk.post_form("/clerk/goods/3/sale", &[("on_sale", "false")]).await.expect(303);
    let tags = clerk.get("/clerk/goods/tags").await.expect(200).text();
    assert_eq!(tags.matches("class=\"tag\"").count(), 2, "what is withdrawn has no tag: {tags}");
    assert_eq!(tags.matches("class=\"ean\"").count(), 1, "{tags}");
    assert!(tags.contains("<span class=\"points\">9分</span>") && tags.contains("6901028075862"), "{tags}");
    let goods = clerk.get_json("/api/v1/goods/2").await;
    assert_eq!(goods["goods"]["barcode"], "6901028075862");
    stall.app.finish().await;
}

#[tokio::test]
async fn a_neighbour_village_neither_sees_nor_touches_anything_by_id() {
    let mut stall = Stall::new(50).await;
    let home = stall.household(1, 30).await;
    let card = stall.card(home).await;
    let done = stall.shop.post_json("/api/v1/identify", &serde_json::json!({ "credential": card })).await;
    assert_eq!(done.expect(200).json()["available"], "30");
    let org = stall.app.other.org;
    let mut clerk = stall.app.sign_in_over(Role::Clerk, org).await;
    let counter = stall.counter.id;
    for path in [
        format!("/api/v1/households/{home}/balance"),
        format!("/api/v1/households/{home}/statement"),
        "/api/v1/goods/1".to_owned(),
        "/clerk/goods/1".to_owned(),
        "/clerk/cards/H0001".to_owned(),
    ] {
        clerk.get(&path).await.expect(404);
    }
    let body = serde_json::json!({ "households": [home.to_string()] });
    clerk.post_json("/api/v1/cards", &body).await.expect(404);
    clerk.post_form(&format!("/clerk/counters/{counter}/open"), &[("open", "false")]).await.expect(404);
    let mut keeper = stall.app.sign_in_over(Role::Shopkeeper, org).await;
    keeper.get(&format!("/shop/today?counter={counter}")).await.expect(404);
    stall.app.finish().await;
}

#[tokio::test]
async fn a_photo_of_a_code_is_read_by_the_server() {
    use image::{GrayImage, ImageFormat, Luma};
    let mut stall = Stall::new(1).await;
    let digits = "200123456789012345678901234567890123456789012345";
    let version = qrcode::Version::Normal(2);
    let symbol = qrcode::QrCode::with_version(digits, version, qrcode::EcLevel::Q).unwrap();
    let (width, colors) = (u32::try_from(symbol.width()).unwrap(), symbol.to_colors());
    let side = (width + 8) * 8;
    let picture = GrayImage::from_fn(side, side, |x, y| {
        let (column, row) = ((x / 8).wrapping_sub(4), (y / 8).wrapping_sub(4));
        let inside = column < width && row < width;
        let place = usize::try_from(row.wrapping_mul(width).wrapping_add(column)).unwrap();
        let dark = inside && colors[place] == qrcode::Color::Dark;
        Luma([if dark { 0 } else { 255 }])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let csrf = stall.shop.csrf().await;
    let kind = Some("image/png");
    let no_token = stall.shop.send(Method::POST, "/shop/scan", kind, bytes.get_ref().clone()).await;
    no_token.expect(403);
    stall.shop.headers.insert("x-csrf-token", csrf.parse().unwrap());
    let read = stall.shop.send(Method::POST, "/shop/scan", kind, bytes.into_inner()).await.expect(200);
    assert_eq!(read.json()["text"], digits);
    let blank = GrayImage::from_pixel(64, 64, Luma([200]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    blank.write_to(&mut bytes, ImageFormat::Png).unwrap();
    stall.shop.send(Method::POST, "/shop/scan", kind, bytes.into_inner()).await.expect(204);
    stall.shop.send(Method::POST, "/shop/scan", kind, b"no picture".to_vec()).await.expect(422);
    stall.app.finish().await;
}

//! The auditor's side: identities, lines, vouchers, exports and the register, over pages, API and files.

use std::collections::BTreeMap;

use axum::http::Method;
use greencoin::{
    cli,
    domain::{
        book::TxnKind,
        chart,
        posting::{Commodity, Line},
        time::Day,
    },
    service::{
        audit::{
            LineQuery,
            overview::{IdentityKind, Light},
        },
        books::{Order, facts},
        caller::{Auditor, Reviewer, Role, Staff},
        export::{self, Cursor, File, Format, Options, Table},
    },
};
use sha2::{Digest, Sha256};

use crate::{hamlet, support::TestApp, village};

/// Budget and one credit, so that the book has lines.
async fn post_something(app: &TestApp) {
    let staff = app.staff(Role::Clerk, &app.village).await;
    app.desk.authorise(&staff, "budget", "Gift", 500_000, "=村民会议").await.unwrap();
    let lines = vec![
        Line::new(chart::budget("Gift").unwrap(), Commodity::point(), 1_250),
        Line::new(chart::household_available("H0001").unwrap(), Commodity::point(), -1_250),
    ];
    let order = Order {
        key: "opening",
        kind: TxnKind::Opening,
        effective_on: app.desk.today(),
        source: None,
        body: facts([("household", "H0001".to_owned())]),
    };
    let command = app.desk.command(&staff.actor(), order, lines).unwrap();
    app.desk.posted(app.village.book, command, Vec::new()).await.unwrap();
}

#[tokio::test]
async fn an_auditor_reads_every_page_and_changes_nothing() {
    let app = TestApp::new().await;
    post_something(&app).await;
    let mut auditor = app.sign_in(Role::Auditor).await;
    for (path, words) in [
        ("/audit", "发出的积分都有去处"),
        ("/audit/trial", "待发积分"),
        ("/audit/lines?household=h1", "Liabilities:Households:H0001:Available"),
        ("/audit/lines?kind=opening&from=2026-01-01&to=2026-12-31", "12.5"),
        ("/audit/account?account=Equity:Budget:Gift", "-4987.5"),
        ("/audit/txn/2", "在账证明"),
        ("/audit/export?format=csv", "entries.csv"),
    ] {
        let text = auditor.get(path).await.expect(200).text();
        assert!(text.contains(words), "{path}: {text}");
    }
    let result = auditor.post_form("/audit/verify", &[]).await.expect(200).text();
    assert!(result.contains("全部相符"), "{result}");
    assert!(auditor.get("/audit").await.text().contains("相符"));
    auditor.get("/audit/txn/3").await.expect(404);
    auditor.get("/audit/account?account=Equity:Budget:Other").await.expect(404);
    auditor.get("/audit/lines?household=x%25").await.expect(422);

    let mut clerk = app.sign_in(Role::Clerk).await;
    clerk.get("/audit").await.expect(403);
    clerk.get("/audit/export/entries.csv").await.expect(403);
    app.finish().await;
}

#[tokio::test]
async fn another_village_is_not_there_for_an_auditor() {
    let app = TestApp::new().await;
    post_something(&app).await;
    let mut stranger = app.sign_in_over(Role::Auditor, app.other.org).await;
    stranger.get("/audit/txn/1").await.expect(404);
    assert!(!stranger.get("/audit/lines").await.expect(200).text().contains("H0001"));
    stranger.get(&format!("/audit?v={}", app.village.no)).await.expect(403);
    let mut township = app.sign_in(Role::Township).await;
    let villages = township.get("/township").await.expect(200).text();
    assert!(villages.contains("青禾村") && villages.contains("溪口村"), "{villages}");
    stranger.get("/township").await.expect(403);
    let mut county = app.sign_in(Role::County).await;
    assert!(county.get("/township").await.expect(200).text().contains("青禾村"));
    app.finish().await;
}

#[tokio::test]
async fn the_api_says_the_same_as_the_pages() {
    let app = TestApp::new().await;
    post_something(&app).await;
    let mut auditor = app.sign_in(Role::Auditor).await;
    let lines = auditor.get_json("/api/v1/audit/trial-balance").await;
    let budget = lines.as_array().unwrap().iter().find(|l| l["kind_en"] == "Budget").unwrap();
    assert_eq!((budget["commodity"].as_str(), budget["balance"].as_str()), (Some("POINT"), Some("-4987.5")));
    let page = auditor.get_json("/api/v1/audit/lines?household=H0001").await;
    assert_eq!(page["items"][0]["quantity"], "-12.5");
    let txn = auditor.get_json("/api/v1/audit/transactions/2").await;
    assert_eq!((txn["kind"].as_str(), txn["included"].as_bool()), (Some("opening"), Some(true)));
    let found = auditor.post_json("/api/v1/audit/verify", &serde_json::json!({})).await.expect(200).json();
    assert_eq!((found["holds"].as_bool(), found["transactions"].as_i64()), (Some(true), Some(2)));
    let manifest = auditor.get_json("/api/v1/audit/export?format=jsonl").await;
    assert_eq!(manifest["files"].as_array().unwrap().len(), Format::Jsonl.files().len());
    let mut clerk = app.sign_in(Role::Clerk).await;
    clerk.get("/api/v1/audit/lines").await.expect(403);
    app.finish().await;
}

#[tokio::test]
async fn a_voucher_leads_to_rule_evidence_reviewers_and_sheet() {
    let v = hamlet::Village::new().await;
    let row = v.approved(0, "D3").await;
    v.publish().await;
    v.clock.advance_seconds(5 * 86_400);
    v.desk.post_due_lines(v.book).await.unwrap();
    let seq = v.desk.award_file(v.book, row.id).await.unwrap().award.txn_seq.unwrap();
    let staff = Staff { roles: vec![Role::Auditor], ..v.clerk.clone() };
    let auditor = Auditor::of(&staff).unwrap();
    let voucher = v.desk.voucher(&auditor, seq).await.unwrap();
    let award = voucher.award.unwrap();
    assert_eq!(award.file.award.no, row.no);
    assert!(award.ruleset.is_some() && award.notice.is_some() && award.explanation.is_some());
    assert!(award.file.reviews.iter().all(|r| r.reviewer != award.file.award.recorder));
    assert!(!award.reviewers.is_empty() && award.file.award.evidence.contains("台账"));
    assert!(voucher.inclusion.holds && voucher.inclusion.size >= seq);
    let request = v.desk.request_reversal(&v.clerk(), seq, "记错户").await.unwrap();
    let done = v.desk.approve_reversal(&Reviewer::of(&v.second).unwrap(), request.id, "同意").await.unwrap();
    let voucher = v.desk.voucher(&auditor, seq).await.unwrap();
    assert_eq!(voucher.reversed_by, done.txn_seq);
    let mirror = v.desk.voucher(&auditor, done.txn_seq.unwrap()).await.unwrap();
    assert_eq!(mirror.award.unwrap().file.award.id, row.id);
}

#[tokio::test]
async fn every_identity_is_green_in_a_counters_book_and_pages_join_up() {
    let v = village::Village::new().await;
    for home in 0..6 {
        v.give(home, 40).await;
        let code = v.code(home).await;
        v.redeem(&code, &[(village::SOAP, 1), (village::TOWEL, 3)], &format!("k{home}")).await.unwrap();
    }
    let staff = Staff { roles: vec![Role::Auditor], ..(*v.clerk).clone() };
    let auditor = Auditor::of(&staff).unwrap();
    let view = v.desk.audit_overview(&auditor).await.unwrap();
    for identity in &view.identities {
        let fine = identity.light == Light::Green || identity.kind == IdentityKind::Coverage;
        assert!(fine, "{identity:?}");
    }
    let month = view.months.last().unwrap();
    assert_eq!((month.issued, month.redeemed), (24_000, 6 * 800));

    let mut seen = Vec::new();
    let mut query = LineQuery { account: Some("Liabilities".into()), ..LineQuery::default() };
    loop {
        let page = v.desk.ledger_lines(&auditor, &query).await.unwrap();
        seen.extend(page.lines.iter().map(|l| (l.seq, l.line)));
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    let mut sorted = seen.clone();
    sorted.sort_by_key(|(seq, line)| (-seq, *line));
    sorted.dedup();
    assert_eq!((seen.len(), &seen), (12, &sorted));
}

#[tokio::test]
async fn an_export_has_the_digests_its_manifest_says_and_no_formula() {
    let app = TestApp::new().await;
    post_something(&app).await;
    let options = Options { format: Format::Csv, from: None, to: None };
    let folder = tempfile::tempdir().unwrap();
    cli::export::write(&app.desk, app.village.book, options, folder.path()).await.unwrap();
    let (manifest, differences) = export::check_folder(folder.path()).unwrap();
    assert_eq!((manifest.seq, manifest.files.len(), differences), (2, Format::Csv.files().len(), Vec::new()));
    let entries = std::fs::read_to_string(folder.path().join("entries.csv")).unwrap();
    assert!(entries.starts_with("\u{feff}seq,line,account_id,path,commodity,scale,"), "{entries}");
    assert!(
        entries.contains("2,2,3,Liabilities:Households:H0001:Available,POINT,2,1,-1250,-1250,"),
        "{entries}"
    );
    std::fs::write(folder.path().join("entries.csv"), entries.replace("1250", "1251")).unwrap();
    let (_, differences) = export::check_folder(folder.path()).unwrap();
    assert_eq!(differences.iter().map(|d| d.name.as_str()).collect::<Vec<_>>(), ["entries.csv"]);

    // the pages give out the same bytes as the manifest promises, also when the book has moved on
    let mut auditor = app.sign_in(Role::Auditor).await;
    let promised = auditor.get("/audit/export/manifest.json?format=csv").await.expect(200).json();
    let digests: BTreeMap<&str, &str> = promised["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["name"].as_str().unwrap(), f["sha256"].as_str().unwrap()))
        .collect();
    let staff = app.staff(Role::Clerk, &app.village).await;
    app.desk.authorise(&staff, "budget 2", "Gift", 100, "后来").await.unwrap();
    for name in ["transactions.csv", "entries.csv", "meter_uses.csv"] {
        let answer = auditor.get(&format!("/audit/export/{name}?format=csv&through=2")).await.expect(200);
        let digest: String = Sha256::digest(&answer.body).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(digest, digests[name], "{name}");
    }
    auditor.get("/audit/export/secrets.csv").await.expect(404);
    app.finish().await;
}

#[tokio::test]
async fn an_export_of_some_days_leaves_the_others_out() {
    let app = TestApp::new().await;
    post_something(&app).await;
    let tomorrow = app.desk.today().plus(1);
    let rows = async |from: Option<Day>, to: Option<Day>| {
        let options = Options { format: Format::Jsonl, from, to };
        let mut export = app.desk.export(app.village.book, options, None).await.unwrap();
        let mut cursor = Cursor::of(File::Table(Table::Entries, Format::Jsonl));
        let mut text = Vec::new();
        while let Some(piece) = export.piece(&mut cursor).await.unwrap() {
            text.extend(piece);
        }
        String::from_utf8(text).unwrap().lines().count()
    };
    assert_eq!(rows(None, None).await, 4);
    assert_eq!(rows(Some(tomorrow), None).await, 0);
    assert_eq!(rows(None, Some(app.desk.today())).await, 4);
    let turned = Options { format: Format::Csv, from: Some(tomorrow), to: Some(app.desk.today()) };
    assert!(app.desk.export(app.village.book, turned, None).await.is_err());
    app.finish().await;
}

/// A form with a file, as a browser sends it.
fn multipart(csrf: &str, file: &str) -> Vec<u8> {
    format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--b\r\nContent-Disposition: form-data; \
         name=\"file\"; filename=\"r.csv\"\r\nContent-Type: text/csv\r\n\r\n{file}\r\n--b--\r\n"
    )
    .into_bytes()
}

#[tokio::test]
async fn a_register_is_looked_at_before_it_is_written_and_written_once() {
    let app = TestApp::new().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let csrf = clerk.csrf().await;
    let form = Some("multipart/form-data; boundary=b");
    let bad = "户号,姓名,与户主关系\n1,张建国,邻居\n";
    let faults = clerk.send(Method::POST, "/clerk/import", form, multipart(&csrf, bad)).await.expect(422);
    assert!(faults.text().contains("看不懂与户主关系“邻居”"), "{}", faults.text());
    let good = "户号,姓名,与户主关系,出生年,手机,小组/联户\n老张家,张建国,户主,1968,,一组\n老张家,李秀英,配偶,1970,,\n";
    clerk.send(Method::POST, "/clerk/import", form, multipart("0", good)).await.expect(403);
    let preview =
        clerk.send(Method::POST, "/clerk/import", form, multipart(&csrf, good)).await.expect(200).text();
    assert!(preview.contains("将写入1户、2人"), "{preview}");
    let (_, rest) = preview.split_once("readonly>").unwrap();
    let numbered = rest.split_once("</textarea>").unwrap().0.replace("&#34;", "\"").replace("&quot;", "\"");
    let fields = [("register", numbered.as_str())];
    clerk.post_form("/clerk/import/confirm", &fields).await.expect(303);
    clerk.post_form("/clerk/import/confirm", &fields).await.expect(422);
    let list = clerk.get("/clerk/households?q=zjg").await.expect(200).text();
    assert!(list.contains("H0001") && list.contains("张建国"), "{list}");
    let page = clerk.get("/clerk/households/H0001").await.expect(200).text();
    assert!(page.contains("李秀英"), "{page}");
    let new = [("name", "张小妹"), ("relation", "child"), ("birth_year", "2001"), ("on", "2026-06-01")];
    clerk.post_form("/clerk/households/H0001/add", &new).await.expect(303);
    let wrong = [("name", "1"), ("relation", "child"), ("on", "2026-06-01")];
    clerk.post_form("/clerk/households/H0001/add", &wrong).await.expect(422);
    let freeze = [("step", "lost_card"), ("reason", "丢卡")];
    clerk.post_form("/clerk/households/H0001/state", &freeze).await.expect(303);
    let seen = clerk.get_json("/api/v1/households/H0001").await;
    assert_eq!(
        (seen["state"].as_str(), seen["people"].as_array().unwrap().len()),
        (Some("frozen:lost_card"), 3)
    );
    assert_eq!(clerk.get_json("/api/v1/people/P000003").await["name"], "张小妹");
    assert_eq!(clerk.get_json("/api/v1/households?q=H0001").await["items"][0]["head"], "张建国");
    let mut shop = app.sign_in(Role::Shopkeeper).await;
    shop.get("/clerk/households").await.expect(403);
    app.finish().await;
}

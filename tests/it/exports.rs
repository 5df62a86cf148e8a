//! Exports against the programs of others: the real hledger and the real beancount take what we write and come to our
//! balances, whatever people wrote into the book. Nothing here skips: a machine without them fails and says what to
//! install.

use std::{collections::BTreeMap, path::Path, process::Command};

use greencoin::{
    cli,
    domain::{
        book::TxnKind,
        ids::BookId,
        posting::{Commodity, Line},
        time::Day,
    },
    service::{
        Desk,
        books::{Order, facts},
        export::{Cursor, File, Format, Options, Table},
        goods::NewGoods,
        restore,
    },
    store::ledger::{read, write},
};
use tempfile::TempDir;

use crate::{
    proof,
    village::{HAIRCUT, SOAP, Village},
};

/// Account with its commodity, and how much.
type Balances = BTreeMap<String, String>;

/// The whole pack of a book in a folder.
pub async fn packed(desk: &Desk, book: BookId) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    cli::export::pack(desk, book, folder.path()).await.unwrap();
    folder
}

/// hledger and beancount take the journals of a pack and have the balances that we have, account by account.
pub async fn others_agree(desk: &Desk, book: BookId, folder: &Path) {
    let ours = ours(desk, book).await;
    assert!(!ours.is_empty());
    let journal = folder.join("ledger.journal");
    hledger(&journal, &["check", "-s", "ordereddates"]);
    let csv = hledger(&journal, &["balance", "--flat", "--no-total", "--empty", "-O", "csv"]);
    let theirs: Balances = csv
        .lines()
        .skip(1)
        .map(|line| {
            let (account, amount) = line.trim_matches('"').split_once("\",\"").unwrap();
            let amount = amount.replace('"', "");
            let commodity = account.rsplit(':').next().unwrap();
            let amount = if amount == "0" { format!("0 {commodity}") } else { amount };
            (account.to_owned(), amount)
        })
        .collect();
    assert_eq!(theirs, ours, "hledger");

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = folder.join("ledger.beancount");
    run(Command::new(root.join("target/oracle/bin/bean-check")).arg("--no-cache").arg(&file));
    let mut python = Command::new(root.join("target/oracle/bin/python"));
    let said =
        run(python.env("BEANCOUNT_DISABLE_LOAD_CACHE", "1").arg(root.join("tests/it/ledgers.py")).arg(&file));
    let theirs: Balances = said
        .lines()
        .map(|line| {
            let (account, amount) = line.split_once(' ').unwrap();
            (account.to_owned(), amount.to_owned())
        })
        .collect();
    assert_eq!(theirs, ours, "beancount");
}

async fn ours(desk: &Desk, book: BookId) -> Balances {
    let mut tx = desk.db.begin_read().await.unwrap();
    let accounts = read::accounts(&mut tx, book, 0, 1_000_000).await.unwrap();
    let one = |a: read::AccountRow| {
        (format!("{}:{}", a.path, a.commodity), format!("{} {}", a.quantity, a.commodity))
    };
    accounts.into_iter().map(one).collect()
}

fn hledger(journal: &Path, arguments: &[&str]) -> String {
    run(Command::new("hledger").env("LC_ALL", "C.UTF-8").arg("-f").arg(journal).args(arguments))
}

fn run(command: &mut Command) -> String {
    let out = command.output().expect("not installed: bash tests/run.sh install");
    let errors = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(out.status.success(), "{command:?}\n{errors}\n{}", String::from_utf8_lossy(&out.stdout));
    String::from_utf8(out.stdout).unwrap()
}

/// What is code somewhere: in a journal, a spreadsheet, a date, a terminal.
const HOSTILE: [&str; 8] = [
    "=HYPERLINK(\"x\")",
    "+1 ; date:2019-05-05",
    "-x | y) [2018-01-01]",
    "@a  b, c:d",
    "\\",
    "\" ^tx-000000001 #x",
    "大米·①\u{3000}😀",
    "\u{202e}olleh\u{200f}",
];

async fn post(v: &Village, key: &str, kind: TxnKind, day: Day, rule: Option<&str>, lines: Vec<Line>) {
    let order = Order { key, kind, effective_on: day, source: None, body: facts([("n", key.to_owned())]) };
    let mut command = v.desk.command(&v.clerk.actor(), order, lines).unwrap();
    command.rule = rule.map(str::to_owned);
    command.source = rule.map(str::to_owned);
    v.desk.posted(v.book, command, Vec::new()).await.unwrap();
}

fn moved(from: &str, to: &str, commodity: &Commodity, quantity: i64) -> Vec<Line> {
    let line = |path: &str, quantity| Line::new(path.parse().unwrap(), commodity.clone(), quantity);
    vec![line(from, quantity), line(to, -quantity)]
}

/// A village whose goods, rules and keys are what an enemy would write, with back-dated postings, a hold, minutes, a
/// refusal, a closed period and transactions that move nothing.
pub async fn hostile() -> Village {
    let v = Village::new().await;
    let today = v.desk.today();
    let mut items = Vec::new();
    for (name, sku) in HOSTILE.into_iter().zip(5..) {
        let new = NewGoods {
            name: name.into(),
            name_en: name.into(),
            unit: "件".into(),
            unit_en: "piece".into(),
            category: "日用".into(),
            kind: greencoin::domain::goods::GoodsKind::Goods,
            barcode: None,
            quota: None,
            price: 100,
            cost_fen: 80,
        };
        v.desk.add_goods(&v.clerk, new).await.unwrap();
        items.push((sku, 10));
    }
    v.deliver(v.counter.id, &items).await;
    let mut tx = v.desk.db.begin_write().await.unwrap();
    write::open_commodity(&mut tx, v.book, "SKU-000777", 0, "a\nb\";\n2019-01-01 open X", "").await.unwrap();
    tx.commit().await.unwrap();
    let sku = Commodity::sku(777);
    post(&v, "in", TxnKind::GoodsIn, today, None, moved("Assets:Stock:C1", "Equity:Received:Gift", &sku, 9))
        .await;
    v.desk.close_period(&v.clerk, "2026-04-30".parse().unwrap()).await.unwrap();
    for home in 0..3 {
        v.give(home, 60).await;
    }
    let available = "Liabilities:Households:H0004:Available";
    for (n, rule) in HOSTILE.into_iter().enumerate() {
        // later entries for earlier days: running balances in the order of entry would be wrong
        let day = today.plus(-i32::try_from(n).unwrap() * 3 % 20);
        let lines =
            moved("Equity:Budget:Gift", available, &Commodity::point(), 700 + i64::try_from(n).unwrap());
        post(&v, &format!("k{n} {rule}"), TxnKind::Opening, day, Some(rule), lines).await;
    }
    // two alike on one day
    for key in ["one", "two"] {
        let lines = moved("Equity:Budget:Gift", available, &Commodity::point(), 50);
        post(&v, key, TxnKind::Opening, today, None, lines).await;
    }
    let held = moved(available, "Liabilities:Households:H0004:Held", &Commodity::point(), 300);
    post(&v, "hold", TxnKind::Hold, today, None, held).await;
    let lines = moved("Equity:Time:Service", "Liabilities:Persons:P000001:Time", &Commodity::min(), 90);
    post(&v, "service", TxnKind::TimeService, today, None, lines).await;
    post(&v, "nothing", TxnKind::Deduction, today.plus(-1), Some("D1"), Vec::new()).await;
    let code = v.code(0).await;
    let basket: Vec<(i64, i64)> = (5..13).map(|sku| (sku, 1)).chain([(SOAP, 2), (HAIRCUT, 1)]).collect();
    v.redeem(&code, &basket, "bought").await.unwrap();
    let too_much = moved(available, "Income:Redeemed:C1", &Commodity::point(), 1_000_000);
    let order = Order {
        key: "refused =1+1",
        kind: TxnKind::Correction,
        effective_on: today,
        source: None,
        body: facts([("n", "\" ; date:2019-05-05".to_owned())]),
    };
    let command = v.desk.command(&v.clerk.actor(), order, too_much).unwrap();
    assert!(v.desk.posted(v.book, command, Vec::new()).await.is_err());
    v
}

#[tokio::test]
async fn hledger_and_beancount_take_a_hostile_book_and_agree_on_every_account() {
    let v = hostile().await;
    let folder = packed(&v.desk, v.book).await;
    others_agree(&v.desk, v.book, folder.path()).await;
    let journal = folder.path().join("ledger.journal");
    // every place of the log is there once, on its own day, and nothing else is
    let seqs = hledger(&journal, &["tags", "seq", "--values"]);
    let mut seqs: Vec<i64> = seqs.lines().map(|line| line.parse().unwrap()).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=v.seq().await).collect::<Vec<_>>());
    let tags = hledger(&journal, &["tags"]);
    let mut tags: Vec<&str> = tags.lines().collect();
    tags.sort_unstable();
    assert_eq!(tags, ["kind", "leaf", "recorded", "rule", "seq", "type"]);
    let years = hledger(&journal, &["print", "-e", "2026-04-30", "-b", "1900-01-01"]);
    assert_eq!(years, "", "nothing was moved to another date");
    // the exact postings of one of them: the description is one line, the tags are ours
    let text = std::fs::read_to_string(&journal).unwrap();
    assert!(text.contains(", rule:%2B1%20%3B%20date%3A2019-05-05, leaf:"), "{text}");
    assert!(!text.contains('\u{202e}') && !text.contains("2019-01-01 open X\n"));
    let report = restore::check_pack(folder.path(), Some(&proof::key(&v).await)).unwrap();
    assert_eq!((report.transactions, report.journals), (v.seq().await, 2));
    assert!(v.desk.verify_books(None).await.unwrap().holds());
}

/// Every file of a pack, read to its end: the largest piece, and how many there were.
async fn pieces(v: &Village) -> BTreeMap<String, (usize, usize)> {
    let options = Options { format: Format::Jsonl, from: None, to: None };
    let mut export = v.desk.export(v.book, options, None).await.unwrap();
    let mut out = BTreeMap::new();
    for file in File::listed() {
        let (mut cursor, mut largest, mut count) = (Cursor::of(file), 0, 0);
        while let Some(piece) = export.piece(&mut cursor).await.unwrap() {
            (largest, count) = (piece.len().max(largest), count + 1);
        }
        out.insert(file.name(), (largest, count));
    }
    out
}

#[tokio::test]
async fn a_longer_book_gives_more_pieces_and_no_larger_ones() {
    let v = Village::new().await;
    proof::grow(&v, 10_000, 1_200).await;
    let short = pieces(&v).await;
    proof::grow(&v, 20_000, 1_800).await;
    let long = pieces(&v).await;
    for name in ["transactions.jsonl", "entries.csv", "entries.xlsx", "ledger.journal", "ledger.beancount"] {
        let ((before, some), (after, more)) = (short[name], long[name]);
        assert!(after <= before + before / 20, "{name}: a piece of {after} bytes after {before}");
        assert!(more > some, "{name}: {more} pieces after {some}");
    }
}

#[tokio::test]
async fn a_workbook_holds_the_rows_and_no_formula() {
    use calamine::{Reader, Xlsx};
    let v = hostile().await;
    let folder = packed(&v.desk, v.book).await;
    for table in Table::ALL {
        let bytes = std::fs::read(folder.path().join(table.file(Format::Xlsx))).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let sheet = book.worksheet_range(table.as_str()).unwrap();
        let lines = std::fs::read_to_string(folder.path().join(table.file(Format::Jsonl))).unwrap();
        assert_eq!(sheet.rows().count(), lines.lines().count() + 1, "{}", table.as_str());
        assert!(book.worksheet_formula(table.as_str()).unwrap().used_cells().next().is_none());
        for (row, line) in sheet.rows().skip(1).zip(lines.lines()) {
            let values: serde_json::Value = serde_json::from_str(line).unwrap();
            for (cell, column) in row.iter().zip(table.columns()) {
                let wanted = match &values[column] {
                    serde_json::Value::Null => String::new(),
                    serde_json::Value::String(text) => text.clone(),
                    number => number.to_string(),
                };
                assert_eq!(cell.to_string(), wanted, "{}.{column}", table.as_str());
            }
        }
    }
}

//! Private shops against the log: agreements, their ends, statements and payments say what was put on record; statements
//! run on from one to the next without a gap, and their lines are those of the register; what is owed in the ledger is
//! what was redeemed less what came back and what was paid.

use std::collections::BTreeMap;

use super::{Pass, fault, maybe, same};
use crate::{
    domain::{
        book::TxnKind,
        ids::{BookId, CounterId},
        shop::{ShopState, due},
        time::{Day, Timestamp},
    },
    service::shops::{
        self, lines,
        pay::payment_facts,
        records::{statement_digest, terms_digest},
        statements::settling,
    },
    store::{
        Tx, as_of, counter,
        event::{self, Event},
        ledger::read::{self, TxnRow},
        private_text,
        shop::{
            self as rows, ShopRow,
            statement::{self, ShopLineRow, ShopPaymentRow, ShopStatementRow},
        },
    },
};

/// Whether all that is stored of shops holds; `met` is how many records of them the log has, and the first `imported`
/// transactions came from elsewhere.
pub(super) async fn all(tx: &mut Tx, book: BookId, (met, imported): (i64, i64)) -> Pass {
    same(None, "shop_agreement", "", "seq", met, rows::on_file(tx, book).await?)?;
    let agreements = rows::list(tx, book).await?;
    let mut at: Vec<CounterId> = Vec::new();
    for row in &agreements {
        agreement(tx, book, row).await?;
        if row.seq.is_some() && !at.contains(&row.counter_id) {
            at.push(row.counter_id);
        }
    }
    for counter in at {
        shop(tx, book, counter, imported).await?;
    }
    Ok(())
}

async fn agreement(tx: &mut Tx, book: BookId, row: &ShopRow) -> Pass {
    let no = row.no.to_string();
    let table = "shop_agreement";
    let state: Option<ShopState> = row.state.parse().ok();
    let begun = matches!(state, Some(ShopState::Agreed | ShopState::Ended));
    same(row.seq, table, &no, "seq", begun, row.seq.is_some())?;
    same(row.seq, table, &no, "state", state == Some(ShopState::Ended), row.end_seq.is_some())?;
    let traced = event::of(tx, book, row.id.0).await?;
    let mut said: Vec<&str> = traced.iter().map(|e| e.verb.as_str()).collect();
    said.sort_unstable();
    let verb = match state {
        Some(ShopState::Refused) => vec!["draw", "refuse"],
        Some(ShopState::Agreed) => vec!["agree", "draw"],
        Some(ShopState::Ended) => vec!["agree", "draw", "end"],
        Some(ShopState::Drawn) | None => vec!["draw"],
    };
    same(row.seq, table, &no, "state", said.join(" "), verb.join(" "))?;
    let of = |verb: &str| traced.iter().find(|e| e.verb == verb);
    let decided = of("agree").or_else(|| of("refuse"));
    for (event, by, field) in [
        (of("draw"), Some(&row.drawn_by), "drawn_by"),
        (decided, row.decided_by.as_ref(), "decided_by"),
        (of("end"), row.ended_by.as_ref(), "ended_by"),
    ] {
        same(row.seq, table, &no, field, maybe(event.map(|e| &e.actor)), maybe(by))?;
    }
    // when it was drawn up is in the digest, the other two are said as they happened
    let at = |verb: &str| maybe(of(verb).map(|e| e.at));
    if begun {
        same(row.seq, table, &no, "decided_at", at("agree"), maybe(row.decided_at))?;
    }
    same(row.seq, table, &no, "ended_at", at("end"), maybe(row.ended_at))?;
    if row.decided_by.as_ref() == Some(&row.drawn_by) {
        return Err(fault(row.seq, table, &no, "decided_by", "another person", &row.drawn_by));
    }
    if let Some(seq) = row.seq {
        let txn = record(tx, book, (table, &no), (seq, &format!("shop:{}", row.id))).await?;
        same(Some(seq), table, &no, "decided_by", txn.actor.clone(), maybe(row.decided_by.as_ref()))?;
        same(Some(seq), table, &no, "name", said_in(&txn, "terms"), terms_digest(row))?;
    }
    if let Some(seq) = row.end_seq {
        let txn = record(tx, book, (table, &no), (seq, &format!("shop_end:{}", row.id))).await?;
        same(Some(seq), table, &no, "ended_by", txn.actor.clone(), maybe(row.ended_by.as_ref()))?;
        same(Some(seq), table, &no, "ended_on", said_in(&txn, "on"), maybe(row.ended_on))?;
        let why = of("end").map(|e| e.reason.clone()).unwrap_or_default();
        same(Some(seq), table, &no, "reason", why, row.reason.clone())?;
    }
    Ok(())
}

/// Everything of a shop's counter.
async fn shop(tx: &mut Tx, book: BookId, at: CounterId, imported: i64) -> Pass {
    let statements = statement::of_counter(tx, book, at).await?;
    let first = rows::of_counter(tx, book, at).await?.first().map(|row| row.from_day);
    let just_before = |day: Day| Timestamp::from_micros(day.start().micros() - 1);
    let begin = first.unwrap_or_else(|| Day::from_number(0));
    let mut upto = as_of::seq_at(tx, book, just_before(begin)).await?;
    let (mut next, mut paid) = (begin, 0);
    let settled = settling(tx, book, &statements).await?;
    for (row, no) in statements.iter().zip(1..) {
        let name = row.no.to_string();
        let table = "shop_statement";
        same(Some(row.seq), table, &name, "no", no, row.no)?;
        same(Some(row.seq), table, &name, "first_day", next, row.first_day)?;
        same(Some(row.seq), table, &name, "from_seq", upto, row.from_seq)?;
        let ends = as_of::seq_at(tx, book, just_before(row.last_day.plus(1))).await?;
        same(Some(row.seq), table, &name, "upto_seq", ends, row.upto_seq)?;
        (next, upto) = (row.last_day.plus(1), row.upto_seq);
        one(tx, book, row).await?;
        steps(tx, book, row).await?;
        if let Some(payment) = statement::payment(tx, book, row.id).await? {
            let carried = due(&settled, row.id).carried;
            self::payment(tx, book, (row, carried), &payment).await?;
            paid += payment.reversed_by.map_or(payment.fen, |_| 0);
        }
    }
    let rest = lines::of_run(tx, book, at, (upto, i64::MAX)).await?;
    let net: i64 = statements.iter().map(|s| s.net_fen).sum::<i64>() + sum(&rest, |l| l.net_fen);
    let Some(counter) = counter::by_id(tx, book, at).await? else { return Ok(()) };
    let owed = shops::owed(tx, book, &counter.code).await?;
    // what stood on the account of an imported book is not the shop's of here
    if imported == 0 {
        same(None, "balance", &counter.code, "quantity", net - paid, owed)?;
    }
    Ok(())
}

/// The lines of a statement are those of the register, and its sums those of its lines.
async fn one(tx: &mut Tx, book: BookId, row: &ShopStatementRow) -> Pass {
    let (seq, no) = (Some(row.seq), row.no.to_string());
    let stored = statement::lines(tx, book, row.id).await?;
    let of_register = lines::of_run(tx, book, row.counter_id, (row.from_seq, row.upto_seq)).await?;
    for (line, register) in stored.iter().zip(&of_register) {
        if line != register {
            let show = |l: &ShopLineRow| format!("{l:?}");
            return Err(fault(seq, "shop_statement_line", &no, "net_fen", show(register), show(line)));
        }
    }
    same(seq, "shop_statement_line", &no, "line", of_register.len(), stored.len())?;
    let count = i64::try_from(stored.len()).unwrap_or(i64::MAX);
    for (field, by_lines, on_it) in [
        ("line_count", count, row.line_count),
        ("points", sum(&stored, |l| l.points), row.points),
        ("gross_fen", sum(&stored, |l| l.gross_fen), row.gross_fen),
        ("net_fen", sum(&stored, |l| l.net_fen), row.net_fen),
    ] {
        same(seq, "shop_statement", &no, field, by_lines, on_it)?;
    }
    let source = format!("shop_statement:{}", row.id);
    let txn = record(tx, book, ("shop_statement", &no), (row.seq, &source)).await?;
    same(seq, "shop_statement", &no, "drawn_by", txn.actor.clone(), row.drawn_by.clone())?;
    same(seq, "shop_statement", &no, "id", said_in(&txn, "statement"), statement_digest(row, &stored))
}

/// What was done with a statement is what was written down when it was done, and nobody was both sides.
async fn steps(tx: &mut Tx, book: BookId, row: &ShopStatementRow) -> Pass {
    let (seq, no) = (Some(row.seq), row.no.to_string());
    let steps = statement::steps(tx, book, row.id).await?;
    let traced = event::of(tx, book, row.id.0).await?;
    same(seq, "shop_step", &no, "step", traced.len(), steps.len())?;
    for (step, place) in steps.iter().zip(1..) {
        same(seq, "shop_step", &no, "step", place, step.step)?;
        // several may have been done at one moment: each is found by all that it says
        let mut left: Vec<&Event> = traced.iter().collect();
        let told: [(&'static str, String, fn(&Event) -> String); 4] = [
            ("verb", step.verb.clone(), |e| e.verb.clone()),
            ("done_by", step.done_by.clone(), |e| e.actor.clone()),
            ("done_at", step.done_at.to_string(), |e| e.at.to_string()),
            ("reason", step.reason.clone(), |e| e.reason.clone()),
        ];
        for (field, found, of) in told {
            let expected = maybe(left.first().map(|e| of(e)));
            left.retain(|e| of(e) == found);
            if left.is_empty() {
                return Err(fault(seq, "shop_step", &no, field, expected, found));
            }
        }
        if step.verb.starts_with("confirm_") && step.done_by == row.drawn_by {
            return Err(fault(seq, "shop_step", &no, "done_by", "another person", &step.done_by));
        }
    }
    Ok(())
}

/// A payment is its posting, and what was due.
async fn payment(
    tx: &mut Tx,
    book: BookId,
    (row, carried): (&ShopStatementRow, i64),
    paid: &ShopPaymentRow,
) -> Pass {
    let (seq, no, table) = (Some(paid.seq), row.no.to_string(), "shop_payment");
    let source = format!("shop_payment:{}", row.id);
    let txn = record(tx, book, (table, &no), (paid.seq, &source)).await?;
    same(seq, table, &no, "done_by", txn.actor.clone(), paid.done_by.clone())?;
    let counter = counter::by_id(tx, book, row.counter_id).await?.map(|c| c.code).unwrap_or_default();
    for (field, value) in payment_facts(&counter, row.no, paid) {
        if said_in(&txn, &field) != value {
            let column = match field.as_str() {
                "fund" => "fund",
                "carried" => "carried_fen",
                "fen" => "fen",
                "paid_on" => "paid_on",
                "written_at" => "done_at",
                _ => "statement_id",
            };
            return Err(fault(seq, table, &no, column, said_in(&txn, &field), value));
        }
    }
    for text in private_text::of_key(tx, book, &txn.key).await? {
        let on_it = if text.name == "payer" { &paid.payer } else { &paid.voucher };
        if text.content.as_ref().is_some_and(|kept| kept != on_it) {
            return Err(fault(seq, table, &no, "voucher", maybe(text.content), on_it));
        }
    }
    // an undone payment is carried on from its statement: what was due then does not count it
    same(seq, table, &no, "carried_fen", carried, paid.carried_fen)
        .or_else(|stop| if paid.fen <= paid.carried_fen + row.net_fen { Ok(()) } else { Err(stop) })?;
    let entries = read::entries(tx, book, paid.seq - 1, paid.seq).await?;
    let moved: BTreeMap<&str, i64> = entries.iter().map(|e| (e.path.as_str(), e.quantity)).collect();
    let expected = [
        (format!("Assets:Fund:{}", paid.fund), -paid.fen),
        (format!("Liabilities:Merchants:{counter}"), paid.fen),
    ];
    same(seq, table, &no, "fen", expected.len(), moved.len())?;
    for (path, quantity) in &expected {
        same(seq, table, &no, "fen", moved.get(path.as_str()).copied().unwrap_or(0), *quantity)?;
    }
    Ok(())
}

/// The transaction that keeps a paper of a shop.
async fn record(
    tx: &mut Tx,
    book: BookId,
    (table, no): (&'static str, &str),
    (seq, source): (i64, &str),
) -> Pass<TxnRow> {
    let txn = read::txn(tx, book, seq).await?;
    let txn = txn.ok_or_else(|| fault(Some(seq), table, no, "seq", "a transaction", seq))?;
    same(Some(seq), table, no, "seq", TxnKind::Settlement.as_str(), txn.kind.as_str())?;
    same(Some(seq), table, no, "seq", source, txn.source.as_deref().unwrap_or_default())?;
    Ok(txn)
}

fn said_in(txn: &TxnRow, name: &str) -> String {
    let body: BTreeMap<String, String> = serde_json::from_str(&txn.body).unwrap_or_default();
    body.get(name).cloned().unwrap_or_default()
}

fn sum(lines: &[ShopLineRow], of: fn(&ShopLineRow) -> i64) -> i64 {
    lines.iter().map(of).sum()
}

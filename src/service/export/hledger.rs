//! The hledger journal. Checked with `LC_ALL=C.UTF-8 hledger -f ledger.journal check -s ordereddates`: strict, because
//! without `-s` two commodities may balance each other as a conversion.

use std::collections::BTreeMap;

use super::plain::{Booked, Head, clean, comment, tag};

/// What stands above the first transaction.
pub(crate) fn head<'a>(head: &Head<'_>, accounts: impl Iterator<Item = &'a str>) -> String {
    let mut out = String::from(
        "; GreenCoin 绿币: hledger journal. Check it with: LC_ALL=C.UTF-8 hledger -f ledger.journal check -s ordereddates\n\
         ; Integers in minor units. Debit positive, credit negative: what a household has is a liability, so negative.\n\
         ; Ordered by date, then by place in the log (seq). Every line states the balance with it.\n\
         ; The signed head of the log that this was taken at:\n",
    );
    comment(&mut out, head.note);
    out.push_str("\ndecimal-mark .\n\n");
    for code in head.names.keys() {
        out.push_str(&format!("commodity 1000. {}\n", quoted(code)));
    }
    out.push('\n');
    for account in accounts {
        out.push_str(&format!("account {account}  ; type:{}\n", kind(account)));
    }
    out.push('\n');
    out
}

/// A transaction; `balances` moves on.
pub(crate) fn transaction(
    out: &mut String,
    booked: &Booked,
    names: &BTreeMap<String, String>,
    balances: &mut impl FnMut(&str, i64) -> i64,
) {
    let words = clean(&booked.words(names)).replace(';', "；").replace('|', "｜");
    out.push_str(&format!("{} * ({}) {}\n", booked.day, booked.name(), words.trim()));
    out.push_str(&format!(
        "    ; seq:{}, kind:{}, recorded:{}",
        booked.seq,
        tag(&booked.kind),
        booked.recorded_at
    ));
    if let Some(rule) = &booked.rule {
        out.push_str(&format!(", rule:{}", tag(rule)));
    }
    for (name, seq) in booked.links() {
        out.push_str(&format!(", {name}:{seq}"));
    }
    out.push_str(&format!(", leaf:{}\n", booked.leaf()));
    for (account, commodity, quantity) in &booked.lines {
        let commodity = quoted(commodity);
        let after = balances(account, *quantity);
        out.push_str(&format!("    {account}  {quantity} {commodity} == {after} {commodity}\n"));
    }
    out.push('\n');
}

/// A commodity is bare if it has letters only.
fn quoted(code: &str) -> String {
    if code.bytes().all(|b| b.is_ascii_uppercase()) { code.to_owned() } else { format!("\"{code}\"") }
}

fn kind(account: &str) -> char {
    match account.split(':').next() {
        Some("Assets") => 'A',
        Some("Liabilities") => 'L',
        Some("Equity") => 'E',
        Some("Income") => 'R',
        _ => 'X',
    }
}

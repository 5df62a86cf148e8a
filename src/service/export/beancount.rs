//! The beancount file. Its plugins check that commodities are declared, that only leaves are posted to, and that no
//! entry stands there twice: the link of each transaction makes it itself.

use super::plain::{Booked, Head, Names, clean, comment};

/// What stands above the first transaction.
pub(crate) fn head<'a>(head: &Head<'_>, accounts: impl Iterator<Item = &'a str>) -> String {
    let mut out = String::from(
        "; GreenCoin 绿币: beancount file. Check it with: bean-check ledger.beancount\n\
         ; Integers in minor units. Debit positive, credit negative: what a household has is a liability, so negative.\n\
         ; Ordered by date, then by place in the log (seq). The closing balances stand at the end.\n\
         ; The signed head of the log that this was taken at:\n",
    );
    comment(&mut out, head.note);
    out.push_str(&format!("\noption \"title\" \"{}\"\n", escaped(head.name)));
    for plugin in ["check_commodity", "leafonly", "noduplicates"] {
        out.push_str(&format!("plugin \"beancount.plugins.{plugin}\"\n"));
    }
    out.push('\n');
    for (code, name) in head.names {
        out.push_str(&format!("{} commodity {code}\n  name: \"{}\"\n", head.first, escaped(name)));
    }
    out.push('\n');
    for account in accounts {
        let commodity = account.rsplit(':').next().unwrap_or_default();
        out.push_str(&format!("{} open {account} {commodity}\n", head.first));
    }
    out.push('\n');
    out
}

/// A transaction.
pub(crate) fn transaction(out: &mut String, booked: &Booked, names: &Names) {
    let words = booked.words(names);
    let kind: String = booked.kind.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    out.push_str(&format!("{} * \"{}\" ^{} #{kind}\n", booked.day, escaped(words.trim()), booked.name()));
    out.push_str(&format!("  seq: {}\n  recorded: \"{}\"\n", booked.seq, booked.recorded_at));
    if let Some(rule) = &booked.rule {
        out.push_str(&format!("  rule: \"{}\"\n", escaped(rule)));
    }
    for (name, seq) in booked.links() {
        out.push_str(&format!("  {name}: {seq}\n"));
    }
    out.push_str(&format!("  leaf: \"{}\"\n", booked.leaf()));
    for (account, commodity, quantity) in &booked.lines {
        out.push_str(&format!("  {account}  {quantity} {commodity}\n"));
    }
    out.push('\n');
}

/// The closing balance of an account: beancount means the start of the day.
pub(crate) fn balance(out: &mut String, head: &Head<'_>, account: &str, quantity: i64) {
    let commodity = account.rsplit(':').next().unwrap_or_default();
    out.push_str(&format!("{} balance {account}  {quantity} {commodity}\n", head.after));
}

/// Inside quotes.
fn escaped(text: &str) -> String {
    clean(text).replace('\\', "\\\\").replace('"', "\\\"")
}

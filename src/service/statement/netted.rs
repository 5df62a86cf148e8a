//! A statement as its household reads it. What a device without network sent is one act of the ledger: what was put aside
//! goes back, sales are posted, and what is left is put aside anew. The household reads the sales, and at the end what came back.

use super::{Desk, Score, ServiceResult, StatementLine};
use crate::service::caller::Resident;

/// Lines read at once to see an act to its beginning.
const MORE: i64 = 20;

impl StatementLine {
    /// The kind in the household's words: what is put aside for a device is no order of theirs.
    #[must_use]
    pub fn shown_kind(&self) -> &str {
        match (self.device_act.is_some(), self.kind.as_str()) {
            (true, "hold") => "device_hold",
            (true, "release") => "device_release",
            (_, kind) => kind,
        }
    }

    /// Whether it was taken from what a device had in hand, so that what may be spent stayed as it was.
    #[must_use]
    pub fn is_from_device(&self) -> bool {
        self.device_act.is_some() && self.kind == "redemption"
    }
}

impl Desk {
    /// The signed-in household's statement below `before`, the latest first, and where the next page begins.
    pub async fn own_statement_netted(
        &self,
        by: &Resident,
        score: Score,
        before: Option<i64>,
        limit: i64,
    ) -> ServiceResult<(Vec<StatementLine>, Option<i64>)> {
        let mut lines = self.own_statement(by, score, before, limit).await?;
        let full = i64::try_from(lines.len()).is_ok_and(|n| n == limit);
        // an act that begins on the page before ends on this one
        while let Some(last) = lines.last()
            && let Some(act) = last.device_act.clone()
            && last.kind != "release"
        {
            let more = self.own_statement(by, score, Some(last.version), MORE).await?;
            let read = lines.len();
            lines.extend(more.into_iter().take_while(|line| line.device_act.as_ref() == Some(&act)));
            if lines.len() == read {
                break;
            }
        }
        let next = lines.last().filter(|_| full).map(|last| last.version);
        Ok((netted(lines), next))
    }
}

/// Nets every act of a device that stands in these lines wholly.
fn netted(lines: Vec<StatementLine>) -> Vec<StatementLine> {
    let mut out = Vec::with_capacity(lines.len());
    let mut act: Vec<StatementLine> = Vec::new();
    for line in lines {
        if act.first().is_some_and(|first| first.device_act != line.device_act) {
            out.append(&mut net(std::mem::take(&mut act)));
        }
        if line.device_act.is_some() {
            act.push(line);
        } else {
            out.push(line);
        }
    }
    out.append(&mut net(act));
    out
}

/// One act, the latest first: what came back to the household, and before it the sales.
fn net(act: Vec<StatementLine>) -> Vec<StatementLine> {
    let (Some(last), Some(release)) = (act.first(), act.iter().find(|line| line.kind == "release")) else {
        return act;
    };
    let came: i64 = act.iter().map(|line| line.amount).sum();
    let back = StatementLine { amount: came, after: last.after, ..release.clone() };
    let before = last.after - came;
    let sales = act.into_iter().filter(|line| line.kind == "redemption");
    let sales = sales.map(|line| StatementLine { after: before, ..line });
    Some(back).filter(|_| came != 0).into_iter().chain(sales).collect()
}

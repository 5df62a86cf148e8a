//! How old the outstanding hours of a village are, for whoever supervises it. In sums: nobody is ranked.

use std::collections::{BTreeMap, HashMap};

use super::{Desk, ServiceResult};
use crate::{
    domain::{
        ids::BookId,
        time::Day,
        timebank::ageing::{Ageing, Lots},
    },
    service::caller::Auditor,
    store::{Tx, timebank::outstanding},
};

/// Movements read at once.
const MOVES_PAGE: i64 = 2_000;

/// Outstanding hours by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeingView {
    /// As of this day.
    pub on: Day,
    /// Minutes of everybody, by age.
    pub all: Ageing,
    /// How many people have minutes.
    pub savers: usize,
}

impl Desk {
    /// Outstanding hours by age: what was saved first is drawn first.
    pub async fn time_bank_ageing(&self, by: &Auditor) -> ServiceResult<AgeingView> {
        let on = self.today();
        let mut tx = self.db.begin_read().await?;
        let (mut all, mut savers) = (Ageing::default(), 0);
        for of_one in outstanding_of(&mut tx, by.book, on).await?.values() {
            all.add(of_one);
            savers += usize::from(of_one.balance() > 0);
        }
        Ok(AgeingView { on, all, savers })
    }
}

/// Everybody's outstanding minutes by age, by person number; what is put aside is still theirs.
pub(super) async fn outstanding_of(
    tx: &mut Tx,
    book: BookId,
    today: Day,
) -> ServiceResult<BTreeMap<String, Ageing>> {
    // what goes from one account of a person into the other in one transaction came from nowhere
    let mut moves: HashMap<String, BTreeMap<i64, (Day, i64)>> = HashMap::new();
    let mut after = (0, 0);
    loop {
        let page = outstanding::moves(tx, book, after, MOVES_PAGE).await?;
        let Some(last) = page.last() else { break };
        after = (last.account_id, last.version);
        for row in page {
            let no = row.path.split(':').nth(2).unwrap_or_default().to_owned();
            let net = moves.entry(no).or_default().entry(row.seq).or_insert((row.effective_on, 0));
            net.1 -= row.quantity;
        }
    }
    let aged = |moves: BTreeMap<i64, (Day, i64)>| {
        let mut lots = Lots::default();
        for (on, minutes) in moves.into_values().filter(|(_, minutes)| *minutes != 0) {
            lots.moved(on, minutes);
        }
        lots.ageing(today)
    };
    Ok(moves.into_iter().map(|(no, moves)| (no, aged(moves))).collect())
}

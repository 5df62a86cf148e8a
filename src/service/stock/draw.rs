//! Drawing up receipts, transfers and losses, and taking a paper back. Moves nothing: that is [`super::agree`].

use std::collections::BTreeMap;

use super::{
    COST_FEN_MAX, Desk, Donor, Draft, Incoming, Leaving, PAPER_ARTICLES_MAX, PAPER_PIECES_MAX, PaperState,
    PaperStep, ServiceError, ServiceResult, after, at_hand, counter_of, refuse,
};
use crate::{
    domain::{
        ids::{BookId, CounterId, HouseholdId, StockPaperId},
        stock::LossReason,
        time::Day,
    },
    service::{
        award::{limited, required, state_changed},
        caller::Storekeeper,
        counters::Step,
        shops,
    },
    store::{
        Tx, fund, goods, household,
        serial::{self, Series},
        shelf,
        stock::{self, PaperEnd, PaperLineRow, PaperRow},
    },
};

/// Characters of a donor's name or a batch's mark.
const NAME_CHARS_MAX: usize = 60;

impl Desk {
    /// Draws up a paper: it waits for the second person. A stocktake begins, and is counted before it waits.
    pub async fn draw_stock_paper(
        &self,
        by: &Storekeeper,
        draft: &Draft,
        note: &str,
    ) -> ServiceResult<PaperRow> {
        let note = limited("note", note.trim())?;
        let mut row = self.blank(by, draft, note);
        let mut tx = self.db.begin_write().await?;
        // papers of a village are drawn up one after the other
        row.no = serial::take(&mut tx, by.book, Series::StockPaper, 1).await?;
        at_hand(&mut tx, by, &[row.counter_id]).await?;
        row.donor_household_id = giver(&mut tx, by.book, draft).await?;
        for id in [Some(row.counter_id), row.to_counter_id].into_iter().flatten() {
            counter_of(&mut tx, by.book, id).await?;
            shops::of_the_village(&mut tx, by.book, id).await?;
        }
        let lines = checked(&mut tx, by.book, draft, &row).await?;
        stock::add(&mut tx, by.book, &row).await?;
        for line in &lines {
            stock::add_line(&mut tx, by.book, row.id, line).await?;
        }
        let step = Step {
            subject: "stock_paper",
            subject_id: row.id.0,
            verb: "draw",
            from: None,
            to: Some(&row.state),
            reason: "",
        };
        self.leave_trace(&mut tx, by.book, by.actor(), step).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Takes back a paper of one's own that was not decided.
    pub async fn withdraw_stock_paper(
        &self,
        by: &Storekeeper,
        id: StockPaperId,
        words: &str,
    ) -> ServiceResult<PaperRow> {
        let words = limited("words", words.trim())?;
        let mut tx = self.db.begin_write().await?;
        let row = self.paper_row(&mut tx, by.book, id).await?;
        own(by, &row)?;
        let me = by.actor().to_string();
        let to = after(&row, PaperStep::Withdraw)?;
        let end = PaperEnd {
            from: &row.state,
            to: to.as_str(),
            at: self.now(),
            by: &me,
            words,
            txn_seq: None,
            photo: row.photo.as_deref(),
        };
        stock::decide(&mut tx, by.book, id, &end).await.map_err(state_changed)?;
        let step = Step {
            subject: "stock_paper",
            subject_id: id.0,
            verb: "withdraw",
            from: Some(&row.state),
            to: Some(to.as_str()),
            // the words are on the paper, from where they can go
            reason: "",
        };
        self.leave_trace(&mut tx, by.book, by.actor(), step).await?;
        let row = self.paper_row(&mut tx, by.book, id).await?;
        tx.commit().await?;
        Ok(row)
    }

    fn blank(&self, by: &Storekeeper, draft: &Draft, note: &str) -> PaperRow {
        let kind = draft.kind();
        let (counter_id, to_counter_id) = match draft {
            Draft::Receipt { counter, .. } | Draft::Loss { counter, .. } | Draft::Count { counter } => {
                (*counter, None)
            }
            Draft::Transfer { from, to, .. } => (*from, Some(*to)),
        };
        let (fund, donor) = match draft {
            Draft::Receipt { fund, donor, .. } => (Some(fund.clone()), shown(donor)),
            _ => (None, String::new()),
        };
        let reason = match draft {
            Draft::Loss { reason, .. } => Some(reason.as_str().to_owned()),
            _ => None,
        };
        PaperRow {
            id: self.id(),
            no: 0,
            kind: kind.as_str().to_owned(),
            counter_id,
            to_counter_id,
            fund,
            donor,
            donor_household_id: None,
            reason,
            note: note.to_owned(),
            state: PaperState::first(kind).as_str().to_owned(),
            drawn_at: self.now(),
            drawn_by: by.actor().to_string(),
            decided_at: None,
            decided_by: None,
            words: None,
            txn_seq: None,
            photo: None,
        }
    }
}

/// Under what name a donor stands on the paper.
fn shown(donor: &Donor) -> String {
    match (donor.name.trim(), &donor.household) {
        ("", Some(household)) => household.to_string(),
        (name, _) => name.to_owned(),
    }
}

/// The household that gave what comes in, if it is one of the village.
async fn giver(tx: &mut Tx, book: BookId, draft: &Draft) -> ServiceResult<Option<HouseholdId>> {
    let Draft::Receipt { donor: Donor { household: Some(no), .. }, .. } = draft else { return Ok(None) };
    let home = household::by_no(tx, book, no).await?.ok_or(ServiceError::NotFound("household"))?;
    Ok(Some(home.id))
}

/// Only who drew a paper up changes it.
pub(super) fn own(by: &Storekeeper, row: &PaperRow) -> ServiceResult<()> {
    if row.drawn_by == by.actor().to_string() {
        return Ok(());
    }
    Err(refuse("not_your_paper").with("no", row.no).into())
}

/// The lines of a draft, if it can be drawn up at all.
async fn checked(
    tx: &mut Tx,
    book: BookId,
    draft: &Draft,
    row: &PaperRow,
) -> ServiceResult<Vec<PaperLineRow>> {
    match draft {
        Draft::Receipt { fund, donor, lines, .. } => {
            short("donor", &donor.name)?;
            fund::by_code(tx, book, fund).await?.ok_or(ServiceError::NotFound("fund"))?;
            incoming(tx, book, lines).await
        }
        Draft::Transfer { from, to, .. } if from == to => Err(refuse("same_counter").into()),
        Draft::Transfer { lines, .. } => leaving(tx, book, lines).await,
        Draft::Loss { reason, lines, .. } => {
            if *reason == LossReason::Other {
                required("note", &row.note)?;
            }
            leaving(tx, book, lines).await
        }
        Draft::Count { counter } => not_counting(tx, book, *counter).await,
    }
}

async fn not_counting(tx: &mut Tx, book: BookId, counter: CounterId) -> ServiceResult<Vec<PaperLineRow>> {
    match stock::counting(tx, book, counter).await? {
        Some(open) => Err(refuse("already_counting").with("no", open.no).into()),
        None => Ok(Vec::new()),
    }
}

async fn incoming(tx: &mut Tx, book: BookId, lines: &[Incoming]) -> ServiceResult<Vec<PaperLineRow>> {
    within(lines.iter().map(|l| (l.sku, l.pieces)))?;
    let mut out = Vec::with_capacity(lines.len());
    for (line, l) in (1..).zip(lines) {
        let cost_now = article_cost(tx, book, l.sku).await?;
        let cost = l.cost_fen.unwrap_or(cost_now);
        if !(0..=COST_FEN_MAX).contains(&cost) {
            return Err(refuse("quantity_out_of_range").with("field", "cost").into());
        }
        short("label", &l.label)?;
        let label = l.label.trim().to_owned();
        out.push(PaperLineRow {
            last_day: l.last_day,
            label,
            cost_fen: Some(cost),
            ..bare(line, l.sku, l.pieces)
        });
    }
    Ok(out)
}

async fn leaving(tx: &mut Tx, book: BookId, lines: &[Leaving]) -> ServiceResult<Vec<PaperLineRow>> {
    within(lines.iter().map(|l| (l.sku, l.pieces)))?;
    let mut out = Vec::with_capacity(lines.len());
    for (line, l) in (1..).zip(lines) {
        article_cost(tx, book, l.sku).await?;
        if let Some(no) = l.batch {
            let batch = shelf::batch(tx, book, no).await?.filter(|b| b.sku == l.sku);
            batch.ok_or_else(|| refuse("batch_unknown").with("batch", no))?;
        }
        out.push(PaperLineRow { batch: l.batch, ..bare(line, l.sku, l.pieces) });
    }
    Ok(out)
}

pub(super) fn bare(line: i32, sku: i64, pieces: i64) -> PaperLineRow {
    PaperLineRow {
        line,
        sku,
        pieces,
        last_day: None::<Day>,
        label: String::new(),
        cost_fen: None,
        batch: None,
        counted_seq: None,
        book_pieces: None,
        cost_was: None,
        cost_now: None,
    }
}

/// What a piece of an article costs now; services lie on no shelf.
pub(super) async fn article_cost(tx: &mut Tx, book: BookId, sku: i64) -> ServiceResult<i64> {
    let row = goods::by_sku(tx, book, sku).await?.ok_or(ServiceError::NotFound("goods"))?;
    if row.is_service() {
        return Err(refuse("no_stock_of_services").with("article", &row.name).into());
    }
    Ok(row.cost_fen)
}

fn short(field: &'static str, text: &str) -> ServiceResult<()> {
    limited(field, text)?;
    if text.trim().chars().count() > NAME_CHARS_MAX {
        return Err(refuse("text_too_long").with("field", field).with("limit", NAME_CHARS_MAX).into());
    }
    Ok(())
}

/// Whether there is something on the lines, and not too much.
fn within(lines: impl Iterator<Item = (i64, i64)>) -> ServiceResult<()> {
    let (mut pieces, mut count) = (BTreeMap::<i64, i64>::new(), 0_usize);
    for (sku, moved) in lines {
        count += 1;
        let sum = pieces.entry(sku).or_default();
        *sum = sum.saturating_add(moved);
        if moved <= 0 || *sum > PAPER_PIECES_MAX {
            return Err(refuse("quantity_out_of_range").with("field", "pieces").into());
        }
    }
    if count == 0 {
        return Err(refuse("basket_empty").into());
    }
    if count > PAPER_ARTICLES_MAX {
        return Err(refuse("too_many").with("field", "goods").with("limit", PAPER_ARTICLES_MAX).into());
    }
    Ok(())
}

//! Recording many awards, each by itself: what may not be recorded is told, the rest is recorded. Every line has a key
//! of its own: made from the key of the request and its place, from the sheet and the household, or from what it says.

use super::{
    Desk, NewAward, Refusal, ServiceError, ServiceResult, hours,
    record::{Filed, digest, recorded, scoped_key},
    refuse, usage,
};
use crate::{
    domain::ids::BatchId,
    service::{
        bulk::{self, ItemAnswer},
        caller::Recorder,
    },
    store::{
        WriteTx,
        award::{self as rows, AwardRow, BatchRow},
        serial::{self, Series},
    },
};

/// A line as it was read: an award to record, or why it is none.
pub(super) type Line = Result<NewAward, Refusal>;

/// A line under its own key, as it stands in the book.
pub(super) struct Keyed {
    pub(super) key: String,
    pub(super) line: Line,
}

/// A line of a sheet: what the form calls it, and what is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetLine {
    /// The household, or the household and who of it: its key within the sheet.
    pub mark: String,
    /// The award.
    pub new: NewAward,
}

impl Desk {
    /// Records the lines that may be recorded, in one transaction; the answer tells line by line.
    pub async fn record_each(
        &self,
        by: &Recorder,
        lines: &[Line],
        key: &str,
    ) -> ServiceResult<Vec<ItemAnswer<AwardRow>>> {
        bulk::check_size(lines.len())?;
        let keyed = |(place, line): (usize, &Line)| {
            ServiceResult::Ok(Keyed { key: scoped_key(by, &bulk::item_key(key, place))?, line: line.clone() })
        };
        let keyed = lines.iter().enumerate().map(keyed).collect::<ServiceResult<Vec<_>>>()?;
        let mut tx = self.db.begin_write().await?;
        let answers = self.record_keyed(&mut tx, by, &keyed).await?;
        tx.commit().await?;
        Ok(answers)
    }

    /// Records a meeting's sheet: the lines that may be recorded, each under a key made of the sheet's and its mark.
    /// `paper` is how many lines the sheet on paper has; with another number nothing is recorded.
    pub async fn record_sheet(
        &self,
        by: &Recorder,
        lines: &[SheetLine],
        key: &str,
        paper: Option<usize>,
    ) -> ServiceResult<Vec<ItemAnswer<AwardRow>>> {
        bulk::check_size(lines.len())?;
        if let Some(wanted) = paper.filter(|wanted| *wanted != lines.len()) {
            return Err(refuse("sheet_count").with("paper", wanted).with("lines", lines.len()).into());
        }
        let keyed = |line: &SheetLine| {
            let key = scoped_key(by, &bulk::item_key(key, &line.mark))?;
            ServiceResult::Ok(Keyed { key, line: Ok(line.new.clone()) })
        };
        let keyed = lines.iter().map(keyed).collect::<ServiceResult<Vec<_>>>()?;
        let mut tx = self.db.begin_write().await?;
        let answers = self.record_keyed(&mut tx, by, &keyed).await?;
        tx.commit().await?;
        Ok(answers)
    }

    /// The lines that may be recorded are, within a transaction of the caller's; one answer a line.
    pub(super) async fn record_keyed(
        &self,
        tx: &mut WriteTx,
        by: &Recorder,
        lines: &[Keyed],
    ) -> ServiceResult<Vec<ItemAnswer<AwardRow>>> {
        // the lock of the award series: what is counted below stays true until the commit
        let last = serial::take(tx, by.book, Series::Award, 0).await?;
        let mut households = usage::Households::default();
        let (mut answers, mut taken) = (Vec::with_capacity(lines.len()), 0);
        for Keyed { key, line } in lines {
            let answer = match line {
                Ok(new) => self.one_of_many(tx, by, new, key, last + taken + 1, &mut households).await,
                Err(refusal) => Err(refusal.clone().into()),
            };
            taken += i64::from(matches!(answer, Ok(ItemAnswer::Done { repeated: false, .. })));
            answers.push(answer.or_else(bulk::refused)?);
        }
        serial::take(tx, by.book, Series::Award, taken).await?;
        Ok(answers)
    }

    async fn one_of_many(
        &self,
        tx: &mut WriteTx,
        by: &Recorder,
        new: &NewAward,
        key: &str,
        no: i64,
        households: &mut usage::Households,
    ) -> ServiceResult<ItemAnswer<AwardRow>> {
        let digest = digest(&[new])?;
        if let Some(batch) = rows::batch(tx, by.book, key).await? {
            if batch.digest != digest {
                return Err(refuse("idempotency_conflict").with("fields", "items").into());
            }
            let before = rows::of_batch(tx, by.book, batch.id).await?.into_iter().next();
            let what = before.ok_or_else(|| ServiceError::Internal("an empty batch".to_owned()))?;
            return Ok(ItemAnswer::Done { what, repeated: true });
        }
        let assessed = self.assess(tx, by, new, Filed::now(self.today()), households).await?;
        let batch = BatchRow {
            id: self.id::<BatchId>(),
            recorder: by.actor().to_string(),
            recorded_at: self.now(),
            digest,
            lines: 1,
        };
        rows::add_batch(tx, by.book, key, &batch).await?;
        let what = self.row(by, new, &assessed, no, batch.id)?;
        hours::add(tx, by.book, &what, new.hours).await?;
        self.note_award(tx, by.book, what.id, recorded(by, new)).await?;
        self.reminder_used(tx, by, &what).await?;
        Ok(ItemAnswer::Done { what, repeated: false })
    }

    /// Records all of the lines, or none with the reasons.
    pub async fn record_together(
        &self,
        by: &Recorder,
        lines: &[Line],
        key: &str,
    ) -> ServiceResult<Vec<ItemAnswer<AwardRow>>> {
        use super::RecordOutcome::{Recorded, Refused};
        bulk::check_size(lines.len())?;
        match self.record_lines(by, lines, key).await? {
            Recorded(done) => {
                let answer = |what| ItemAnswer::Done { what, repeated: done.replayed };
                Ok(done.awards.into_iter().map(answer).collect())
            }
            Refused(refused) => {
                let mut reasons = vec![None; lines.len()];
                for line in refused {
                    if let Some(reason) = reasons.get_mut(line.line) {
                        *reason = Some(line.refusal);
                    }
                }
                Ok(bulk::none_of(reasons))
            }
        }
    }
}

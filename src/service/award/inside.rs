//! Recording awards inside a transaction that does more than that: a claim that becomes an award, an inspection round
//! that is confirmed.

use super::{
    Desk, NewAward, Refusal, ServiceError, ServiceResult, hours,
    record::{Filed, recorded},
    usage,
};
use crate::{
    domain::time::Day,
    service::caller::Recorder,
    store::{
        WriteTx,
        award::AwardRow,
        serial::{self, Series},
    },
};

impl Desk {
    /// Records one award as [`Desk::record_awards`] does, without a batch: the caller sees to it that once is once.
    /// `told_on` is the day on which the village was told of it.
    pub(in crate::service) async fn record_inside(
        &self,
        tx: &mut WriteTx,
        by: &Recorder,
        new: &NewAward,
        told_on: Day,
    ) -> ServiceResult<AwardRow> {
        let no = serial::take(tx, by.book, Series::Award, 1).await?;
        let assessed = self
            .assess(tx, by, new, Filed { without: None, told_on }, &mut usage::Households::default())
            .await?;
        let row = AwardRow { batch_id: None, ..self.row(by, new, &assessed, no, self.id())? };
        hours::add(tx, by.book, &row, new.hours).await?;
        self.note_award(tx, by.book, row.id, recorded(by, new)).await?;
        Ok(row)
    }

    /// Records those that may be recorded; one answer each. The caller sees to it that once is once.
    pub(in crate::service) async fn record_many_inside(
        &self,
        tx: &mut WriteTx,
        by: &Recorder,
        lines: &[NewAward],
    ) -> ServiceResult<Vec<Result<AwardRow, Refusal>>> {
        // the lock of the award series: what is counted below stays true until the commit
        let mut no = serial::take(tx, by.book, Series::Award, 0).await?;
        let first = no;
        let mut households = usage::Households::default();
        let mut answers = Vec::with_capacity(lines.len());
        for new in lines {
            answers.push(match self.assess(tx, by, new, Filed::now(self.today()), &mut households).await {
                Ok(assessed) => {
                    no += 1;
                    let row = AwardRow { batch_id: None, ..self.row(by, new, &assessed, no, self.id())? };
                    hours::add(tx, by.book, &row, new.hours).await?;
                    self.note_award(tx, by.book, row.id, recorded(by, new)).await?;
                    Ok(row)
                }
                Err(ServiceError::Refused(refusal)) => Err(refusal),
                Err(other) => return Err(other),
            });
        }
        serial::take(tx, by.book, Series::Award, no - first).await?;
        Ok(answers)
    }
}

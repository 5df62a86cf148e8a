//! Recording one award inside a transaction that does more than that: a claim that becomes an award.

use super::{Desk, NewAward, ServiceResult, record::recorded, usage};
use crate::{
    service::caller::Recorder,
    store::{
        WriteTx,
        award::{self as rows, AwardRow},
        serial::{self, Series},
    },
};

impl Desk {
    /// Records one award as [`Desk::record_awards`] does, without a batch: the caller sees to it that once is once.
    pub(in crate::service) async fn record_inside(
        &self,
        tx: &mut WriteTx,
        by: &Recorder,
        new: &NewAward,
    ) -> ServiceResult<AwardRow> {
        let no = serial::take(tx, by.book, Series::Award, 1).await?;
        let assessed = self.assess(tx, by, new, None, &mut usage::Households::default()).await?;
        let row = AwardRow { batch_id: None, ..self.row(by, new, &assessed, no, self.id())? };
        rows::add(tx, by.book, &row).await?;
        self.note_award(tx, by.book, row.id, recorded(by, new)).await?;
        Ok(row)
    }
}

//! What a sheet says of its recall, for the people of the office.

use crate::{
    domain::{notice::NoticeState, time::Timestamp},
    service::{Desk, ServiceResult, caller::Staff},
    store::notice::NoticeRow,
    text::T,
};

/// The recall of a sheet.
pub struct Recall {
    /// When.
    pub at: String,
    /// By whom.
    pub by: String,
    /// Why.
    pub because: String,
}

/// The recall of a sheet, if it was recalled.
pub(super) async fn recall(desk: &Desk, t: T, n: &NoticeRow) -> ServiceResult<Option<Recall>> {
    let (Some(at), Some(by)) = (n.recalled_at, &n.recalled_by) else { return Ok(None) };
    let by = t.who(desk.actor_name(by).await?);
    Ok(Some(Recall { at: at.minute(), by, because: n.recalled_because.clone().unwrap_or_default() }))
}

/// Whether the viewer may recall it: while it hangs, and not whoever published it.
pub(super) fn to_recall(by: &Staff, n: &NoticeRow, now: Timestamp) -> bool {
    let runs = n.closes_at.is_some_and(|until| until.since(now) > 0);
    let own = n.published_by.as_deref().is_some_and(|who| by.selves().are(who));
    n.state == NoticeState::Published.as_str() && runs && !own
}

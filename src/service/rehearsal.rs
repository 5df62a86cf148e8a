//! A dry run: a use case performed to its end, the ledger's own decision included, inside a unit that is never
//! committed. So it says exactly what would happen, in the words of what does happen, and leaves no trace: no key, no
//! number, no event, no answer.

use super::{
    Desk, ServiceResult,
    once::{Ask, Once},
};

tokio::task_local! {
    static REHEARSAL: ();
}

/// Whether what runs now is a dry run. The Poster decides in place then, and nobody looks at a PIN: one that was wrong
/// must count, and here nothing counts.
#[must_use]
pub(super) fn is_on() -> bool {
    REHEARSAL.try_with(|()| ()).is_ok()
}

impl Desk {
    /// Performs a request and undoes all of it; what was answered under its key before is the answer here too.
    pub async fn rehearse<A>(&self, ask: &Ask, perform: impl Future<Output = A>) -> ServiceResult<Once<A>> {
        if let Some(said) = self.said_before(ask).await? {
            return Ok(Once::Again(said));
        }
        let unit = self.db.unit().await?;
        let answer = unit.run(REHEARSAL.scope((), perform)).await;
        drop(unit);
        Ok(Once::First(answer))
    }
}

//! Heads of logs: signed when they have moved, and brought to the witnesses. A witness that does not answer holds up
//! nothing; it is asked again at the next pass.

use super::{Tick, outbound};
use crate::{
    domain::ids::BookId,
    service::{Desk, ServiceResult, error::causes, tlog::cosign::Errand},
};

/// Programmes looked at in one read.
const PROGRAMMES_A_PAGE: i64 = 200;

/// One pass over every book. A book that fails does not hold up the others.
pub async fn pass(desk: &Desk, done: &mut Tick) -> ServiceResult<()> {
    let mut after = 0;
    loop {
        let programmes = desk.programmes_after(after, PROGRAMMES_A_PAGE).await?;
        let Some(last) = programmes.last() else { return Ok(()) };
        after = last.no;
        for programme in &programmes {
            let book = programme.book_id;
            match desk.sign_head(book).await {
                Ok(signed) => done.signed += usize::from(signed),
                Err(error) => tracing::error!(%book, error = %causes(&error), "a head was not signed"),
            }
            match to_witnesses(desk, book).await {
                Ok(cosigned) => done.cosigned += cosigned,
                Err(error) => tracing::warn!(%book, error = %causes(&error), "no witness was asked"),
            }
        }
    }
}

async fn to_witnesses(desk: &Desk, book: BookId) -> ServiceResult<usize> {
    let mut cosigned = 0;
    for errand in desk.errands(book).await? {
        match run(desk, book, &errand).await {
            Ok(true) => cosigned += 1,
            Ok(false) => tracing::warn!(url = %errand.url, "the witness did not cosign"),
            Err(error) => {
                tracing::warn!(url = %errand.url, error = %causes(&*error), "the witness did not answer");
            }
        }
    }
    Ok(cosigned)
}

/// One head to one witness; a second time when the witness has seen another size than we thought.
async fn run(
    desk: &Desk,
    book: BookId,
    errand: &Errand,
) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
    let answer = bring(errand).await?;
    let (errand, answer) = match answer.conflict() {
        None => (errand.clone(), answer),
        Some(seen) => match desk.errand_from(book, errand, seen).await? {
            None => return Ok(false),
            Some(again) => {
                let answer = bring(&again).await?;
                (again, answer)
            }
        },
    };
    if answer.status != 200 {
        tracing::warn!(url = %errand.url, status = answer.status, "the witness refused");
        return Ok(false);
    }
    Ok(desk.take_cosignature(book, &errand, &answer.body).await?)
}

async fn bring(errand: &Errand) -> Result<outbound::Answer, outbound::OutboundError> {
    outbound::post(&format!("{}/add-checkpoint", errand.url), errand.request.to_string()).await
}

//! A sitting as people look at it: the member one line at a time, the secretary the whole, the auditor afterwards.

use super::{Desk, SITTINGS_PAGE, ServiceError, ServiceResult, hall::Hall};
use crate::{
    domain::{
        ids::{AwardId, BookId, SittingId, UserId},
        panel::{Outcome, Post, Tally, Vote},
    },
    service::{Refusal, award::lines::AwardLine, caller::Staff, refuse},
    store::{
        award as awards,
        sitting::{self, HeardRow, LineRow, SittingRow},
    },
};

/// Somebody with a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendant {
    /// Who.
    pub user: UserId,
    /// The name people see.
    pub name: String,
    /// What they do.
    pub post: Post,
    /// Whether they came.
    pub present: bool,
}

/// A line of the agenda as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgendaLine {
    /// Its place.
    pub line: i32,
    /// The award with its names.
    pub award: AwardLine,
    /// What it came to, once the sitting is closed.
    pub outcome: Option<Outcome>,
    /// Who stepped back.
    pub recused: usize,
    /// The count: final once the sitting is closed.
    pub tally: Tally,
    /// What that comes to as it stands.
    pub stands: Outcome,
    /// Ballots cast so far by those who may vote.
    pub cast: usize,
    /// What is told about a refusal.
    pub words: String,
    /// Who votes for which side, for whoever may look behind the count.
    pub ballots: Vec<(String, Vote)>,
    /// The names of those who step back.
    pub stepped_back: Vec<String>,
    /// One's own ballot.
    pub mine: Option<Vote>,
    /// Why one may not vote on it; nothing when one may.
    pub barred: Option<Refusal>,
}

/// A sitting with its people and its agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SittingView {
    /// The sitting.
    pub row: SittingRow,
    /// Seats, in order.
    pub seats: Vec<Attendant>,
    /// The agenda.
    pub lines: Vec<AgendaLine>,
    /// What the one who looks does here.
    pub post: Option<Post>,
    /// Whether they came.
    pub present: bool,
    /// The observer who signed.
    pub observer: Option<String>,
}

impl Desk {
    /// Sittings, the latest first, numbered below `before`.
    pub async fn sittings(&self, book: BookId, before: i64, limit: i64) -> ServiceResult<Vec<SittingRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(sitting::list(&mut tx, book, before, limit.clamp(1, SITTINGS_PAGE)).await?)
    }

    /// The sittings that decided on an award.
    pub async fn sittings_of(&self, book: BookId, award: AwardId) -> ServiceResult<Vec<HeardRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(sitting::of_award(&mut tx, book, award).await?)
    }

    /// One sitting as `by` sees it.
    pub async fn sitting(&self, by: &Staff, id: SittingId) -> ServiceResult<SittingView> {
        let mut tx = self.db.begin_read().await?;
        let row = sitting::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("sitting"))?;
        let hall = Hall::of(&mut tx, by.book, &row).await?;
        let (mut lines, mut rows) = (Vec::new(), Vec::new());
        for line in sitting::lines(&mut tx, by.book, id).await? {
            let award = awards::one(&mut tx, by.book, line.award_id).await?;
            let award = award.ok_or(ServiceError::NotFound("award"))?;
            let heard = if row.is_open() {
                Some(hall.hear(&mut tx, by.book, line.line, &award, self.today()).await?)
            } else {
                None
            };
            rows.push(award);
            lines.push((line, heard));
        }
        drop(tx);
        let awards = self.lines_of(by, rows).await?;
        let name = |user: &UserId| {
            hall.rows.iter().find(|s| s.user_id == *user).map(|s| s.name.clone()).unwrap_or_default()
        };
        let (post, present) = (hall.post(by.user), hall.present.contains(&by.user));
        let mut agenda = Vec::with_capacity(lines.len());
        for ((line, heard), award) in lines.into_iter().zip(awards) {
            let cast = hall.ballots.get(&line.line);
            let ballots = cast.into_iter().flatten().map(|(user, vote)| (name(user), *vote)).collect();
            let out = heard.as_ref().map(|h| h.barred.keys().filter(|u| hall.present.contains(*u)));
            let stepped_back: Vec<String> = out.into_iter().flatten().map(name).collect();
            let barred = heard.as_ref().and_then(|h| {
                let spare = present && post == Some(Post::Substitute) && !h.voters.contains(&by.user);
                h.barred.get(&by.user).cloned().or_else(|| spare.then(|| refuse("substitute_not_needed")))
            });
            let tally = heard.as_ref().map_or_else(|| kept(&line), |h| h.tally);
            agenda.push(AgendaLine {
                line: line.line,
                outcome: line.outcome()?,
                recused: if row.is_open() { stepped_back.len() } else { number(line.recused) },
                tally,
                stands: tally.outcome(),
                cast: heard.as_ref().map_or(0, |h| {
                    h.voters.iter().filter(|v| cast.is_some_and(|c| c.contains_key(*v))).count()
                }),
                words: line.words,
                ballots,
                stepped_back,
                mine: cast.and_then(|c| c.get(&by.user)).copied(),
                barred,
                award,
            });
        }
        let seats = hall.rows.iter().zip(&hall.seats).map(|(row, seat)| Attendant {
            user: seat.user,
            name: row.name.clone(),
            post: seat.post,
            present: hall.present.contains(&seat.user),
        });
        let seats = seats.collect();
        let observer = match &row.observed_by {
            Some(actor) => Some(self.actor_name(actor).await?),
            None => None,
        };
        Ok(SittingView { row, seats, lines: agenda, post, present, observer })
    }
}

/// The count that was written down.
fn kept(line: &LineRow) -> Tally {
    Tally {
        voters: number(line.voters),
        yes: number(line.yes),
        no: number(line.noes),
        abstained: number(line.abstained),
    }
}

fn number(n: i32) -> usize {
    usize::try_from(n).unwrap_or(0)
}

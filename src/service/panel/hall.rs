//! The hall of a sitting: seats, who came, the ballots, and for any line who must step back and who may vote. Computed
//! anew whenever somebody votes, looks or closes: the register of the day counts, not what was true at convening.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::ServiceResult;
use crate::{
    domain::{
        due_process::{Involved, ReviewStep, Selves},
        ids::{BookId, UserId},
        panel::{Post, Seat, Tally, Vote, voters},
        time::Day,
    },
    service::{Refusal, award::part, identity, recusal::Ties, refuse},
    store::{
        StoreError, Tx,
        award::AwardRow,
        body::{self, SeatRow},
        sitting::{self, SittingRow, votes},
    },
};

/// Who sits, who came, what was cast.
pub(super) struct Hall {
    pub(super) rows: Vec<SeatRow>,
    pub(super) seats: Vec<Seat>,
    pub(super) present: BTreeSet<UserId>,
    /// By line.
    pub(super) ballots: BTreeMap<i32, BTreeMap<UserId, Vote>>,
    /// Who everybody is, and whose kin.
    ties: HashMap<UserId, (Selves, Ties)>,
}

/// A line as the hall stands now.
pub(super) struct Heard {
    /// Who must step back, and why.
    pub(super) barred: BTreeMap<UserId, Refusal>,
    /// Who may vote.
    pub(super) voters: BTreeSet<UserId>,
    /// What was cast so far.
    pub(super) tally: Tally,
}

impl Hall {
    pub(super) async fn of(tx: &mut Tx, book: BookId, row: &SittingRow) -> ServiceResult<Self> {
        let rows = body::seats(tx, book, row.body_id).await?;
        let seats = rows.iter().map(SeatRow::seat).collect::<Result<Vec<_>, _>>()?;
        let present = sitting::present(tx, book, row.id).await?.into_iter().map(|(user, _)| user).collect();
        let mut ballots: BTreeMap<i32, BTreeMap<UserId, Vote>> = BTreeMap::new();
        for ballot in votes::of_sitting(tx, book, row.id).await? {
            let vote: Vote =
                ballot.vote.parse().map_err(|_| StoreError::inconsistent("ballot", "vote", &ballot.vote))?;
            ballots.entry(ballot.line).or_default().insert(ballot.user_id, vote);
        }
        let mut ties = HashMap::new();
        for seat in seats.iter().filter(|seat| seat.post != Post::Observer) {
            let known = identity::known(tx, book, seat.user).await?;
            ties.insert(seat.user, (known.selves(), Ties::of(tx, book, known.person).await?));
        }
        Ok(Self { rows, seats, present, ballots, ties })
    }

    /// What somebody does here.
    pub(super) fn post(&self, user: UserId) -> Option<Post> {
        self.seats.iter().find(|seat| seat.user == user).map(|seat| seat.post)
    }

    /// Who must step back from an award, who may vote on it, and what was cast.
    pub(super) async fn hear(
        &self,
        tx: &mut Tx,
        book: BookId,
        line: i32,
        award: &AwardRow,
        today: Day,
    ) -> ServiceResult<Heard> {
        let past = part::past(tx, book, award).await?;
        let days = [award.occurred_on, today];
        let mut barred = BTreeMap::new();
        for seat in self.seats.iter().filter(|seat| seat.post != Post::Observer) {
            let Some((selves, ties)) = self.ties.get(&seat.user) else { continue };
            let kin = ties.bar(award.household_id, &days);
            let why = match past.involves(selves, ReviewStep::Panel) {
                Some(Involved::Recorded) => Some(refuse("own_record")),
                Some(Involved::Inspected) => Some(refuse("own_look")),
                Some(Involved::Reviewed) => Some(refuse("already_reviewed")),
                None => kin,
            };
            if let Some(why) = why {
                barred.insert(seat.user, why);
            }
        }
        let out: BTreeSet<UserId> = barred.keys().copied().collect();
        let voters = voters(&self.seats, &self.present, &out);
        let none = BTreeMap::new();
        let tally = Tally::of(&voters, self.ballots.get(&line).unwrap_or(&none));
        Ok(Heard { barred, voters, tally })
    }
}

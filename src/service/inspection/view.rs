//! A round as the clerk and whoever watches over the books see it: how far it is, where two differ, what came of it.

use std::collections::HashMap;

use super::{
    Desk, ROUNDS_SHOWN, Round, ServiceResult,
    confirm::lines,
    faults::{faults, reminded},
    rows,
};
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{AwardId, BookId, RoundId, UserId},
        inspection::{Finding, Marks, RoundState, is_fault},
        rule::Item,
    },
    service::caller::Staff,
    store::{
        inspection::{EyeRow, RestsOn, RoundRow},
        login,
    },
};

/// Households shown where two differ.
pub const DIFFERENCES_SHOWN: usize = 200;

/// How far a round is in one group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupProgress {
    /// Its name.
    pub name: String,
    /// Households.
    pub households: usize,
    /// Settled ones.
    pub settled: usize,
    /// Ones where two differ and nobody has decided.
    pub differ: usize,
    /// Ones that too few may look at.
    pub no_pair: usize,
}

impl GroupProgress {
    /// Households somebody has still to look at.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.households.saturating_sub(self.settled + self.differ + self.no_pair)
    }
}

/// A household where two differ, or that has no pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    /// Its number.
    pub no: HouseholdNo,
    /// The name of its head.
    pub head: String,
    /// What each found, by name; nobody, where too few may look.
    pub found: Vec<(String, Marks)>,
}

/// A round with all that is known of it.
#[derive(Debug, Clone)]
pub struct RoundView {
    /// The round.
    pub row: RoundRow,
    /// Where it stands.
    pub state: RoundState,
    /// The items looked at.
    pub items: Vec<Item>,
    /// Who looks, in order.
    pub eyes: Vec<EyeRow>,
    /// How many each has looked at.
    pub looked: Vec<usize>,
    /// Group by group.
    pub groups: Vec<GroupProgress>,
    /// Where two differ or there is no pair; nothing for somebody who looks while the round is open.
    pub unsettled: Vec<Unsettled>,
    /// How many of those there are beside the ones shown.
    pub more: usize,
    /// Whether what was found is kept from this reader.
    pub blind: bool,
    /// Lines earned, by item.
    pub earned: Vec<(String, usize)>,
    /// Lines on record.
    pub recorded: usize,
    /// Points on record.
    pub points: i64,
    /// Households at which each fault was found, by item.
    pub faults: Vec<(String, usize)>,
    /// Faults that their households were reminded of.
    pub reminded: usize,
}

impl RoundView {
    /// All groups together.
    #[must_use]
    pub fn all(&self) -> GroupProgress {
        self.groups.iter().fold(GroupProgress::default(), |sum, g| GroupProgress {
            name: String::new(),
            households: sum.households + g.households,
            settled: sum.settled + g.settled,
            differ: sum.differ + g.differ,
            no_pair: sum.no_pair + g.no_pair,
        })
    }

    /// Lines earned that are not on record.
    #[must_use]
    pub fn left(&self) -> usize {
        self.earned.iter().map(|(_, n)| n).sum::<usize>().saturating_sub(self.recorded)
    }

    /// Faults that their households were not reminded of.
    #[must_use]
    pub fn to_remind(&self) -> usize {
        self.faults.iter().map(|(_, n)| n).sum::<usize>().saturating_sub(self.reminded)
    }
}

impl Desk {
    /// The latest rounds of a book.
    pub async fn rounds(&self, book: BookId) -> ServiceResult<Vec<RoundRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(rows::list(&mut tx, book, i64::MAX, ROUNDS_SHOWN).await?)
    }

    /// One round. Somebody who looks in it is not told what another found while it is open, clerk or not.
    pub async fn round(&self, by: &Staff, id: RoundId) -> ServiceResult<RoundView> {
        let mut tx = self.db.begin_read().await?;
        let round = Round::of(&mut tx, by.book, id, self.today()).await?;
        let set = round.set.clone();
        let recorded = rows::awards(&mut tx, by.book, id).await?;
        let blind = round.state == RoundState::Open && round.names(by.user);
        let mut view = RoundView {
            state: round.state,
            items: round.row.items().filter_map(|code| set.item(code).cloned()).collect(),
            looked: round.named.iter().map(|eye| round.looked(eye.user_id)).collect(),
            groups: Vec::new(),
            unsettled: Vec::new(),
            more: 0,
            blind,
            earned: Vec::new(),
            recorded: recorded.len(),
            points: recorded.iter().map(|r| r.points).sum(),
            faults: Vec::new(),
            reminded: 0,
            eyes: round.named.clone(),
            row: round.row.clone(),
        };
        tally(&round, &mut view);
        if !blind {
            let (lines, faults) = (lines(&round), faults(&round));
            for item in &view.items {
                let code = item.code.to_string();
                if is_fault(item) {
                    let count = faults.iter().filter(|f| f.item == code).count();
                    view.faults.push((code, count));
                } else {
                    let count = lines.iter().filter(|l| l.item == code).count();
                    view.earned.push((code, count));
                }
            }
            if round.state == RoundState::Confirmed {
                view.reminded = reminded(&mut tx, by.book, &faults).await?;
            }
        }
        Ok(view)
    }

    /// The looks an award rests on, with the names of those who looked.
    pub async fn inspection_of(
        &self,
        book: BookId,
        award: AwardId,
    ) -> ServiceResult<Option<(RestsOn, Vec<String>)>> {
        let mut tx = self.db.begin_read().await?;
        let Some(on) = rows::of_award(&mut tx, book, award).await? else { return Ok(None) };
        let mut names = Vec::new();
        for user in [Some(on.first_id), Some(on.second_id), on.third_id].into_iter().flatten() {
            names.push(login::by_id(&mut tx, user).await?.map(|l| l.display_name).unwrap_or_default());
        }
        Ok(Some((on, names)))
    }
}

impl Round {
    /// How many households of the round somebody has looked at.
    fn looked(&self, who: UserId) -> usize {
        self.roll.iter().filter(|home| self.standing(home.id).contains_key(&who)).count()
    }
}

/// Counts group by group, and gathers what is not settled.
fn tally(round: &Round, view: &mut RoundView) {
    let mut groups: HashMap<_, GroupProgress> = HashMap::new();
    for home in &round.roll {
        let group = groups.entry(home.group_id).or_default();
        group.households += 1;
        let finding = round.finding(home.id);
        match &finding {
            Finding::Settled { .. } => group.settled += 1,
            // who looks is not to learn where they differ
            Finding::Differs { .. } if !view.blind => group.differ += 1,
            Finding::Waiting | Finding::Differs { .. } => {}
            Finding::NoPair => group.no_pair += 1,
        }
        let told =
            matches!(finding, Finding::NoPair) || (matches!(finding, Finding::Differs { .. }) && !view.blind);
        if told && view.unsettled.len() >= DIFFERENCES_SHOWN {
            view.more += 1;
        } else if told {
            let standing = round.standing(home.id);
            let said = |eye: &EyeRow| Some((eye.name.clone(), standing.get(&eye.user_id)?.marks.clone()));
            let found = match finding {
                Finding::NoPair => Vec::new(),
                _ => round.named.iter().filter_map(said).collect(),
            };
            let head = home.head.clone().unwrap_or_default();
            view.unsettled.push(Unsettled { no: home.no.clone(), head, found });
        }
    }
    view.groups = round
        .groups
        .iter()
        .map(|(id, name)| GroupProgress { name: name.clone(), ..groups.remove(id).unwrap_or_default() })
        .collect();
}

//! Answers the rules' questions about usage so far from the award table. Called under the lock of the award series,
//! so that what was counted stays true until the award is written.

use std::collections::HashMap;

use crate::{
    domain::{
        award::{Context, UsageQuestion},
        ids::{AwardId, BookId, HouseholdId, OrgId, PersonId},
        panel::BodyKind,
        rule::{ItemCode, Measure, UsageScope},
        time::Day,
    },
    service::ServiceResult,
    store::{
        Tx,
        award::usage::{self, Usage, Window},
        body, elsewhere, household,
    },
};

/// The claim that questions are asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asker<'a> {
    pub(super) book: BookId,
    pub(super) household: HouseholdId,
    pub(super) group: OrgId,
    pub(super) person: Option<PersonId>,
    pub(super) event_key: Option<&'a str>,
    pub(super) occurred_on: Day,
    /// The claim itself, when it is on record already.
    pub(super) without: Option<AwardId>,
}

/// One number for each question, in their order.
pub(super) async fn answers(
    tx: &mut Tx,
    who: Asker<'_>,
    questions: &[UsageQuestion],
) -> ServiceResult<Vec<i64>> {
    let mut out = Vec::with_capacity(questions.len());
    for question in questions {
        out.push(answer(tx, who, question).await?);
    }
    Ok(out)
}

async fn answer(tx: &mut Tx, who: Asker<'_>, q: &UsageQuestion) -> ServiceResult<i64> {
    // acts for which nobody named an event are one event if they happened on one day: leaving the name out gains nothing
    let unnamed = (q.same_event && who.event_key.is_none()).then_some(who.occurred_on);
    let window = Window {
        person: who.person.unwrap_or(PersonId(uuid::Uuid::nil())),
        household: who.household,
        from: unnamed.or(q.from).unwrap_or(Day::from_number(i32::MIN)),
        until: unnamed.map(|day| day.plus(1)).or(q.until).unwrap_or(Day::from_number(i32::MAX)),
        without: who.without.unwrap_or(AwardId(uuid::Uuid::nil())),
        event_key: if q.same_event { who.event_key.unwrap_or_default() } else { "" },
        on_day: who.occurred_on,
    };
    let listed = if q.items.is_empty() {
        String::new()
    } else {
        format!(",{},", q.items.iter().map(ItemCode::as_str).collect::<Vec<_>>().join(","))
    };
    // what another programme rewarded for the same event counts as much as what this one did
    let mut other = 0;
    if let Some(event) = who.event_key.filter(|_| q.same_event && q.measure == Measure::Times) {
        other = elsewhere::count(tx, who.book, event, who.household, &listed).await?;
    }
    let mut sum = 0;
    match q.scope {
        UsageScope::Person => sum = of(q.measure, usage::of_person(tx, who.book, window, &listed).await?),
        UsageScope::Household => {
            sum = of(q.measure, usage::of_household(tx, who.book, window, &listed).await?);
        }
        UsageScope::Group | UsageScope::Village => {
            let group = (q.scope == UsageScope::Group).then_some(who.group);
            for item in &q.items {
                sum += of(q.measure, usage::of_item(tx, who.book, window, item.as_str(), group).await?);
            }
        }
    }
    Ok(sum + other)
}

const fn of(measure: Measure, usage: Usage) -> i64 {
    match measure {
        Measure::Times => usage.times,
        Measure::Points => usage.points,
        Measure::Honor => usage.honor,
        Measure::Minutes => usage.minutes,
        Measure::People => usage.people,
        Measure::Households => usage.households,
    }
}

/// How many households there are, and whether there is a panel: looked up once a batch.
#[derive(Debug, Default)]
pub(super) struct Households {
    village: Option<u32>,
    groups: HashMap<OrgId, u32>,
    panel: Option<bool>,
}

impl Households {
    pub(super) async fn context(
        &mut self,
        tx: &mut Tx,
        book: BookId,
        group: OrgId,
    ) -> ServiceResult<Context> {
        let village_households = match self.village {
            Some(count) => count,
            None => *self.village.insert(narrow(household::count(tx, book).await?)),
        };
        let group_households = match self.groups.get(&group) {
            Some(count) => *count,
            None => {
                let count = narrow(household::count_group(tx, book, group).await?);
                self.groups.insert(group, count);
                count
            }
        };
        Ok(Context { group_households, village_households })
    }

    /// Whether the village has a panel, which then sits on everything that is recorded.
    pub(super) async fn panel(&mut self, tx: &mut Tx, book: BookId, today: Day) -> ServiceResult<bool> {
        Ok(match self.panel {
            Some(known) => known,
            None => *self.panel.insert(body::in_force(tx, book, BodyKind::Panel, today).await?.is_some()),
        })
    }
}

fn narrow(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(0)
}

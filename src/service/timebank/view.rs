//! An order of the time bank as pages and the API show it. Whoever has no part in it sees it only while it is on the board,
//! and there nobody's name.

use super::{
    Desk, ORDERS_PAGE, OrderState, ServiceError, ServiceResult, home_of, party::Party, rows, shipped,
    volunteer::kind_of,
};
use crate::{
    domain::{
        chart,
        household::PersonNo,
        ids::{BookId, PersonId, TimeOrderId},
        person::Name,
        posting::Commodity,
        time::Timestamp,
        timebank::{
            ServiceKind,
            matching::Reason,
            order,
            policy::{Policies, Policy},
        },
    },
    service::{Actor, Refusal, award::explain, caller::Role},
    store::{
        Tx, event, household,
        ledger::read,
        org, person,
        timebank::{
            note,
            order::OrderRow,
            pair::{self, PairRow},
            policy::{self as adopted, AdoptedRow},
            volunteer as people,
        },
    },
};

/// Somebody of the village.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Someone {
    /// Their id.
    pub id: PersonId,
    /// Their number.
    pub no: PersonNo,
    /// Their name; masked for whoever has no part in it.
    pub name: String,
    /// The number of their household; empty when they belong to none.
    pub home: String,
    /// The volunteer number, if they are one.
    pub volunteer: Option<i64>,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderView {
    /// As it stands.
    pub row: OrderRow,
    /// What is asked for.
    pub kind: ServiceKind,
    /// Where it stands.
    pub state: OrderState,
    /// The group where it is.
    pub group: String,
    /// Who is served.
    pub served: Someone,
    /// Who took it.
    pub volunteer: Option<Someone>,
    /// Whose minutes pay; the pool's when nobody's.
    pub payer: Option<Someone>,
    /// Whether its posting was undone.
    pub reversed: bool,
}

/// What happened to an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// What.
    pub verb: String,
    /// Who did it.
    pub by: String,
    /// What they said.
    pub words: String,
}

/// In what part somebody looks at an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sides {
    /// For whoever is served.
    pub served: bool,
    /// For the volunteer.
    pub volunteer: bool,
    /// The network point.
    pub desk: bool,
    /// An arbiter.
    pub arbiter: bool,
    /// The township.
    pub township: bool,
}

/// An order with everything that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFile {
    /// The order.
    pub order: OrderView,
    /// Its check-ins.
    pub pairs: Vec<PairRow>,
    /// Its life, oldest first.
    pub life: Vec<Happening>,
    /// Whom the desk may ask, with the reasons.
    pub matches: Vec<(Someone, Vec<Reason>)>,
    /// Who of a household could take it.
    pub takers: Vec<Someone>,
    /// In what part it is looked at.
    pub sides: Sides,
    /// Whether somebody should call.
    pub call: bool,
    /// Why settled hours are not in the account yet.
    pub held_up: Option<Refusal>,
}

impl Desk {
    /// An order, for whoever has a part in it; for anybody of the village while it is on the board.
    pub async fn time_order_file(&self, by: &Party, id: TimeOrderId) -> ServiceResult<OrderFile> {
        let (book, today) = (by.book(), self.today());
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("time_order"))?;
        let sides = self.sides(&mut tx, by, &row).await?;
        let part = sides != Sides::default() || matches!(by, Party::Staff(_));
        if !part && row.state()? != OrderState::Open {
            return Err(ServiceError::NotFound("time_order"));
        }
        let counting = shipped(&row.policy)?.counting;
        let done = row.done_at.filter(|_| row.state == OrderState::Done.as_str());
        let call = done.is_some_and(|done| order::to_be_called(&counting, done, self.now()));
        let (mut takers, mut life, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        if let Party::Household(home) = by {
            for member in person::members(&mut tx, book, home.household, today).await? {
                takers.push(someone(&mut tx, book, member.id, (self.today(), true)).await?);
            }
            takers.retain(|one| one.volunteer.is_some());
        }
        if part {
            pairs = pair::of_order(&mut tx, book, id).await?;
            life = happenings(&mut tx, book, id).await?;
        }
        let view = self.time_order_view(&mut tx, book, row, part).await?;
        drop(tx);
        let mut matches = Vec::new();
        if let (true, OrderState::Open, Ok(desk)) = (sides.desk, view.state, by.desk()) {
            for found in self.matches_for(&desk, id).await? {
                let mut tx = self.db.begin_read().await?;
                matches.push((someone(&mut tx, book, found.person, (today, true)).await?, found.reasons));
            }
        }
        let held_up = if part { self.held_up(book, id).await? } else { None };
        Ok(OrderFile { order: view, pairs, life, matches, takers, sides, call, held_up })
    }

    async fn sides(&self, tx: &mut Tx, by: &Party, row: &OrderRow) -> ServiceResult<Sides> {
        let today = self.today();
        match by {
            Party::Household(home) => {
                let of = async |tx: &mut Tx, id| home_of(tx, by.book(), id, today).await;
                let own = Some(home.household);
                let asked = row.asked_by == by.actor().to_string();
                Ok(Sides {
                    served: asked || of(tx, row.served_id).await? == own,
                    volunteer: match row.volunteer_id {
                        Some(id) => of(tx, id).await? == own,
                        None => false,
                    },
                    ..Sides::default()
                })
            }
            Party::Staff(staff) => {
                let desk = by.desk().is_ok();
                Ok(Sides {
                    served: desk,
                    volunteer: desk,
                    desk,
                    arbiter: by.arbiter().is_ok(),
                    township: staff.holds(Role::Township),
                })
            }
        }
    }

    /// Orders of one state, for the staff, oldest first.
    pub async fn time_list(
        &self,
        by: &Party,
        state: OrderState,
        after: i64,
        limit: i64,
    ) -> ServiceResult<Vec<OrderView>> {
        by.staff()?;
        self.listed(by.book(), state, (after, limit), true).await
    }

    /// How many orders there are of each state.
    pub async fn time_counts(&self, by: &Party) -> ServiceResult<Vec<(OrderState, i64)>> {
        by.staff()?;
        let mut tx = self.db.begin_read().await?;
        let found = rows::states(&mut tx, by.book()).await?;
        Ok(found.into_iter().filter_map(|(state, count)| Some((state.parse().ok()?, count))).collect())
    }

    /// The board of open requests: nobody's name is on it.
    pub async fn time_board(&self, by: &Party, after: i64, limit: i64) -> ServiceResult<Vec<OrderView>> {
        let page = self.listed(by.book(), OrderState::Open, (after, limit), false).await?;
        Ok(page.into_iter().filter(|one| one.row.starts_at >= self.now()).collect())
    }

    async fn listed(
        &self,
        book: BookId,
        state: OrderState,
        (after, limit): (i64, i64),
        whole: bool,
    ) -> ServiceResult<Vec<OrderView>> {
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for row in rows::in_state(&mut tx, book, state, after, limit.clamp(1, ORDERS_PAGE)).await? {
            out.push(self.time_order_view(&mut tx, book, row, whole).await?);
        }
        Ok(out)
    }

    pub(super) async fn time_order_view(
        &self,
        tx: &mut Tx,
        book: BookId,
        mut row: OrderRow,
        whole: bool,
    ) -> ServiceResult<OrderView> {
        let day = self.today();
        let named = async |tx: &mut Tx, id| match id {
            Some(id) => someone(tx, book, id, (day, whole)).await.map(Some),
            None => Ok(None),
        };
        let reversed = match row.post_seq {
            Some(seq) => read::reversed_by(tx, book, seq).await?.is_some(),
            None => false,
        };
        let served = someone(tx, book, row.served_id, (day, whole)).await?;
        let volunteer = named(tx, row.volunteer_id).await?;
        let payer = named(tx, row.payer_id).await?;
        if !whole {
            row.words.clear();
            row.remark.clear();
        }
        let group = org::by_id(tx, row.group_id).await?.map_or_else(String::new, |place| place.name);
        let (kind, state) = (kind_of(&row)?, row.state()?);
        Ok(OrderView { row, kind, state, group, served, volunteer, payer, reversed })
    }

    /// The policy a village runs today, and since when; nothing when it runs none.
    pub async fn time_policy(&self, book: BookId) -> ServiceResult<Option<(&'static Policy, AdoptedRow)>> {
        let mut tx = self.db.begin_read().await?;
        let Some(row) = adopted::in_force(&mut tx, book, self.today()).await? else { return Ok(None) };
        let known = Policies::shipped().by_code(&row.code);
        Ok(known.map(|policy| (policy, row)))
    }

    /// Minutes of the public pool: free, and put aside.
    pub async fn time_pool(&self, book: BookId) -> ServiceResult<(i64, i64)> {
        let mut tx = self.db.begin_read().await?;
        let free = read::balance(&mut tx, book, chart::time_pool().as_str(), Commodity::MIN).await?;
        let held = read::balance(&mut tx, book, chart::time_held().as_str(), Commodity::MIN).await?;
        Ok((-free, -held))
    }
}

/// Somebody, in full for whoever has a part in it.
pub(super) async fn someone(
    tx: &mut Tx,
    book: BookId,
    id: PersonId,
    (day, whole): (crate::domain::time::Day, bool),
) -> ServiceResult<Someone> {
    let found = person::by_id(tx, book, id).await?.ok_or(ServiceError::NotFound("person"))?;
    let home = match home_of(tx, book, id, day).await?.filter(|_| whole) {
        Some(home) => household::by_id(tx, book, home).await?.map_or_else(String::new, |h| h.no.to_string()),
        None => String::new(),
    };
    let volunteer = people::one(tx, book, id).await?.filter(|row| row.left_on.is_none()).map(|row| row.no);
    let masked = |name: &str| Name::parse(name).map_or_else(|_| "*".to_owned(), |name| name.masked());
    let name = if whole { found.name } else { masked(&found.name) };
    Ok(Someone { id, no: found.no, name, home, volunteer })
}

/// The household's number, or the name of whoever of the staff it was; nobody's when the clock did it.
async fn actor_name(tx: &mut Tx, book: BookId, actor: &str) -> ServiceResult<String> {
    match actor.parse() {
        Ok(Actor::Household(id)) => {
            Ok(household::by_id(tx, book, id).await?.map_or_else(String::new, |home| home.no.to_string()))
        }
        Ok(Actor::System) => Ok(String::new()),
        _ => explain::name(tx, actor).await,
    }
}

async fn happenings(tx: &mut Tx, book: BookId, id: TimeOrderId) -> ServiceResult<Vec<Happening>> {
    let notes = note::of_order(tx, book, id).await?;
    let mut out = Vec::new();
    for event in event::of(tx, book, id.0).await? {
        let words = notes.iter().find(|(of, _)| *of == event.id).map_or_else(String::new, |(_, w)| w.clone());
        let by = actor_name(tx, book, &event.actor).await?;
        out.push(Happening { at: event.at, verb: event.verb, by, words });
    }
    Ok(out)
}

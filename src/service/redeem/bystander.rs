//! Who stands beside the household at the counter: a witness where nothing could be shown, a second person where it is the
//! shopkeeper's own household or kin, a helper who fetches for it. Each says who they are with a PIN or a sign-in code of
//! their own, is nobody of the shopkeeper's household or kin, and stands on the receipt. One person who comes for many
//! households is noticed, never stopped.

use std::fmt;

use super::{Credential, Desk, Known, ServiceError, ServiceResult, Shopkeeper, refuse};
use crate::{
    domain::{
        book::MeterUse,
        bystander::{
            BEARER_HOUSEHOLDS, BEARER_SECONDS, NothingShown, Part, Recused, WITNESSED_DAY_MAX,
            WITNESSED_MONTH_TIMES, households_of_bearer,
        },
        code::{Scanned, classify},
        household::{HouseholdState, household_on},
        ids::{AlertId, BookId, CounterId, HouseholdId, OrderId},
        time::{Day, Period, Timestamp},
    },
    service::{
        Actor,
        caller::Staff,
        login::fold_login_name,
        recusal::{self, Ties},
        rehearsal,
    },
    store::{
        StoreError, StoreResult, Tx, WriteTx,
        bearer::{self, AlertRow},
        bystander::{self as rows, BystanderRow},
        helper::{self, HelperRow},
        household, login, person, redemption,
    },
};

/// Somebody beside the household, as a form or a program says it.
#[derive(Clone, PartialEq, Eq)]
pub struct Bystander {
    /// What they are there for.
    pub part: Part,
    /// Their household's number or card, or the name they sign in with.
    pub who: String,
    /// The PIN of their household, or the present code of their sign-in.
    pub secret: String,
    /// Why the household can show nothing; of a witness.
    pub reason: Option<NothingShown>,
}

impl fmt::Debug for Bystander {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bystander({} {})", self.part, self.who)
    }
}

/// Somebody beside the household whom the register or the list of sign-ins knows; the secret is not checked yet.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) part: Part,
    pub(super) actor: Actor,
    pub(super) reason: Option<NothingShown>,
    staff: Option<Staff>,
}

/// Who stood beside a redemption, and whom the same person came for before.
#[derive(Debug, Clone, Default)]
pub(super) struct Stood {
    pub(super) part: Option<Part>,
    person: Option<Actor>,
    reason: Option<NothingShown>,
    recused: Option<Recused>,
    helper: Option<HelperRow>,
    same_as: Option<OrderId>,
    bearer: Option<String>,
    /// The redemption that a chain of one bearer began with.
    first: Option<(HouseholdId, Timestamp)>,
}

impl Desk {
    /// Who is meant. Nobody learns from the answer which names there are.
    pub(super) async fn named(&self, book: BookId, said: Option<&Bystander>) -> ServiceResult<Option<Named>> {
        let Some(said) = said else { return Ok(None) };
        if said.part == Part::Witness && said.reason.is_none() {
            return Err(refuse("witness_reason").into());
        }
        let unknown = || ServiceError::from(refuse("bystander_unknown"));
        let mut tx = self.db.begin_read().await?;
        let home = match classify(&said.who) {
            Scanned::HouseholdNo(no) => {
                Some(household::by_no(&mut tx, book, &no).await?.ok_or_else(unknown)?)
            }
            Scanned::CardQr(_) | Scanned::CardNumber(_) => {
                Some(self.known(&mut tx, book, &said.who, None).await?.home)
            }
            Scanned::PhoneCode(_) => return Err(unknown()),
            Scanned::Unknown => None,
        };
        let name = fold_login_name(&said.who);
        let user = match &home {
            Some(_) => None,
            None => Some(login::by_name(&mut tx, &name).await?.ok_or_else(unknown)?.id),
        };
        drop(tx);
        let (part, reason) = (said.part, said.reason.filter(|_| said.part == Part::Witness));
        let Some(user) = user else {
            let home =
                home.filter(|h| h.state().is_ok_and(HouseholdState::may_redeem)).ok_or_else(unknown)?;
            return Ok(Some(Named { part, actor: Actor::Household(home.id), reason, staff: None }));
        };
        let who = self.staff_sign_in(user).await?.ok_or_else(unknown)?;
        let staff = self.staff_for(&who, book).await?.ok_or_else(unknown)?;
        recusal::known(&staff)?;
        Ok(Some(Named { part, actor: Actor::User(user), reason, staff: Some(staff) }))
    }

    /// Whether this household may redeem here, and who stands beside it.
    pub(super) async fn stood(
        &self,
        tx: &mut Tx,
        by: &Shopkeeper,
        known: &Known,
        named: Option<&Named>,
        same_as: Option<OrderId>,
    ) -> ServiceResult<Stood> {
        let recused = self.recused(tx, by, known).await?;
        if recused.is_some() && named.is_none_or(|n| n.part == Part::Helper) {
            return Err(refuse("second_needed").into());
        }
        let mut stood = Stood { recused, same_as, ..Stood::default() };
        if let Some(earlier) = same_as {
            let before = redemption::by_id(tx, by.book, earlier).await?;
            let before = before.filter(|row| row.cashier == by.actor().to_string());
            before.ok_or(ServiceError::NotFound("redemption"))?;
            let chain = rows::of(tx, by.book, earlier).await?.and_then(|row| row.bearer);
            stood.bearer = Some(chain.unwrap_or_else(|| format!("same:{earlier}")));
        }
        if let Some(named) = named {
            self.check_bystander(tx, by, known.home.id, named).await?;
            (stood.part, stood.person, stood.reason) = (Some(named.part), Some(named.actor), named.reason);
            if named.part == Part::Helper {
                let helper = self.helping(tx, by.book, known, named).await?;
                stood.bearer = Some(format!("helper:{}", helper.person_id));
                stood.helper = Some(helper);
            }
            if named.part == Part::Witness {
                stood.bearer = Some(format!("witness:{}", named.actor));
            }
        }
        let root =
            stood.bearer.as_deref().and_then(|b| b.strip_prefix("same:")).and_then(|id| id.parse().ok());
        if let Some(root) = root
            && let Some(row) = redemption::by_id(tx, by.book, root).await?
        {
            stood.first = Some((row.household_id, row.placed_at));
        }
        Ok(stood)
    }

    /// What the shopkeeper is to a household that may redeem.
    pub(super) async fn recused(
        &self,
        tx: &mut Tx,
        by: &Shopkeeper,
        known: &Known,
    ) -> ServiceResult<Option<Recused>> {
        if !known.home.state()?.may_redeem() {
            return Err(refuse("household_frozen").with("household", &known.home.no).into());
        }
        recusal::known(by)?;
        let bar = Ties::of(tx, by.book, by.person).await?.bar(known.home.id, &[self.today()]);
        Ok(bar.and_then(|refusal| refusal.code.parse().ok()))
    }

    /// Somebody else, not of the household served, and nobody of the shopkeeper's household or kin.
    async fn check_bystander(
        &self,
        tx: &mut Tx,
        by: &Shopkeeper,
        served: HouseholdId,
        named: &Named,
    ) -> ServiceResult<()> {
        let ties = Ties::of(tx, by.book, by.person).await?;
        let today = self.today();
        let home = match (&named.staff, named.actor) {
            (Some(staff), _) => {
                if by.selves().are(&staff.actor().to_string())
                    || by.person.is_some_and(|p| staff.person == Some(p))
                {
                    return Err(refuse("bystander_is_shopkeeper").into());
                }
                match staff.person {
                    Some(own) => household_on(&person::memberships(tx, by.book, own).await?, own, today),
                    None => None,
                }
            }
            (None, Actor::Household(home)) => Some(home),
            (None, _) => None,
        };
        match home {
            Some(home) if home == served => Err(refuse("bystander_of_household").into()),
            Some(home) if ties.bar(home, &[today]).is_some() => Err(refuse("bystander_of_shopkeeper").into()),
            _ => Ok(()),
        }
    }

    /// The agreement by which somebody fetches for a household.
    async fn helping(
        &self,
        tx: &mut Tx,
        book: BookId,
        known: &Known,
        named: &Named,
    ) -> ServiceResult<HelperRow> {
        let today = self.today();
        let agreed = helper::of_household(tx, book, known.home.id).await?;
        for row in agreed.into_iter().filter(HelperRow::is_active) {
            let theirs = match named.actor {
                Actor::Household(home) => {
                    let all = person::memberships(tx, book, row.person_id).await?;
                    household_on(&all, row.person_id, today) == Some(home)
                }
                _ => named.staff.as_ref().is_some_and(|staff| staff.person == Some(row.person_id)),
            };
            if theirs {
                return Ok(row);
            }
        }
        Err(refuse("not_a_helper").with("household", &known.home.no).into())
    }

    /// The PIN or code of whoever stands beside. A dry run takes any for the right one.
    pub(super) async fn check_secret(
        &self,
        book: BookId,
        named: &Named,
        said: Option<&Bystander>,
    ) -> ServiceResult<()> {
        let secret = said.map_or("", |s| s.secret.trim());
        match named.actor {
            _ if rehearsal::is_on() => Ok(()),
            Actor::Household(home) => self.check_pin(book, home, secret).await,
            Actor::User(user) => self.check_code(user, secret).await,
            Actor::Unnamed | Actor::System => Err(refuse("bystander_unknown").into()),
        }
    }
}

impl Stood {
    /// What the command says besides what was asked for: see [`super::prior`].
    pub(super) fn derived(&self) -> Vec<(&'static str, String)> {
        let recused = self.recused.map(|r| ("recused", r.to_string()));
        let helper = self.helper.as_ref().map(|h| ("helper", h.id.to_string()));
        recused.into_iter().chain(helper).collect()
    }

    /// What is counted because of them.
    pub(super) fn meters(&self, known: &Known, today: Day, points: i64) -> Vec<MeterUse> {
        let no = known.home.no.as_str();
        let mut out = Vec::new();
        if self.part == Some(Part::Witness) && known.credential == Credential::Number {
            let month = today.period(Period::Month).0;
            out.push(MeterUse::capped(format!("witness:{no}:{today}"), points, WITNESSED_DAY_MAX));
            out.push(MeterUse::capped(format!("witnessed:{no}:{month}"), 1, WITNESSED_MONTH_TIMES));
        }
        if let Some(helper) = &self.helper {
            out.push(MeterUse::capped(format!("helper:{no}:{today}"), points, helper.day_max));
        }
        out
    }

    /// Writes it with the posting, and notices a bearer of many.
    pub(super) async fn write(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        (redemption, household, counter): (OrderId, HouseholdId, CounterId),
        (at, alert): (Timestamp, AlertId),
    ) -> StoreResult<()> {
        if self.part.is_none() && self.same_as.is_none() && self.recused.is_none() {
            return Ok(());
        }
        // ended between our look and the posting
        if let Some(helper) = &self.helper
            && !helper::in_force(tx, book, helper.id).await?
        {
            return Err(StoreError::RowsAffected { expected: 1, actual: 0 });
        }
        let row = BystanderRow {
            redemption_id: redemption,
            household_id: household,
            part: self.part.map(|p| p.to_string()),
            person: self.person.map(|p| p.to_string()),
            reason: self.reason.map(|r| r.to_string()),
            recused: self.recused.map(|r| r.to_string()),
            helper_id: self.helper.as_ref().map(|h| h.id),
            same_as: self.same_as,
            bearer: self.bearer.clone(),
            placed_at: at,
        };
        rows::add(tx, book, &row).await?;
        let Some(who) = &self.bearer else { return Ok(()) };
        let since = at.plus_seconds(-BEARER_SECONDS);
        let mut served = rows::served(tx, book, who, since).await?;
        served.extend(self.first);
        let homes = households_of_bearer(&served, at);
        if homes < BEARER_HOUSEHOLDS || bearer::since(tx, book, who, since).await? > 0 {
            return Ok(());
        }
        let alert = AlertRow {
            id: alert,
            bearer: who.clone(),
            counter_id: counter,
            redemption_id: redemption,
            raised_at: at,
            households: i64::try_from(homes).unwrap_or(i64::MAX),
            state: "open".to_owned(),
            reviewed_at: None,
            reviewed_by: None,
            note: None,
        };
        bearer::add(tx, book, &alert).await
    }
}

//! Points put aside (冻结) for a reason, at a counter, until a day: placed by the clerk on a household's word, taken at
//! the counter wholly or in part, given back before or after. A hold whose day is over is released by a posting of its
//! own; where it stands is found in the log, so nothing can forget it.

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;

use super::{
    Actor, Desk, Effect, Receipt, ServiceError, ServiceResult,
    award::required,
    books::{Order, facts, path},
    caller::{Clerk, Resident, Role, Shopkeeper, Staff},
    error::causes,
    recusal, refuse, shops,
    sweep::is_closed,
};
use crate::{
    domain::{
        amount,
        book::{Command, Posted, TxnKind},
        chart::{self, AccountKind, kind_of},
        household::HouseholdNo,
        ids::{BookId, CounterId, HouseholdId},
        posting::{Commodity, Line},
        time::{Day, Timestamp},
    },
    store::{
        StoreResult, Tx, WriteTx, counter,
        hold::{self as rows, HoldRow},
        household,
        ledger::read::{self, EntryRow},
        private_text, redemption,
        serial::{self, Series},
    },
};

/// How many days a hold lasts unless somebody says otherwise.
pub const HOLD_DAYS: i32 = 7;
/// How many days it may last.
pub const HOLD_DAYS_MAX: i32 = 90;
/// Holds that a list shows, and that one read of the sweep takes.
const HOLDS_PAGE: i64 = 500;

/// A hold to be placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHold {
    /// Whose points.
    pub household: HouseholdId,
    /// Where they may be taken.
    pub counter: CounterId,
    /// How many, in hundredths.
    pub points: i64,
    /// The last day on which they may be taken; [`HOLD_DAYS`] from today when left out.
    pub until: Option<Day>,
    /// What for.
    pub reason: String,
}

/// An open hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Its place in the book.
    pub seq: i64,
    /// When it was placed.
    pub at: Timestamp,
    /// The household's number.
    pub household: String,
    /// The counter's code.
    pub counter: String,
    /// How many points, in hundredths.
    pub points: i64,
    /// The last day on which they may be taken.
    pub until: Day,
    /// What for; nothing when it was erased.
    pub reason: Option<String>,
}

impl Hold {
    fn read(row: &HoldRow) -> Option<Self> {
        let body: BTreeMap<String, String> = serde_json::from_str(&row.body).ok()?;
        Some(Self {
            seq: row.seq,
            at: row.recorded_at,
            household: body.get("household")?.clone(),
            counter: body.get("counter")?.clone(),
            points: body.get("points")?.parse().ok()?,
            until: body.get("until")?.parse().ok()?,
            reason: None,
        })
    }
}

/// What became of a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved {
    /// The hold.
    pub hold: i64,
    /// The transaction that resolved it.
    pub seq: i64,
    /// Points taken, in hundredths.
    pub taken: i64,
    /// Points given back.
    pub returned: i64,
}

impl Desk {
    /// Puts points of a household aside.
    pub async fn place_hold(&self, by: &Clerk, key: &str, new: &NewHold) -> ServiceResult<Hold> {
        let reason = required("reason", &new.reason)?;
        let until = new.until.unwrap_or_else(|| self.today().plus(HOLD_DAYS));
        let latest = self.today().plus(HOLD_DAYS_MAX);
        if until < self.today() || until > latest {
            return Err(refuse("hold_until").with("until", until).with("latest", latest).into());
        }
        if new.points <= 0 {
            return Err(refuse("quantity_out_of_range").with("field", "points").into());
        }
        let mut tx = self.db.begin_read().await?;
        let home = household::by_id(&mut tx, by.book, new.household).await?;
        let home = home.ok_or(ServiceError::NotFound("household"))?;
        let counter = counter::by_id(&mut tx, by.book, new.counter).await?;
        let counter = counter.ok_or(ServiceError::NotFound("counter"))?;
        shops::of_the_village(&mut tx, by.book, counter.id).await?;
        recusal::check(&mut tx, by, home.id, self.today()).await?;
        drop(tx);
        let hold = Hold {
            seq: 0,
            at: self.now(),
            household: home.no.to_string(),
            counter: counter.code,
            points: new.points,
            until,
            reason: Some(reason.to_owned()),
        };
        let mut command = self.hold_command(by.actor(), key, &hold)?;
        command.private = self.private("reason", reason);
        let open = Open { book: by.book, household: home.id, counter: counter.id };
        let receipt = self.posted(by.book, command, vec![Box::new(open)]).await.map_err(in_points)?;
        Ok(Hold { seq: receipt.seq, at: receipt.posted.map_or(hold.at, |p| p.recorded_at), ..hold })
    }

    fn hold_command(&self, by: Actor, key: &str, hold: &Hold) -> ServiceResult<Command> {
        let lines = vec![
            Line::new(path(chart::household_available(&hold.household))?, Commodity::point(), hold.points),
            Line::new(path(chart::household_held(&hold.household))?, Commodity::point(), -hold.points),
        ];
        let body = facts([
            ("household", hold.household.clone()),
            ("counter", hold.counter.clone()),
            ("points", hold.points.to_string()),
            ("until", hold.until.to_string()),
        ]);
        let order = Order { key, kind: TxnKind::Hold, effective_on: self.today(), source: None, body };
        self.command(&by, order, lines)
    }

    /// Takes what was put aside, or `points` of it: the rest goes back in the same posting.
    pub async fn capture_hold(
        &self,
        by: &Shopkeeper,
        key: &str,
        seq: i64,
        points: Option<i64>,
    ) -> ServiceResult<Resolved> {
        let mut tx = self.db.begin_read().await?;
        let (hold, entries) = placed(&mut tx, by.book, seq).await?;
        let mine = counter::of_keeper(&mut tx, by.book, by.user).await?;
        let Some(at) = mine.iter().find(|c| c.code == hold.counter) else {
            return Err(refuse("not_your_counter").with("counter", &hold.counter).into());
        };
        shops::of_the_village(&mut tx, by.book, at.id).await?;
        let household = household::by_no(&mut tx, by.book, &number(&hold.household)?).await?;
        let household = household.ok_or(ServiceError::NotFound("household"))?;
        recusal::check(&mut tx, by, household.id, self.today()).await?;
        // its day is over though nothing gave it back yet; what was resolved is the ledger's to answer
        if hold.until < self.today() && read::resolved_by(&mut tx, by.book, seq).await?.is_none() {
            return Err(refuse("hold_over").with("until", hold.until).into());
        }
        drop(tx);
        let taken = points.unwrap_or(hold.points);
        if taken <= 0 || taken > hold.points {
            return Err(refuse("hold_amount").with("held", amount::points(hold.points)).into());
        }
        let mut lines: Vec<Line> = Vec::with_capacity(entries.len() + 1);
        lines.push(Line::new(path(chart::household_held(&hold.household))?, Commodity::point(), hold.points));
        lines.push(Line::new(path(chart::redeemed(&hold.counter))?, Commodity::point(), -taken));
        if taken < hold.points {
            let available = path(chart::household_available(&hold.household))?;
            lines.push(Line::new(available, Commodity::point(), taken - hold.points));
        }
        let order = Order {
            key,
            kind: TxnKind::Capture,
            effective_on: self.today(),
            source: None,
            body: facts([("hold", seq.to_string()), ("points", taken.to_string())]),
        };
        let mut command = self.command(&by.actor(), order, lines)?;
        command.resolves = Some(seq);
        let receipt = self.posted(by.book, command, Vec::new()).await?;
        Ok(Resolved { hold: seq, seq: receipt.seq, taken, returned: hold.points - taken })
    }

    /// Gives back what was put aside: the clerk may, and who stands at its counter.
    pub async fn release_hold(&self, by: &Staff, key: &str, seq: i64) -> ServiceResult<Resolved> {
        let mut tx = self.db.begin_read().await?;
        let (hold, entries) = placed(&mut tx, by.book, seq).await?;
        if !by.holds(Role::Clerk) {
            let mine = counter::of_keeper(&mut tx, by.book, by.user).await?;
            if !by.holds(Role::Shopkeeper) || !mine.iter().any(|c| c.code == hold.counter) {
                return Err(ServiceError::NotAllowed);
            }
        }
        drop(tx);
        let receipt = self.release(by.book, by.actor(), key, seq, &entries, Vec::new()).await?;
        Ok(Resolved { hold: seq, seq: receipt.seq, taken: 0, returned: hold.points })
    }

    /// Gives back what a hold put aside, with the rows that go with it.
    pub(in crate::service) async fn release(
        &self,
        book: BookId,
        by: Actor,
        key: &str,
        seq: i64,
        entries: &[EntryRow],
        effects: Vec<Box<dyn Effect>>,
    ) -> ServiceResult<Receipt> {
        let lines = entries.iter().map(super::reversal::mirrored).collect::<StoreResult<Vec<_>>>()?;
        let order = Order {
            key,
            kind: TxnKind::Release,
            effective_on: self.today(),
            source: None,
            body: facts([("hold", seq.to_string())]),
        };
        let mut command = self.command(&by, order, lines)?;
        command.resolves = Some(seq);
        self.posted(book, command, effects).await
    }

    /// Open holds of a village, or of one of its counters, in the order in which they were placed: for its clerk, its
    /// auditors, and who stands at the counter.
    pub async fn open_holds(&self, by: &Staff, counter: Option<CounterId>) -> ServiceResult<Vec<Hold>> {
        let mut tx = self.db.begin_read().await?;
        let reads = [Role::Clerk, Role::Auditor, Role::Township].into_iter().any(|role| by.holds(role));
        let counters = if reads {
            counter::list(&mut tx, by.book).await?
        } else {
            counter::of_keeper(&mut tx, by.book, by.user).await?
        };
        let mut codes: Vec<String> = Vec::new();
        match counter {
            Some(id) => {
                let one = counters.into_iter().find(|c| c.id == id);
                codes.push(one.ok_or(ServiceError::NotFound("counter"))?.code);
            }
            None if reads => {}
            None => codes.extend(counters.into_iter().map(|c| c.code)),
        }
        let any = reads && counter.is_none();
        let (mut out, mut after) = (Vec::new(), 0);
        loop {
            let page = rows::open(&mut tx, by.book, after, HOLDS_PAGE).await?;
            let Some(last) = page.last() else { return Ok(out) };
            after = last.seq;
            for row in page {
                if let Some(hold) = view(&mut tx, by.book, &row).await?
                    && (any || codes.contains(&hold.counter))
                {
                    out.push(hold);
                }
            }
        }
    }

    /// Open holds of the signed-in household.
    pub async fn own_holds(&self, by: &Resident) -> ServiceResult<Vec<Hold>> {
        let mut tx = self.db.begin_read().await?;
        let home = household::by_id(&mut tx, by.book, by.household).await?;
        let home = home.ok_or(ServiceError::NotFound("household"))?;
        of_household(&mut tx, by.book, home.no.as_str()).await
    }

    /// Releases the holds of `book` whose day is over, once a day, however often it is asked; how many now. May die at
    /// any point and run again, here and elsewhere at once: the key of each release is its hold's.
    pub async fn release_due_holds(&self, book: BookId) -> ServiceResult<usize> {
        let today = self.today();
        let mut tx = self.db.begin_read().await?;
        let swept = serial::last(&mut tx, book, Series::HoldSweep).await?;
        if swept >= i64::from(today.number()) || is_closed(&mut tx, book, today).await? {
            return Ok(0);
        }
        let (mut due, mut after) = (Vec::new(), 0);
        loop {
            let page = rows::open(&mut tx, book, after, HOLDS_PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            let over = |row: &HoldRow| Hold::read(row).is_some_and(|hold| hold.until < today);
            due.extend(page.into_iter().filter(over).map(|row| (row.seq, row.source)));
        }
        let (mut released, mut left) = (0, 0);
        for (seq, source) in due {
            let entries = read::entries(&mut tx, book, seq - 1, seq).await?;
            let (key, order) =
                (format!("hold-timeout:{seq}"), self.lapsing_order(book, seq, source.as_deref()));
            match self.release(book, Actor::System, &key, seq, &entries, order).await {
                Ok(_) => released += 1,
                // taken or given back a moment ago: there is nothing left to release
                Err(ServiceError::Refused(refusal)) if refusal.code == "already_resolved" => {}
                Err(error) => {
                    tracing::error!(seq, error = %causes(&error), "a hold whose day is over was not released");
                    left += 1;
                }
            }
        }
        drop(tx);
        if left == 0 {
            self.mark_swept(book, Series::HoldSweep, swept, today).await?;
        }
        Ok(released)
    }
}

/// Open holds of a household.
pub(super) async fn of_household(tx: &mut Tx, book: BookId, no: &str) -> ServiceResult<Vec<Hold>> {
    let account = path(chart::household_held(no))?;
    let mut out = Vec::new();
    for row in rows::open_on(tx, book, account.as_str()).await? {
        out.extend(view(tx, book, &row).await?);
    }
    Ok(out)
}

async fn view(tx: &mut Tx, book: BookId, row: &HoldRow) -> ServiceResult<Option<Hold>> {
    let Some(mut hold) = Hold::read(row) else { return Ok(None) };
    let texts = private_text::of_key(tx, book, &row.key).await?;
    hold.reason = texts.into_iter().find(|text| text.name == "reason").and_then(|text| text.content);
    Ok(Some(hold))
}

/// A hold of points alone, resolved or not, with its lines.
async fn placed(tx: &mut Tx, book: BookId, seq: i64) -> ServiceResult<(Hold, Vec<EntryRow>)> {
    let txn = read::txn(tx, book, seq).await?.filter(|txn| txn.kind == TxnKind::Hold.as_str());
    let txn = txn.ok_or(ServiceError::NotFound("hold"))?;
    let entries = read::entries(tx, book, seq - 1, seq).await?;
    let of_points = |e: &EntryRow| {
        let kind = e.path.parse().ok().as_ref().and_then(kind_of);
        matches!(kind, Some(AccountKind::Available | AccountKind::Held))
    };
    let row = HoldRow {
        seq,
        key: txn.key,
        recorded_at: txn.recorded_at,
        actor: txn.actor,
        source: txn.source,
        body: txn.body,
    };
    // what an order put aside is resolved by the order
    let hold = Hold::read(&row).filter(|_| entries.iter().all(of_points) && row.source.is_none());
    Ok((hold.ok_or(ServiceError::NotFound("hold"))?, entries))
}

fn number(no: &str) -> ServiceResult<HouseholdNo> {
    no.parse().map_err(|_| refuse("invalid_number").with("number", no).into())
}

/// The figures of a shortage as people read them.
fn in_points(error: ServiceError) -> ServiceError {
    let ServiceError::Refused(mut refusal) = error else { return error };
    if refusal.code == "insufficient_points" {
        for name in ["needed", "available"] {
            if let Some(minor) = refusal.facts.get(name).and_then(|text| text.parse().ok()) {
                refusal.facts.insert(name.to_owned(), amount::points(minor));
            }
        }
    }
    refusal.into()
}

/// Whether household and counter are still open, in the posting's transaction.
struct Open {
    book: BookId,
    household: HouseholdId,
    counter: CounterId,
}

impl Effect for Open {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, _: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        Box::pin(redemption::guard(tx, self.book, self.household, self.counter, None))
    }
}

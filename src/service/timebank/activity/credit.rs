//! Hours of a signed list into the accounts: one balanced transaction a person, each once. Every one carries the digest of
//! the whole paper, so that whoever changes a line of it changes what the log says.

use std::collections::{BTreeMap, HashMap};

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    super::{post::saved, rows as orders},
    BookId, Desk, PersonId, PlaceRow, PresenceRow, ServiceError, ServiceResult, TimeActivityId, locked,
    number_of, place, refuse, rows, shipped, times_of,
};
use crate::{
    domain::{
        book::{Command, MeterUse, Posted, TxnKind},
        canonical::{Encoder, hex},
        chart,
        posting::{Commodity, Line, Path},
        time::Day,
        timebank::{
            activity::{self as rules, ActivityState, Outcome},
            drawing::{Deposit, deposit},
            interval::Interval,
            order::OrderState,
            policy::{Brim, Counting, Hand, Policy},
        },
    },
    service::{
        Actor, Effect,
        books::{Order, facts, path},
        caller::{CountyAdmin, Township},
    },
    store::{
        StoreError, StoreResult, Tx, WriteTx, event,
        ledger::read,
        timebank::{activity::ActivityRow, volunteer as people},
    },
};
use sha2::{Digest, Sha256};

/// Lines that one pass posts.
const LINES_PAGE: i64 = 1_000;

/// An activity with its list, as it is posted.
struct Paper {
    row: ActivityRow,
    policy: Policy,
    times: Vec<PresenceRow>,
    digest: String,
}

/// The digest of a signed list: everything on it that stays.
pub(in crate::service) fn digest(a: &ActivityRow, lines: &[PlaceRow], times: &[PresenceRow]) -> String {
    let mut e = Encoder::new("greencoin activity list v1");
    e.bytes(a.id.0.as_bytes()).integer(a.no).text(&a.name).text(&a.content).text(&a.kind).text(&a.place);
    e.integer(a.starts_at.micros()).integer(a.ends_at.micros());
    for number in [a.capacity, a.least_age, a.insured, a.trained, a.late] {
        e.integer(number.into());
    }
    e.bytes(a.in_charge.0.as_bytes()).text(&a.policy).text(&a.key).text(&a.posted_by).text(&a.reason);
    e.integer(a.posted_at.micros()).optional_integer(a.approved_at.map(|at| at.micros()));
    e.optional_text(a.approved_by.as_deref()).optional_integer(a.closed_at.map(|at| at.micros()));
    e.optional_text(a.closed_by.as_deref()).optional_text(a.sheet.as_deref()).optional_integer(a.seed_seq);
    e.optional_integer(a.signed_at.map(|at| at.micros())).optional_text(a.signed_by.as_deref());
    e.list(lines.len());
    for l in lines {
        e.integer(l.place.into()).bytes(l.person_id.0.as_bytes()).integer(l.minor.into());
        e.integer(l.asked_at.micros()).text(&l.asked_by);
        e.optional_integer(l.ended_at.map(|at| at.micros())).optional_text(l.ended_by.as_deref());
        e.integer(l.guardian.into()).optional_text(l.guardian_by.as_deref()).integer(l.drawn.into());
        e.optional_integer(l.seen.map(Into::into)).optional_text(l.seen_by.as_deref());
        e.optional_text(l.outcome.as_deref()).integer(l.counted.into());
    }
    e.list(times.len());
    for t in times {
        e.bytes(t.person_id.0.as_bytes()).integer(t.pair.into()).integer(t.in_at.micros());
        e.text(&t.in_means).text(&t.in_by).optional_integer(t.out_at.map(|at| at.micros()));
        e.optional_text(t.out_means.as_deref()).optional_text(t.out_by.as_deref());
    }
    hex(&Sha256::digest(e.finish()))
}

impl Desk {
    /// Posts what counts of a signed list and is not posted yet; how many lines now.
    pub(super) async fn post_activity_lines(&self, book: BookId, id: TimeActivityId) -> ServiceResult<usize> {
        let mut tx = self.db.begin_read().await?;
        let lines = place::of_activity(&mut tx, book, id).await?;
        drop(tx);
        let due =
            |l: &PlaceRow| l.post_seq.is_none() && l.outcome.as_deref() == Some(Outcome::Counts.as_str());
        let due: Vec<PlaceRow> = lines.into_iter().filter(due).collect();
        self.post_lines(book, due).await
    }

    /// Posts what counts of all signed lists and waited; how many lines now.
    pub async fn post_activity_hours(&self, book: BookId) -> ServiceResult<usize> {
        let mut tx = self.db.begin_read().await?;
        let due = place::unposted(&mut tx, book, LINES_PAGE).await?;
        drop(tx);
        self.post_lines(book, due).await
    }

    async fn post_lines(&self, book: BookId, due: Vec<PlaceRow>) -> ServiceResult<usize> {
        let mut papers: HashMap<TimeActivityId, Paper> = HashMap::new();
        let mut posted = 0;
        for line in due {
            if !papers.contains_key(&line.activity_id) {
                papers.insert(line.activity_id, self.paper(book, line.activity_id).await?);
            }
            let Some(paper) = papers.get(&line.activity_id) else { continue };
            match self.post_list_line(book, paper, line).await {
                Ok(()) => posted += 1,
                // it waits for a higher hand, or for a word about the brim
                Err(ServiceError::Refused(refusal)) => {
                    tracing::info!(activity = paper.row.no, code = refusal.code, "hours of a list wait");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(posted)
    }

    async fn paper(&self, book: BookId, id: TimeActivityId) -> ServiceResult<Paper> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("time_activity"))?;
        let lines = place::of_activity(&mut tx, book, id).await?;
        let times = place::times(&mut tx, book, id).await?;
        let digest = digest(&row, &lines, &times);
        Ok(Paper { policy: shipped(&row.policy)?, row, times, digest })
    }

    async fn post_list_line(&self, book: BookId, paper: &Paper, line: PlaceRow) -> ServiceResult<()> {
        let mut tx = self.db.begin_read().await?;
        let no = number_of(&mut tx, book, line.person_id).await?;
        let (deposit, brim) = self.ready(&mut tx, book, paper, (&line, &no)).await?;
        drop(tx);
        let accounts = [path(chart::person_time(&no))?, path(chart::person_time_held(&no))?];
        let command = self.list_line_command(paper, &line, (&no, &accounts), (deposit, brim))?;
        let cap = paper.policy.saving.cap.filter(|_| deposit.saved > 0);
        let effect = LinePosted { book, line, accounts, cap };
        self.posted(book, command, vec![Box::new(effect)]).await.map(drop)
    }

    fn list_line_command(
        &self,
        paper: &Paper,
        line: &PlaceRow,
        (no, [account, _]): (&str, &[Path; 2]),
        (deposit, to_pool): (Deposit, bool),
    ) -> ServiceResult<Command> {
        let minutes = i64::from(line.counted);
        let over = deposit.over.map_or(0, |(_, minutes)| minutes);
        let beyond = if to_pool { chart::time_pool() } else { chart::time_honor() };
        let mut lines = vec![Line::new(chart::time_service(), Commodity::min(), minutes)];
        for (account, minutes) in [(account.clone(), deposit.saved), (beyond, over)] {
            if minutes > 0 {
                lines.push(Line::new(account, Commodity::min(), -minutes));
            }
        }
        let source = format!("time_activity:{}", paper.row.id);
        let order = Order {
            key: &format!("time-activity:{}:{}", paper.row.id, line.place),
            kind: TxnKind::TimeService,
            effective_on: self.today(),
            source: Some(source.clone()),
            body: facts([
                ("activity", paper.row.no.to_string()),
                ("volunteer", no.to_owned()),
                ("minutes", minutes.to_string()),
                ("paper", paper.digest.clone()),
            ]),
        };
        let mut command = self.command(&Actor::System, order, lines)?;
        command.rule = Some(paper.row.policy.clone());
        command.meters.push(MeterUse::once(&format!("{source}:{}", line.place)));
        Ok(command)
    }

    /// Where the minutes of a line go, if nothing but the ledger stands between them and the account.
    async fn ready(
        &self,
        tx: &mut Tx,
        book: BookId,
        paper: &Paper,
        (line, no): (&PlaceRow, &str),
    ) -> ServiceResult<(Deposit, bool)> {
        let given = match line.hand.as_deref() {
            Some("county") => Hand::County,
            Some(_) => Hand::Parent,
            None => Hand::Own,
        };
        let counting = &paper.policy.counting;
        let own = times_of(&paper.times, line.person_id);
        let pairs: Vec<Interval> =
            own.iter().filter_map(|p| Interval::new(p.in_at, p.out_at?).ok()).collect();
        for (day, minutes) in rules::by_day(counting, &pairs) {
            let total = minutes
                + by_orders(tx, book, line.person_id, day).await?
                + posted_on(tx, book, counting, (line.person_id, day)).await?;
            let needed = counting.hand(total);
            if minutes > 0 && needed > given {
                let code = if needed == Hand::County { "time_needs_county" } else { "time_needs_township" };
                return Err(refuse(code).with("minutes", total).with("day", day).into());
            }
        }
        let choice = people::one(tx, book, line.person_id).await?.and_then(|known| known.brim?.parse().ok());
        let has = saved(tx, book, no).await?;
        let deposit = deposit(&paper.policy.saving, has, line.counted.into(), choice)
            .map_err(|why| refuse("time_brim").with("minutes", why.over))?;
        let to_pool = matches!(deposit.over, Some((Brim::Donate, _)));
        Ok((deposit, to_pool))
    }

    /// Why a line of a signed list is not in the account yet; nothing when it is, or could be.
    pub(super) async fn line_held_up(
        &self,
        book: BookId,
        line: &PlaceRow,
    ) -> ServiceResult<Option<crate::service::Refusal>> {
        let paper = self.paper(book, line.activity_id).await?;
        let counts = line.outcome.as_deref() == Some(Outcome::Counts.as_str());
        if paper.row.state()? != ActivityState::Signed || !counts || line.post_seq.is_some() {
            return Ok(None);
        }
        let mut tx = self.db.begin_read().await?;
        let no = number_of(&mut tx, book, line.person_id).await?;
        match self.ready(&mut tx, book, &paper, (line, &no)).await {
            Err(ServiceError::Refused(refusal)) => Ok(Some(refusal)),
            Err(error) => Err(error),
            Ok(_) => Ok(None),
        }
    }

    /// The township answers for a long day of somebody on a signed list.
    pub async fn allow_activity_day(
        &self,
        by: &Township,
        id: TimeActivityId,
        who: PersonId,
    ) -> ServiceResult<()> {
        self.lend_hand((by.book, id), by.actor(), ("parent", who)).await
    }

    /// The county answers for a very long day of somebody on a signed list.
    pub async fn allow_very_long_activity_day(
        &self,
        by: &CountyAdmin,
        (book, id): (BookId, TimeActivityId),
        who: PersonId,
    ) -> ServiceResult<()> {
        self.lend_hand((book, id), Actor::User(by.user), ("county", who)).await
    }

    async fn lend_hand(
        &self,
        (book, id): (BookId, TimeActivityId),
        by: Actor,
        (hand, who): (&str, PersonId),
    ) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        let row = locked(&mut tx, book, id).await?;
        let state = row.state()?;
        if state != ActivityState::Signed {
            return Err(refuse("time_activity_moved_on").with("state", state).into());
        }
        let lines = place::of_activity(&mut tx, book, id).await?;
        let line = lines.into_iter().find(|l| l.person_id == who && l.counted > 0 && l.post_seq.is_none());
        let line = line.ok_or_else(|| refuse("time_activity_not_listed"))?;
        let line = PlaceRow { hand: Some(hand.to_owned()), hand_by: Some(by.to_string()), ..line };
        place::save(&mut tx, book, &line).await?;
        event::add(&mut tx, book, &self.activity_event(id, ("allow", Some(state), state), by)).await?;
        tx.commit().await?;
        self.post_lines(book, vec![line]).await.map(drop)
    }
}

/// Minutes of orders of somebody that are posted for a day.
async fn by_orders(tx: &mut Tx, book: BookId, who: PersonId, day: Day) -> StoreResult<i64> {
    let all = orders::of_volunteer(tx, book, who, (day.start(), day.plus(1).start())).await?;
    let posted = all.iter().filter(|o| o.state == OrderState::Posted.as_str());
    Ok(posted.map(|o| i64::from(o.counted)).sum())
}

/// Minutes of activities of somebody that are posted for a day.
pub(in crate::service::timebank) async fn posted_on(
    tx: &mut Tx,
    book: BookId,
    counting: &Counting,
    (who, day): (PersonId, Day),
) -> StoreResult<i64> {
    let times = place::posted_times(tx, book, who, (day.start(), day.plus(1).start())).await?;
    let mut by_activity: BTreeMap<TimeActivityId, Vec<Interval>> = BTreeMap::new();
    for one in times {
        let span = one.out_at.and_then(|out| Interval::new(one.in_at, out).ok());
        by_activity.entry(one.activity_id).or_default().extend(span);
    }
    let days = by_activity.values().map(|pairs| rules::by_day(counting, pairs).values().sum::<i64>());
    Ok(days.sum())
}

/// The line's side of its posting.
struct LinePosted {
    book: BookId,
    line: PlaceRow,
    accounts: [Path; 2],
    cap: Option<i64>,
}

impl Effect for LinePosted {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        async move {
            let mut sum = 0;
            for account in &self.accounts {
                sum -= read::balance(tx, self.book, account.as_str(), Commodity::MIN).await?;
            }
            // other hours came in between: what goes beyond the cap is another figure now
            if self.cap.is_some_and(|cap| sum > cap) {
                return Err(StoreError::RowsAffected { expected: 1, actual: 0 });
            }
            let line = PlaceRow { post_seq: Some(posted.seq), ..self.line.clone() };
            place::save(tx, self.book, &line).await
        }
        .boxed()
    }
}

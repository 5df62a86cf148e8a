//! Group activities behind their postings: the paper that every posting names is the list there is, each line comes to what
//! the times on record prove, the sample is the one the log draws, and nobody was in two places at once.

use std::collections::{BTreeMap, HashMap};

use super::{
    PAGE_ROWS, Pass, fault,
    ledger::{Page, Replay, Stored},
    maybe,
    papers::Moved,
    same,
};
use crate::{
    domain::{
        book::TxnKind,
        chart,
        ids::{BookId, PersonId, TimeActivityId},
        posting::Commodity,
        timebank::{
            activity::{ActivityState, Outcome},
            interval::{Interval, PAIR_HOURS_MAX},
            policy::Policies,
        },
    },
    service::timebank::activity::{
        close::{drawn_up, leaf, sampled},
        credit::digest,
    },
    store::{
        Tx, person,
        timebank::{
            activity::{self, ActivityRow},
            pair,
            place::{self, PlaceRow, PresenceRow},
        },
    },
};

const TABLE: &str = "time_activity";
const LINES: &str = "time_place";
const TIMES: &str = "time_presence";

/// What was met of activities so far.
pub(super) struct Activities {
    book: BookId,
    /// The transactions up to here came by an import: their activities are where they came from.
    imported: i64,
    known: HashMap<TimeActivityId, Known>,
    posted: i64,
}

/// An activity with its list and the digest of it.
struct Known {
    row: ActivityRow,
    lines: Vec<PlaceRow>,
    digest: String,
}

impl Activities {
    pub(super) fn begin(book: BookId, imported: i64) -> Self {
        Self { book, imported, known: HashMap::new(), posted: 0 }
    }

    /// Compares the lists behind one page of transactions.
    pub(super) async fn page(&mut self, tx: &mut Tx, replay: &Replay, page: &Page) -> Pass {
        let imported = self.imported;
        for stored in page.stored.iter().filter(|s| s.txn.seq > imported) {
            let source = stored.txn.source.as_deref().unwrap_or_default();
            let Some(id) = source.strip_prefix("time_activity:") else { continue };
            if stored.txn.kind.parse() == Ok(TxnKind::TimeService) {
                self.posted += 1;
                self.line(tx, stored, id, &Moved::by(replay, stored)).await?;
            }
        }
        Ok(())
    }

    async fn line(&mut self, tx: &mut Tx, stored: &Stored, id: &str, moved: &Moved) -> Pass {
        let (t, seq) = (&stored.txn, Some(stored.txn.seq));
        let missing = || fault(seq, TABLE, id, "id", t.source.clone().unwrap_or_default(), "-");
        let id: TimeActivityId = id.parse().map_err(|_| missing())?;
        if !self.known.contains_key(&id) {
            let row = activity::one(tx, self.book, id).await?.ok_or_else(missing)?;
            let lines = place::of_activity(tx, self.book, id).await?;
            let times = place::times(tx, self.book, id).await?;
            let digest = digest(&row, &lines, &times);
            self.known.insert(id, Known { row, lines, digest });
        }
        let known = self.known.get(&id).ok_or_else(missing)?;
        let no = known.row.no.to_string();
        let line = known.lines.iter().find(|line| line.post_seq == seq);
        let line = line.ok_or_else(|| fault(seq, LINES, &no, "post_seq", t.seq, "-"))?;
        let body: BTreeMap<String, String> = serde_json::from_str(&t.body).unwrap_or_default();
        let said = |name: &str| body.get(name).cloned().unwrap_or_default();
        let who = person::by_id(tx, self.book, line.person_id).await?.map(|found| found.no.to_string());
        let who = who.unwrap_or_else(|| "-".to_owned());
        same(seq, TABLE, &no, "no", said("activity"), no.clone())?;
        same(seq, TABLE, &no, "policy", maybe(t.rule.as_deref()), known.row.policy.clone())?;
        same(seq, LINES, &no, "person_id", said("volunteer"), who.clone())?;
        same(seq, LINES, &no, "counted", said("minutes"), line.counted.to_string())?;
        same(seq, TABLE, &no, "the signed list", said("paper"), known.digest.clone())?;
        let credits = [chart::person_time(&who), Ok(chart::time_honor()), Ok(chart::time_pool())];
        let got: i64 = credits.into_iter().map(|account| moved.credit(account, Commodity::MIN)).sum();
        same(seq, LINES, &no, "counted", got, i64::from(line.counted))
    }

    /// After the last transaction: no line claims more than the log, and every list is what its times prove.
    pub(super) async fn finish(&mut self, tx: &mut Tx) -> Pass {
        same(None, LINES, "", "post_seq", self.posted, place::posted(tx, self.book).await?)?;
        let mut after = 0;
        loop {
            let page = activity::all(tx, self.book, after, PAGE_ROWS).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.no;
            for row in page {
                self.list(tx, &row).await?;
            }
        }
    }

    async fn list(&self, tx: &mut Tx, row: &ActivityRow) -> Pass {
        let no = row.no.to_string();
        let lines = place::of_activity(tx, self.book, row.id).await?;
        let times = place::times(tx, self.book, row.id).await?;
        for by in [&row.approved_by, &row.signed_by].into_iter().flatten() {
            if *by == row.posted_by {
                return Err(fault(None, TABLE, &no, "signed_by", "another person", by));
            }
        }
        for one in &times {
            if !lines.iter().any(|line| line.person_id == one.person_id) {
                return Err(fault(None, TIMES, &no, "person_id", "somebody on the list", one.person_id));
            }
        }
        self.outcomes(tx, row, (&lines, &times)).await?;
        let mut who: Vec<PersonId> = times.iter().map(|one| one.person_id).collect();
        who.dedup();
        for person in who {
            self.apart(tx, &no, (row.id, person), &times).await?;
        }
        Ok(())
    }

    /// Every line came to what its times prove, and the sample is the one the log draws.
    async fn outcomes(
        &self,
        tx: &mut Tx,
        row: &ActivityRow,
        (lines, times): (&[PlaceRow], &[PresenceRow]),
    ) -> Pass {
        let no = row.no.to_string();
        let policy = Policies::shipped().by_code(&row.policy);
        let policy = policy.ok_or_else(|| fault(None, TABLE, &no, "policy", "a policy", &row.policy))?;
        let closed =
            matches!(row.state()?, ActivityState::Closed | ActivityState::Signed | ActivityState::Refused);
        let seed = leaf(tx, self.book, row.seed_seq.unwrap_or(0)).await?;
        let sample = if closed { sampled(policy, &seed, (row, lines), times) } else { None };
        same(None, TABLE, &no, "seed_seq", sample.is_some(), row.seed_seq.is_some())?;
        for (line, (outcome, minutes)) in lines.iter().zip(drawn_up(policy, row, lines, times)) {
            let name = format!("{no}/{}", line.place);
            let proven = closed.then(|| outcome.as_str().to_owned());
            same(None, LINES, &name, "outcome", maybe(proven), maybe(line.outcome.clone()))?;
            let counts = if closed { minutes } else { 0 };
            same(None, LINES, &name, "counted", counts, i64::from(line.counted))?;
            let drawn = sample.as_ref().is_some_and(|drawn| drawn.contains(&line.person_id));
            let there = !matches!(outcome, Outcome::Withdrew | Outcome::Waited);
            same(None, LINES, &name, "drawn", i32::from(drawn && there), line.drawn)?;
            let posts = row.state()? == ActivityState::Signed && outcome == Outcome::Counts;
            if line.post_seq.is_some() && !posts {
                return Err(fault(line.post_seq, LINES, &name, "post_seq", "a signed line that counts", "-"));
            }
        }
        Ok(())
    }

    /// Nobody was here and elsewhere at one time.
    async fn apart(
        &self,
        tx: &mut Tx,
        no: &str,
        (id, person): (TimeActivityId, PersonId),
        times: &[PresenceRow],
    ) -> Pass {
        let own = times.iter().filter(|one| one.person_id == person);
        let spans: Vec<(i32, Interval)> =
            own.filter_map(|one| Some((one.pair, Interval::new(one.in_at, one.out_at?).ok()?))).collect();
        for (pair, span) in &spans {
            let far = 2 * PAIR_HOURS_MAX * 3_600;
            let near = (span.from().plus_seconds(-far), span.until().plus_seconds(far));
            let mut others = Vec::new();
            for one in place::times_of(tx, self.book, person, near).await? {
                if (one.activity_id, one.pair) != (id, *pair) {
                    others.extend(one.out_at.and_then(|out| Interval::new(one.in_at, out).ok()));
                }
            }
            for one in pair::of_person(tx, self.book, person, near).await? {
                others.extend(one.out_at.and_then(|out| Interval::new(one.in_at, out).ok()));
            }
            if let Some(other) = others.iter().find(|other| other.overlaps(span)) {
                let name = format!("{no}/{pair}");
                return Err(fault(None, TIMES, &name, "in_at", "nowhere else then", other.from()));
            }
        }
        Ok(())
    }
}

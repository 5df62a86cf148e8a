//! The month-end of a prefecture: villages, each with a sheet whose lines have run out undisputed, posted by the job
//! that posts them: the same reads, the same commands, the award's new state and its event in the same transaction.
//! The sheets are laid into the database as they would lie there; how they came about is not measured.

use std::{path::Path, time::Instant};

use anyhow::{Context, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    Bench, postings,
    sheet::{Figure, HEAD, Row, Sheet},
};
use crate::{
    domain::{
        book::TxnKind,
        chart,
        due_process::{AwardState, ReviewStep},
        household::HouseholdNo,
        ids::{BookId, FundId, HouseholdId, NoticeId, OrgId},
        org::OrgKind,
        posting::{Commodity, Line},
        rule::Direction,
        time::Timestamp,
    },
    jobs,
    service::{
        Actor, Desk,
        books::{Order, facts},
    },
    store::{
        self, WriteTx,
        award::{AwardRow, moves},
        fund::FundRow,
        household::Household,
        notice::{NoticeRow, Publication},
        org::OrgRow,
        programme::ProgrammeRow,
    },
};

/// The rules every village follows.
const RULES: &str = include_str!("../../../rules/rural-village.toml");
/// Households of a village on average: handbook §2.4.
const HOUSEHOLDS: u32 = 1_155;
/// The lines of the largest month-end of one prefecture: handbook §2.4, Qujing mid.
const PREFECTURE_LINES: f64 = 2_340_000.0;
/// The fund the points are taken from.
const FUND: &str = "F1";
/// Points of a line, in hundredths.
const POINTS: i64 = 1_000;
/// How long ago the sheets ran out.
const AGO_SECONDS: i64 = 60;
/// Villages founded at once.
const AT_ONCE: usize = 4;

/// Lays out the villages, posts their lines and tells how long a prefecture would take.
pub(super) async fn measure(
    options: &Bench,
    sheet: &Sheet,
    folder: &Path,
    url: Option<&str>,
) -> anyhow::Result<()> {
    let desk = postings::desk(folder, url).await?;
    let set = desk.publish_ruleset(Actor::System, RULES).await?;
    let item =
        set.items.iter().find(|i| i.direction == Direction::Credit).context("a rule set of nothing")?;
    let (hash, item) = (set.hash().to_owned(), item.code.as_str().to_owned());
    stream::iter((1..=options.villages).map(|no| village(&desk, no, options.lines, &hash, &item)))
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<()>>()
        .await?;
    let started = Instant::now();
    let done = jobs::notices::pass(&desk).await?;
    let seconds = started.elapsed().as_secs_f64();
    let lines = usize::try_from(options.villages * options.lines)?;
    ensure!(done.posted == lines && done.left == 0, "{} of {lines} lines were posted", done.posted);
    let per_s = f64::from(options.villages * options.lines) / seconds;
    sheet.say(HEAD)?;
    let labels = (desk.db.engine().as_str(), "notice-lines", "due-job");
    sheet.row(&Row::of(labels, options.villages, per_s, &[]))?;
    let minutes = PREFECTURE_LINES / per_s / 60.0;
    sheet.figure(&Figure::plain("a prefecture's month-end, 2.34 million lines", minutes, "min"))?;
    desk.db.close().await;
    Ok(())
}

async fn village(desk: &Desk, no: u32, lines: u32, ruleset: &str, item: &str) -> anyhow::Result<()> {
    let (org, book): (OrgId, BookId) = (desk.id(), desk.id());
    let fund = FundRow {
        id: desk.id(),
        code: FUND.to_owned(),
        name: "积分资金".to_owned(),
        name_en: "Points fund".to_owned(),
        kind: "other".to_owned(),
        payer: String::new(),
        document: String::new(),
        purpose: String::new(),
        carries_over: true,
    };
    let mut tx = desk.db.begin_write().await?;
    found(desk, &mut tx, org, book, no).await?;
    store::fund::add(&mut tx, book, &fund).await?;
    let households = (1..=HOUSEHOLDS)
        .map(|n| {
            let number = HouseholdNo::from_ordinal(n);
            Household::new(desk.id(), number, org, org, i64::from(n), desk.today())
        })
        .collect::<Vec<_>>();
    store::register::households(&mut tx, book, &households).await?;
    tx.commit().await?;
    let total = POINTS * i64::from(lines);
    let order = Order {
        key: "budget",
        kind: TxnKind::Budget,
        effective_on: desk.today(),
        source: None,
        body: facts([("fund", FUND.to_owned())]),
    };
    let budget = vec![
        Line::new(chart::authorised(FUND)?, Commodity::point(), total),
        Line::new(chart::budget(FUND)?, Commodity::point(), -total),
    ];
    let budget = desk.command(&Actor::System, order, budget)?;
    desk.posted(book, budget, Vec::new()).await?;
    let ids: Vec<(HouseholdId, OrgId)> = households.iter().map(|h| (h.id, h.group_id)).collect();
    notice(desk, book, fund.id, &ids, lines, (ruleset, item)).await
}

async fn found(desk: &Desk, tx: &mut WriteTx, org: OrgId, book: BookId, no: u32) -> anyhow::Result<()> {
    let place = OrgRow {
        id: org,
        parent_id: None,
        kind: OrgKind::Village.as_str().to_owned(),
        labels: "rural".to_owned(),
        name: format!("村{no}"),
        position: i32::try_from(no)?,
        opened_on: desk.today(),
        closed_on: None,
    };
    store::org::insert(tx, &place).await?;
    desk.create_book(tx, book).await?;
    let programme = ProgrammeRow {
        book_id: book,
        org_id: org,
        no: i64::from(no),
        name: place.name,
        name_en: String::new(),
        opened_on: desk.today(),
        demo: false,
    };
    Ok(store::programme::insert(tx, &programme).await?)
}

/// A published sheet of so many lines whose clock has run out.
async fn notice(
    desk: &Desk,
    book: BookId,
    fund_id: FundId,
    households: &[(HouseholdId, OrgId)],
    lines: u32,
    rule: (&str, &str),
) -> anyhow::Result<()> {
    let id: NoticeId = desk.id();
    let ended = desk.now().plus_seconds(-AGO_SECONDS);
    let mut tx = desk.db.begin_write().await?;
    store::notice::add(&mut tx, book, &sheet_of(id, fund_id, lines, ended)?).await?;
    for (number, (household, group)) in (1..=lines).zip(households.iter().cycle()) {
        let award = award(desk, number, *household, *group, rule, ended)?;
        store::award::add(&mut tx, book, &award).await?;
        let at = |state, step| moves::Place { state, step };
        let (from, to) = (at(AwardState::Recorded, 0), at(AwardState::Approved, ReviewStep::THROUGH));
        moves::reviewed(&mut tx, book, award.id, from, to, None).await?;
        moves::compile(&mut tx, book, award.id, id, i32::try_from(number)?).await?;
    }
    let publication = Publication {
        at: ended,
        by: "system",
        closes_at: ended,
        digest: &[0; 32],
        head_size: 1,
        head_root: &[0; 32],
    };
    store::notice::publish(&mut tx, book, id, &publication).await?;
    moves::start(&mut tx, book, id, ended, u64::from(lines)).await?;
    Ok(tx.commit().await?)
}

fn sheet_of(id: NoticeId, fund_id: FundId, lines: u32, at: Timestamp) -> anyhow::Result<NoticeRow> {
    Ok(NoticeRow {
        sealed_seq: None,
        recalled_at: None,
        recalled_by: None,
        recalled_because: None,
        recall_seq: None,
        id,
        no: 1,
        title: "月末公示".to_owned(),
        group_id: None,
        fund_id,
        state: "compiled".to_owned(),
        mode: "calendar".to_owned(),
        days: 7,
        lines: i32::try_from(lines)?,
        compiled_at: at,
        compiled_by: "system".to_owned(),
        published_at: None,
        published_by: None,
        closes_at: None,
        closed_at: None,
        taken_down_at: None,
        digest: None,
        head_size: None,
        head_root: None,
    })
}

fn award(
    desk: &Desk,
    number: u32,
    household_id: HouseholdId,
    group_id: OrgId,
    (ruleset, item): (&str, &str),
    at: Timestamp,
) -> anyhow::Result<AwardRow> {
    Ok(AwardRow {
        id: desk.id(),
        no: i64::from(number),
        ruleset: ruleset.to_owned(),
        item: item.to_owned(),
        household_id,
        group_id,
        person_id: None,
        quantity: "1".to_owned(),
        grade: None,
        event_key: None,
        occurred_on: at.day(),
        recorded_at: at,
        recorder: "system".to_owned(),
        on_behalf: None,
        batch_id: None,
        points: POINTS,
        honor: POINTS,
        minutes: 0,
        route: "R2".to_owned(),
        inputs: "{}".to_owned(),
        explanation: "{}".to_owned(),
        evidence: "[]".to_owned(),
        note: String::new(),
        late: false,
        state: AwardState::Recorded.as_str().to_owned(),
        step: 0,
        notice_id: None,
        notice_line: None,
        closes_at: None,
        remaining: None,
        txn_seq: None,
        reason: None,
        honor_moved: None,
        panel: false,
    })
}

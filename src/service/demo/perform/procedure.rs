//! How the demo village came by its compact and its rules, step by step on dated days; and what it is asked about now.

use super::{Village, missing};
use crate::{
    domain::{
        ids::ProposalId,
        proposal::{Body, Meeting, Paper, Tally},
        ruleset::{RuleSet, overrides::Override},
        time::{Day, ManualClock},
    },
    service::{
        Desk, ServiceResult,
        caller::{Clerk, Resident, Reviewer, Role, Township},
        objection::Objector,
        proposal::{
            Minutes,
            draft::{NewDraft, Source},
            voices::Answer,
        },
        rulesets::Adoption,
    },
};

/// Days before the first of the year that is told, on which the village begins with its compact.
pub(super) const DAYS_BEFORE: i32 = 56;
/// The day after that on which the rules are drafted.
const RULES_AFTER: i32 = 22;
/// The office opens at nine.
const OPENS_SECONDS: i64 = 9 * 3_600;
/// Who came to the four meetings, and how they voted.
const TALLIES: [(Meeting, Tally); 4] = [
    (Meeting::Branch, Tally { body: None, entitled: 7, present: 7, yes: 7, no: 0, abstain: 0 }),
    (Meeting::Committees, Tally { body: None, entitled: 9, present: 8, yes: 8, no: 0, abstain: 0 }),
    (Meeting::Members, Tally { body: None, entitled: 63, present: 52, yes: 50, no: 1, abstain: 1 }),
    (
        Meeting::Assembly,
        Tally { body: Some(Body::Households), entitled: 1_155, present: 896, yes: 871, no: 9, abstain: 16 },
    ),
];

/// Those who act.
struct Office<'a> {
    desk: &'a Desk,
    clock: &'a ManualClock,
    first: Day,
    clerk: Clerk,
    reviewer: Reviewer,
    township: Township,
}

impl<'a> Office<'a> {
    fn of(desk: &'a Desk, clock: &'a ManualClock, village: &Village<'_>, first: Day) -> ServiceResult<Self> {
        let staff = &village.staff;
        let reviewer = staff.iter().find(|s| s.holds(Role::Reviewer)).and_then(Reviewer::of);
        Ok(Self {
            desk,
            clock,
            first,
            clerk: staff.iter().find_map(Clerk::of).ok_or_else(|| missing("clerk"))?,
            reviewer: reviewer.ok_or_else(|| missing("reviewer"))?,
            township: staff.iter().find_map(Township::of).ok_or_else(|| missing("township"))?,
        })
    }

    /// The morning of a day, counted from the first.
    fn on(&self, day: i32) {
        self.clock.set(self.first.plus(day).start().plus_seconds(OPENS_SECONDS));
    }

    async fn draft(&self, paper: Paper, title: &str, source: Source) -> ServiceResult<ProposalId> {
        let new = NewDraft { paper, title: title.to_owned(), source };
        Ok(self.desk.begin_draft(&self.clerk, &new).await?.id)
    }

    /// From an open draft to the result's disclosure, beginning on `day`; in force from `from`.
    async fn adopt(&self, id: ProposalId, day: i32, from: Day, filing_no: &str) -> ServiceResult<()> {
        let Self { desk, clerk, reviewer, township, .. } = self;
        desk.open_comment(clerk, id, 7).await?;
        self.on(day + 8);
        desk.check_proposal(reviewer, id, "逐条对照法律底线，没有取消待遇、罚款、排名、公开点名等内容。")
            .await?;
        for ((meeting, tally), held) in TALLIES.into_iter().zip([9, 10, 11, 14]) {
            self.on(day + held);
            let text = match meeting {
                Meeting::Branch => "支部委员会听取征求意见情况，一致同意提议。",
                Meeting::Committees => "村党支部委员会、村民委员会联席商议，同意提交党员大会审议。",
                Meeting::Members => "党员大会逐条审议，表决通过。",
                Meeting::Assembly => "村民会议（户代表）分片召开，逐条宣读后举手表决，通过。",
            };
            let held_on = self.first.plus(day + held);
            let minutes = Minutes { meeting, held_on, tally, text: text.to_owned() };
            desk.enter_meeting(clerk, id, &minutes).await?;
        }
        desk.disclose_decision(reviewer, id, 7, "村务公开栏、各组公示点").await?;
        self.on(day + 22);
        desk.file_proposal(clerk, id).await?;
        desk.accept_filing(township, id, filing_no, "程序完备，内容合法。").await?;
        desk.announce_result(clerk, id, from, "村务公开栏、各组公示点、村微信群").await?;
        Ok(())
    }
}

/// The compact, then the rules that cite it: each by every step of the procedure.
pub(super) async fn adopt(
    desk: &Desk,
    clock: &ManualClock,
    village: &Village<'_>,
    set: &RuleSet,
) -> ServiceResult<()> {
    let starts_on = village.plan.starts_on;
    let first = starts_on.plus(-DAYS_BEFORE);
    let office = Office::of(desk, clock, village, first)?;
    office.on(0);
    let clauses: Vec<&str> =
        set.bases.iter().map(|b| b.title.zh.as_str()).filter(|t| t.starts_with('第')).collect();
    let text = Source::Text(clauses.join("\n"));
    let compact = office.draft(Paper::Compact, "青禾村村规民约", text).await?;
    office.adopt(compact, 0, first.plus(30), "备〔约〕1号").await?;
    office.on(RULES_AFTER + 1);
    let template = Source::Template(set.hash().to_owned());
    if set.programme.effective_from > starts_on {
        // a demo of years gone by: the rules came on paper
        let basis = "村民会议决议".to_owned();
        let adoption = Adoption { hash: set.hash().to_owned(), from: starts_on, basis };
        desk.take_over_ruleset(&office.township, &adoption).await?;
        clock.set(starts_on.start());
        return Ok(());
    }
    let rules = office.draft(Paper::Rules, "青禾村绿币积分细则", template).await?;
    office.adopt(rules, RULES_AFTER + 1, starts_on, "备〔细则〕1号").await?;
    clock.set(starts_on.start());
    Ok(())
}

/// The next version, open for comment on the day the demo shows: two changes, and what two households said.
pub(super) async fn ask(
    desk: &Desk,
    clock: &ManualClock,
    village: &Village<'_>,
    set: &RuleSet,
) -> ServiceResult<()> {
    let first = village.plan.today.plus(-4);
    let office = Office::of(desk, clock, village, first)?;
    office.on(0);
    let template = Source::Template(set.hash().to_owned());
    let id = office.draft(Paper::Rules, "青禾村绿币积分细则（修订草案）", template).await?;
    for (target, value, ground) in [
        ("item A2", "8", "十月村民代表会议：鼓励每月评最清洁户"),
        ("item C7", "5", "老年协会意见：关爱独居老人分值偏低"),
    ] {
        let change =
            Override { target: target.to_owned(), key: "points".to_owned(), value: Some(value.to_owned()) };
        desk.override_rule(&office.clerk, id, &change, ground).await?;
    }
    desk.open_comment(&office.clerk, id, 10).await?;
    let home = |n: usize| -> ServiceResult<Objector> {
        let place = n % village.households.len().max(1);
        let household = village.households.get(place).copied().ok_or_else(|| missing("household"))?;
        Ok(Objector::Resident(Resident { book: village.book, household }))
    };
    office.on(1);
    let said = desk.speak(&home(10)?, id, "最清洁户加到8分，希望检查的日子提前告诉大家。").await?;
    desk.speak(&home(57)?, id, "跑腿代办的分值也应当提高。").await?;
    office.on(2);
    let words = "采纳：每月检查日写进村务公开栏。".to_owned();
    desk.answer_voice(&office.clerk, said.id, &Answer { taken: true, words }).await?;
    Ok(())
}

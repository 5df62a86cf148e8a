//! The office of the year: who reviews, how the panel sits, what September's objections come to, how a month is closed,
//! what December's ceiling lets through.

use std::collections::BTreeMap;

use greencoin::{
    domain::{
        ids::{AwardId, NoticeId, OrgId},
        panel::Vote,
        time::Period,
    },
    service::{
        ServiceError,
        award::review::Verdict,
        caller::{Bookkeeper, Resident, Reviewer, Staff},
        notice::NewNotice,
        objection::{Finding, Objector},
        panel::convene::NewSitting,
    },
    store::award::AwardRow,
};

use super::{DECEMBER, MONTHS, Year, day};
use crate::{
    hamlet::{self, at},
    panel::OBSERVER,
};

impl Year {
    /// Each step of each route by another person, the panel's by its sitting.
    pub async fn review(&self, awards: &[AwardRow]) {
        let ids = |level: u8| -> Vec<AwardId> {
            awards.iter().filter(|a| a.route_level() >= level).map(|a| a.id).collect()
        };
        self.approve(&self.v.reviewer, &ids(0)).await;
        let heard: Vec<_> = awards.iter().filter(|a| a.panel && a.route_level() > 0).map(|a| a.id).collect();
        assert_eq!(heard.is_empty(), self.panel.is_empty());
        if !heard.is_empty() {
            self.sit(heard).await;
        }
        self.approve(&self.v.second, &ids(2)).await;
        self.approve(&self.v.township, &ids(3)).await;
        for id in ids(0) {
            assert_eq!(self.v.state(id).await, "approved");
        }
    }

    async fn approve(&self, staff: &Staff, ids: &[AwardId]) {
        if ids.is_empty() {
            return;
        }
        let by = Reviewer::of(staff).unwrap();
        let done = self.v.desk.review_awards(&by, ids, Verdict::Approve, "").await.unwrap();
        assert!(done.iter().all(|one| one.result.is_ok()), "{done:?}");
    }

    /// The panel hears them: three of five for each, the observer signs.
    async fn sit(&self, awards: Vec<AwardId>) {
        let desk = &self.v.desk;
        let lines = i32::try_from(awards.len()).unwrap();
        let agenda = NewSitting { sits_on: desk.today(), place: "村部".to_owned(), awards };
        let id = desk.convene(&self.v.clerk(), &agenda).await.unwrap().id;
        let by: Vec<Reviewer> = self.panel.iter().map(|p| Reviewer::of(p).unwrap()).collect();
        for n in [0, 1, 2, 3, 4, OBSERVER] {
            desk.attend(&by[n], id).await.unwrap();
        }
        for line in 1..=lines {
            for member in &by[..3] {
                desk.cast_vote(member, id, line, Vote::Yes).await.unwrap();
            }
        }
        desk.observe_sitting(&by[OBSERVER], id, "").await.unwrap();
        desk.close_sitting(&self.v.clerk(), id, "逐条表决", &BTreeMap::new()).await.unwrap();
    }

    /// The first group of the village.
    pub fn group(&self) -> OrgId {
        hamlet::id(1_000_003)
    }

    /// H1 objects to H6's clean-up day, which was as recorded, and to the help that H8 gave nobody. Returns what fell.
    pub async fn objections(&self, awards: &[AwardRow]) -> AwardId {
        let (v, desk) = (&self.v, &self.v.desk);
        let of = |home: usize, item: &str| {
            let mut own = awards.iter().filter(|a| a.household_id == v.households[home] && a.item == item);
            own.next().unwrap().id
        };
        let lines = [(of(5, "A5"), Finding::Dismiss), (of(7, "D3"), Finding::Uphold)];
        let by = Objector::Resident(Resident { book: v.book, household: v.households[0] });
        v.clock.set(at("2026-09-21T09:00:00+08:00"));
        let mut raised = Vec::new();
        for (award, finding) in lines {
            let id = desk.object(&by, award, "没有看到").await.unwrap().id;
            desk.accept_objection(&v.clerk, id).await.unwrap();
            raised.push((id, finding));
        }
        v.clock.set(at("2026-09-21T18:00:00+08:00"));
        let third = Reviewer::of(&v.third).unwrap();
        for (id, finding) in raised {
            desk.decide_objection(&third, id, finding, "经查证").await.unwrap();
        }
        lines[1].0
    }

    /// Closes a month: its statement says what was posted, and is what was signed.
    pub async fn close(&self, month: u8) {
        let first = day(month, 1);
        let through = first.period(Period::Month).1.plus(-1);
        let clerk = Bookkeeper::of(&self.v.clerk).unwrap();
        let closing = self.v.desk.close_when_resolved(&self.v.clerk, through, true).await.unwrap();
        let closed = self.v.desk.closed_period(&clerk, closing.seq).await.unwrap();
        assert!(closed.agrees);
        let budget = closed.statement.lines.iter().find(|l| l.path == "Equity:Budget:Service").unwrap();
        let issued = if month == 12 { DECEMBER } else { MONTHS[usize::from(month - 1)] };
        assert_eq!(budget.debits, issued * 100, "month {month}");
        assert_eq!(closed.closing.from, (month > 1).then_some(first), "month {month}");
    }

    /// 1,034 issued to November, so 51 are left of 1,085; December wants 74. The sheet waits whole; the clerk takes it
    /// back and puts up the first group's, and the second's is refused in its turn.
    pub async fn ceiling(&self) {
        let (desk, notice) = (&self.v.desk, self.v.compile().await);
        assert_eq!(self.refused_at_the_ceiling(notice).await, ("74".into(), "51".into(), "23".into()));
        desk.withdraw_notice(&self.v.clerk(), notice, "超出全年上限，分组公示").await.unwrap();
        let first = self.compile_first().await;
        desk.publish_notice(&Reviewer::of(&self.v.reviewer).unwrap(), first).await.unwrap();
        let rest = self.v.compile().await;
        // what hangs counts with what would
        assert_eq!(self.refused_at_the_ceiling(rest).await, ("74".into(), "51".into(), "23".into()));
        desk.withdraw_notice(&self.v.clerk(), rest, "明年再议").await.unwrap();
    }

    async fn refused_at_the_ceiling(&self, notice: NoticeId) -> (String, String, String) {
        let by = Reviewer::of(&self.v.reviewer).unwrap();
        let Err(ServiceError::Refused(refusal)) = self.v.desk.publish_notice(&by, notice).await else {
            panic!("published past the ceiling")
        };
        assert_eq!((refusal.code, refusal.facts["ceiling"].as_str()), ("year_ceiling_reached", "1085"));
        let fact = |name: &str| refusal.facts[name].clone();
        (fact("needed"), fact("available"), fact("shortage"))
    }

    /// The first group's sheet.
    pub async fn compile_first(&self) -> NoticeId {
        let (title, fund) = ("一组公示".to_owned(), "Service".to_owned());
        let new = NewNotice { title, group: Some(self.group()), fund, days: None };
        self.v.desk.compile_notice(&self.v.clerk(), &new).await.unwrap().id
    }
}

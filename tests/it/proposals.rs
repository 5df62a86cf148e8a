//! Rule sets and compacts live and die by procedure: the whole way, every step that is forbidden, what is in force on
//! which day, and what is worth what before and after.

use greencoin::{
    domain::{
        ids::{HouseholdId, ProposalId},
        proposal::{Body, Meeting, Paper, ProposalState as S, Tally},
        ruleset::{self, overrides::Override},
        time::Day,
    },
    service::{
        ServiceError, ServiceResult,
        caller::{Resident, Reviewer, Staff, Township},
        objection::Objector,
        proposal::{
            Minutes,
            draft::{NewDraft, Source},
            filing::RepealOrder,
            voices::Answer,
        },
    },
    store::proposal::ProposalRow,
};

use crate::hamlet::{Village, refused};

mod forbidden;
mod papers;

/// The clauses that the shipped rules cite.
pub const COMPACT: &str = "第一条 门前三包，户户整洁\n第二条 秸秆还田，不露天焚烧\n第三条 守望相助\n第四条 有话好说\n\
    第五条 热心公益\n第六条 孝老爱亲\n第七条 红事新办，白事简办\n第八条 建房依规\n第九条 诚实申报";

pub const CARRIED: Tally = Tally { body: None, entitled: 9, present: 9, yes: 8, no: 1, abstain: 0 };

/// The steps of a proposal in a village, by the right people in the right order.
pub struct Way<'a>(pub &'a Village);

impl Way<'_> {
    pub fn today(&self) -> Day {
        self.0.desk.today()
    }

    pub fn wait(&self, days: i64) {
        self.0.clock.advance_seconds(days * 86_400);
    }

    pub fn reviewer(&self) -> Reviewer {
        Reviewer::of(&self.0.reviewer).unwrap()
    }

    pub fn township(&self) -> Township {
        self.0.township()
    }

    pub fn home(&self, n: usize) -> Objector {
        let household: HouseholdId = self.0.households[n];
        Objector::Resident(Resident { book: self.0.book, household })
    }

    pub async fn compact(&self, text: &str) -> ServiceResult<ProposalRow> {
        let (paper, title) = (Paper::Compact, "青山村村规民约".to_owned());
        let new = NewDraft { paper, title, source: Source::Text(text.to_owned()) };
        self.0.desk.begin_draft(&self.0.clerk(), &new).await
    }

    /// A draft from the shipped rules.
    pub async fn rules(&self) -> ServiceResult<ProposalRow> {
        let (_, text) = ruleset::shipped()[0];
        let (paper, title) = (Paper::Rules, "积分细则修订".to_owned());
        let new = NewDraft { paper, title, source: Source::Template(ruleset::hash(text)) };
        self.0.desk.begin_draft(&self.0.clerk(), &new).await
    }

    pub async fn put(
        &self,
        id: ProposalId,
        target: &str,
        key: &str,
        value: &str,
    ) -> ServiceResult<ProposalRow> {
        let change =
            Override { target: target.to_owned(), key: key.to_owned(), value: Some(value.to_owned()) };
        self.0.desk.override_rule(&self.0.clerk(), id, &change, "六月村民代表会议意见").await
    }

    pub async fn speak(
        &self,
        id: ProposalId,
        n: usize,
        words: &str,
    ) -> ServiceResult<greencoin::domain::ids::VoiceId> {
        Ok(self.0.desk.speak(&self.home(n), id, words).await?.id)
    }

    pub async fn answer(
        &self,
        by: &Staff,
        id: greencoin::domain::ids::VoiceId,
        taken: bool,
    ) -> ServiceResult<()> {
        let answer = Answer { taken, words: "已研究".to_owned() };
        self.0.desk.answer_voice(by, id, &answer).await.map(|_| ())
    }

    pub async fn meet(&self, id: ProposalId, meeting: Meeting) -> ServiceResult<ProposalRow> {
        let body = (meeting == Meeting::Assembly).then_some(Body::Households);
        self.held(id, meeting, self.today(), Tally { body, ..CARRIED }).await
    }

    pub async fn held(
        &self,
        id: ProposalId,
        meeting: Meeting,
        held_on: Day,
        tally: Tally,
    ) -> ServiceResult<ProposalRow> {
        let held = Minutes { meeting, held_on, tally, text: "会议记录".to_owned() };
        self.0.desk.enter_meeting(&self.0.clerk(), id, &held).await
    }

    /// The next step, whatever it is, as it should be.
    pub async fn step(&self, id: ProposalId) -> S {
        let (desk, clerk) = (&self.0.desk, self.0.clerk());
        let row = match self.state(id).await {
            S::Draft => desk.open_comment(&clerk, id, 7).await,
            S::Comment => {
                self.wait(8);
                desk.check_proposal(&self.reviewer(), id, "逐条对照，没有问题").await
            }
            S::Checked => self.meet(id, Meeting::Branch).await,
            S::Proposed => self.meet(id, Meeting::Committees).await,
            S::Consulted => self.meet(id, Meeting::Members).await,
            S::Examined => self.meet(id, Meeting::Assembly).await,
            S::Resolved => desk.disclose_decision(&self.reviewer(), id, 5, "村务公开栏").await,
            S::Disclosed => {
                self.wait(6);
                desk.file_proposal(&clerk, id).await
            }
            S::Filed => desk.accept_filing(&self.township(), id, "青镇备〔2026〕7号", "").await,
            S::Accepted => desk.announce_result(&clerk, id, self.today().plus(7), "村务公开栏").await,
            other => panic!("{other} is the end"),
        };
        row.unwrap().state.parse().unwrap()
    }

    /// On to a state, step by step.
    pub async fn to(&self, id: ProposalId, state: S) {
        while self.state(id).await != state {
            self.step(id).await;
        }
    }

    pub async fn state(&self, id: ProposalId) -> S {
        self.0.desk.proposal(self.0.book, id).await.unwrap().state
    }

    /// The compact the shipped rules cite, in force today.
    pub async fn with_compact(&self) {
        let id = self.compact(COMPACT).await.unwrap().id;
        self.to(id, S::Announced).await;
        self.wait(7);
    }

    pub fn repeal(&self, paper: Paper, adopted_from: Day, from: Day) -> RepealOrder {
        let (law, reason) = ("《村民委员会组织法》第二十七条".to_owned(), "责令改正".to_owned());
        RepealOrder { paper, adopted_from, from, law, reason }
    }
}

/// The faults a use case refused with.
pub fn faults<T: std::fmt::Debug>(result: ServiceResult<T>) -> String {
    match result.unwrap_err() {
        ServiceError::Refused(no) if no.code == "faulty_rules" => no.facts["faults"].clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_version_goes_the_whole_way_and_what_happened_before_keeps_the_old_worth() {
    let v = Village::new().await;
    let way = Way(&v);
    way.with_compact().await;
    let id = way.rules().await.unwrap().id;
    way.put(id, "item D3", "points", "8").await.unwrap();
    way.put(id, "item B7", "enabled", "false").await.unwrap();
    let told = v.desk.proposal(v.book, id).await.unwrap();
    let words: Vec<String> =
        told.changes.iter().map(|c| c.sentence(greencoin::domain::lang::Lang::Zh)).collect();
    assert_eq!(
        words,
        [
            "总则：版本 1 → 2",
            "出租、务工信息如实登记（B7）：启用 是 → 否",
            "邻里互助（D3）：分值 +5分 → +8分"
        ]
    );
    way.to(id, S::Announced).await;

    let row = v.desk.proposal(v.book, id).await.unwrap().row;
    let first = row.effective_from.unwrap();
    let worth = async |day| {
        let set = v.desk.ruleset_for(v.book, day).await.unwrap();
        (set.programme.version, set.item("D3").unwrap().worth_words(greencoin::domain::lang::Lang::Zh))
    };
    assert_eq!(worth(first.plus(-1)).await, (1, "+5分".to_owned()));
    assert_eq!(worth(first).await, (2, "+8分".to_owned()));
    assert_eq!(v.desk.ruleset_for(v.book, first).await.unwrap().hash(), row.hash, "what awards pin");
    let adopted = v.desk.adoptions(v.book).await.unwrap().remove(0);
    assert_eq!((adopted.effective_from, adopted.hash), (first, row.hash));
    assert!(
        adopted.basis.contains("青镇备〔2026〕7号") && adopted.basis.contains("村民会议"),
        "{}",
        adopted.basis
    );
    let steps: Vec<String> =
        v.desk.proposal(v.book, id).await.unwrap().steps.into_iter().map(|(s, _)| s.step).collect();
    assert_eq!(
        steps.join(" "),
        "draft change change comment check branch committees members assembly disclose file accept announce"
    );

    // an event of the day before is worth what it was, even if it is recorded when the new version applies
    v.clock.set(first.plus(3).start());
    let mut old = v.claim(0, "D3").await;
    old.occurred_on = first.plus(-1);
    let new = v.claim(4, "D3").await;
    assert_eq!(v.record(old).await.unwrap().points, 500);
    assert_eq!(v.record(new).await.unwrap().points, 800);
}

#[tokio::test]
async fn the_next_version_keeps_what_the_village_said_and_who_said_it_first() {
    let v = Village::new().await;
    let way = Way(&v);
    way.with_compact().await;
    let first = way.rules().await.unwrap();
    way.put(first.id, "item A2", "points", "8").await.unwrap();
    way.to(first.id, S::Announced).await;
    way.wait(10);
    let second = way.rules().await.unwrap();
    let file = v.desk.proposal(v.book, second.id).await.unwrap();
    let of: Vec<_> = file
        .overrides
        .iter()
        .map(|(o, _)| (o.target.as_str(), o.name.as_str(), o.value.as_deref().unwrap(), o.first_no))
        .collect();
    assert_eq!(of, [("item A2", "points", "8", first.no), ("programme", "version", "3", second.no)]);
    let (carried, _) = &file.overrides[0];
    assert_eq!(
        (carried.ground.as_str(), carried.set_by.as_str()),
        ("六月村民代表会议意见", v.clerk.actor().to_string().as_str())
    );
    assert!(carried.set_at < file.overrides[1].0.set_at);
    let words: Vec<String> =
        file.changes.iter().map(|c| c.sentence(greencoin::domain::lang::Lang::Zh)).collect();
    assert_eq!(words, ["总则：版本 2 → 3"], "compared with the version in force, not with the template");
}

#[tokio::test]
async fn comments_are_answered_and_the_text_is_changed_by_them_before_the_check() {
    let v = Village::new().await;
    let way = Way(&v);
    way.with_compact().await;
    let id = way.rules().await.unwrap().id;
    assert_eq!(refused(way.speak(id, 0, "太早").await), "nobody_asked");
    way.step(id).await;
    let said = way.speak(id, 0, "最清洁户应多给几分").await.unwrap();
    assert_eq!(
        way.speak(id, 0, "最清洁户应多给几分").await.unwrap(),
        said,
        "the same words are the same comment"
    );
    let proxy = Objector::Proxy { clerk: v.clerk(), household: v.households[1] };
    let second = v.desk.speak(&proxy, id, "同意").await.unwrap();
    let box_ = Objector::Anonymous { clerk: v.clerk() };
    let third = v.desk.speak(&box_, id, "不同意").await.unwrap();
    assert_eq!([second.manner.as_str(), third.manner.as_str()], ["proxy", "anonymous"]);
    assert_eq!(refused(way.put(id, "item A2", "points", "7").await), "still_open", "what people read stands");
    way.wait(8);
    assert_eq!(refused(way.speak(id, 0, "太晚").await), "nobody_asked");
    let check = async || v.desk.check_proposal(&way.reviewer(), id, "没有问题").await;
    assert_eq!(refused(check().await), "unanswered");
    for (voice, taken) in [(said, true), (second.id, true), (third.id, false)] {
        way.answer(&v.clerk, voice, taken).await.unwrap();
    }
    assert_eq!(refused(way.answer(&v.reviewer, said, false).await), "already_answered");
    way.put(id, "item A2", "points", "7").await.unwrap();
    check().await.unwrap();
    assert_eq!(
        refused(way.put(id, "item A2", "points", "9").await),
        "not_its_turn",
        "from here the text stands"
    );
    let heard = v.desk.voices(v.book, id).await.unwrap();
    let outcome = |voice| heard.iter().find(|v| v.id == voice).unwrap().outcome.as_str();
    assert_eq!([said, second.id, third.id].map(outcome), ["taken", "taken", "not_taken"]);
}

#[tokio::test]
async fn an_objection_that_is_right_sends_it_back_and_everything_is_gone_through_anew() {
    let v = Village::new().await;
    let way = Way(&v);
    way.with_compact().await;
    let id = way.rules().await.unwrap().id;
    way.to(id, S::Disclosed).await;
    let groundless = way.speak(id, 0, "不合理").await.unwrap();
    let right = way.speak(id, 1, "代表会议没有通知三组").await.unwrap();
    let third = way.speak(id, 2, "同上").await.unwrap();
    assert!(matches!(way.answer(&v.clerk, right, true).await, Err(ServiceError::NotAllowed)));
    way.answer(&v.reviewer, groundless, false).await.unwrap();
    way.wait(6);
    assert_eq!(refused(v.desk.file_proposal(&v.clerk(), id).await), "unanswered");
    way.answer(&v.second, right, true).await.unwrap();
    let file = v.desk.proposal(v.book, id).await.unwrap();
    assert_eq!((file.state, file.row.round), (S::Draft, 2));
    assert!(file.voices.iter().all(|v| v.outcome != "open"), "{third}: answered with it");
    way.to(id, S::Announced).await;
    let comments =
        v.desk.proposal(v.book, id).await.unwrap().steps.into_iter().filter(|(s, _)| s.step == "comment");
    assert_eq!(comments.count(), 2, "opened for comment once more");
}

#[tokio::test]
async fn the_township_sends_back_with_a_reason_or_takes_on_file() {
    let v = Village::new().await;
    let way = Way(&v);
    let id = way.compact(COMPACT).await.unwrap().id;
    way.to(id, S::Filed).await;
    v.desk.return_filing(&way.township(), id, "第八条与上位规定不一致").await.unwrap();
    let file = v.desk.proposal(v.book, id).await.unwrap();
    assert_eq!((file.state, file.row.round), (S::Draft, 2));
    let (last, _) = file.steps.last().unwrap();
    assert_eq!((last.step.as_str(), last.words.as_str()), ("return", "第八条与上位规定不一致"));
    v.desk
        .change_text(&v.clerk(), id, &COMPACT.replace("建房依规", "建房依法依规"), "按镇里意见改")
        .await
        .unwrap();
    way.to(id, S::Accepted).await;
    let row = v.desk.proposal(v.book, id).await.unwrap().row;
    assert_eq!((row.filing_no.as_deref(), row.accepted_on), (Some("青镇备〔2026〕7号"), Some(way.today())));
}

//! What is refused: steps out of turn, by the wrong hands, on the wrong day, with too few people, against the law.

use greencoin::{
    domain::{
        proposal::{Body, Meeting, Paper, ProposalState as S, Tally},
        ruleset,
    },
    service::{
        caller::{Clerk, Reviewer, Role, Staff, Township},
        proposal::draft::{NewDraft, Source},
    },
};

use super::{CARRIED, COMPACT, Way, faults};
use crate::hamlet::{Village, refused};

#[tokio::test]
async fn in_every_state_every_step_but_its_own_is_refused_and_changes_nothing() {
    let v = Village::new().await;
    let way = Way(&v);
    let (clerk, reviewer, township) = (v.clerk(), way.reviewer(), way.township());
    let id = way.compact(COMPACT).await.unwrap().id;
    loop {
        let state = way.state(id).await;
        let before = v.desk.proposal(v.book, id).await.unwrap();
        let mut tried = Vec::new();
        for meeting in Meeting::ALL.iter().filter(|m| m.follows() != state) {
            tried.push(refused(way.meet(id, *meeting).await));
        }
        if state != S::Draft {
            tried.push(refused(v.desk.open_comment(&clerk, id, 7).await));
        }
        if state != S::Comment {
            tried.push(refused(v.desk.check_proposal(&reviewer, id, "x").await));
        }
        if state != S::Resolved {
            tried.push(refused(v.desk.disclose_decision(&reviewer, id, 5, "x").await));
        }
        if state != S::Disclosed {
            tried.push(refused(v.desk.file_proposal(&clerk, id).await));
        }
        if state != S::Filed {
            tried.push(refused(v.desk.accept_filing(&township, id, "x", "").await));
            tried.push(refused(v.desk.return_filing(&township, id, "x").await));
        }
        if state != S::Accepted {
            let from = way.today().plus(30);
            tried.push(refused(v.desk.announce_result(&clerk, id, from, "x").await));
        }
        if !matches!(state, S::Draft | S::Comment) {
            tried.push(refused(v.desk.change_text(&clerk, id, "1. x", "x").await));
        }
        if !matches!(state, S::Draft | S::Comment | S::Checked | S::Proposed | S::Consulted | S::Examined) {
            tried.push(refused(v.desk.withdraw_proposal(&clerk, id, "x").await));
        }
        assert!(tried.len() >= 8 && tried.iter().all(|code| *code == "not_its_turn"), "{state}: {tried:?}");
        let after = v.desk.proposal(v.book, id).await.unwrap();
        assert_eq!((after.row, after.steps.len()), (before.row, before.steps.len()), "{state}");
        if state == S::Announced {
            break;
        }
        way.step(id).await;
    }
}

#[tokio::test]
async fn nobody_checks_discloses_or_files_what_they_had_a_hand_in() {
    let v = Village::new().await;
    let way = Way(&v);
    // one person with every office
    let all = Staff { roles: vec![Role::Clerk, Role::Reviewer, Role::Township], ..v.clerk.clone() };
    let id = way.compact(COMPACT).await.unwrap().id;
    way.to(id, S::Comment).await;
    way.wait(8);
    let reviewer = Reviewer::of(&all).unwrap();
    assert_eq!(refused(v.desk.check_proposal(&reviewer, id, "x").await), "own_draft");
    way.to(id, S::Resolved).await;
    assert_eq!(refused(v.desk.disclose_decision(&reviewer, id, 5, "x").await), "own_draft");
    way.to(id, S::Disclosed).await;
    let said = way.speak(id, 0, "不合理").await.unwrap();
    assert_eq!(refused(way.answer(&all, said, true).await), "own_draft");
    way.answer(&v.reviewer, said, false).await.unwrap();
    way.to(id, S::Filed).await;
    // neither who drafted it nor who checked it
    for hand in [&all, &Staff { roles: vec![Role::Township], ..v.reviewer.clone() }] {
        let township = Township::of(hand).unwrap();
        assert_eq!(refused(v.desk.accept_filing(&township, id, "7号", "").await), "own_hand");
        assert_eq!(refused(v.desk.return_filing(&township, id, "x").await), "own_hand");
    }
    way.to(id, S::Announced).await;
    let from = v.desk.proposal(v.book, id).await.unwrap().row.effective_from.unwrap();
    let order = way.repeal(Paper::Compact, from, from);
    assert_eq!(refused(v.desk.repeal_paper(&Township::of(&all).unwrap(), &order).await), "own_hand");
}

#[tokio::test]
async fn who_writes_an_objection_down_does_not_decide_it_nor_do_the_objectors_kin() {
    let v = Village::new().await;
    let way = Way(&v);
    let id = way.compact(COMPACT).await.unwrap().id;
    way.to(id, S::Disclosed).await;
    let both = Staff { roles: vec![Role::Clerk, Role::Reviewer], ..v.other_clerk.clone() };
    let clerk = Clerk::of(&both).unwrap();
    let proxy = greencoin::service::objection::Objector::Proxy { clerk, household: v.households[0] };
    let said = v.desk.speak(&proxy, id, "不同意").await.unwrap().id;
    assert_eq!(refused(way.answer(&both, said, false).await), "own_record");
    let neighbour = Staff { person: Some(v.people[0][1]), ..v.reviewer.clone() };
    assert_eq!(refused(way.answer(&neighbour, said, false).await), "own_household");
    v.make_kin(v.people[0][0], v.people[3][0]).await;
    let kin = Staff { person: Some(v.people[3][0]), ..v.second.clone() };
    assert_eq!(refused(way.answer(&kin, said, false).await), "kin_household");
    way.answer(&v.third, said, false).await.unwrap();
}

#[tokio::test]
async fn meetings_need_their_quorum_their_day_and_figures_that_add_up() {
    let v = Village::new().await;
    let way = Way(&v);
    let id = way.compact(COMPACT).await.unwrap().id;
    way.to(id, S::Checked).await;
    let checked_on = way.today();
    way.wait(3);
    let branch = async |day, tally| way.held(id, Meeting::Branch, day, tally).await;
    let today = way.today();
    assert_eq!(refused(branch(checked_on.plus(-1), CARRIED).await), "meeting_day");
    assert_eq!(refused(branch(today.plus(1), CARRIED).await), "meeting_day");
    assert_eq!(refused(branch(today, Tally { present: 4, yes: 4, no: 0, ..CARRIED }).await), "no_quorum");
    assert_eq!(refused(branch(today, Tally { abstain: 1, ..CARRIED }).await), "headcount");
    assert_eq!(refused(branch(today, Tally { body: Some(Body::Villagers), ..CARRIED }).await), "which_body");
    branch(checked_on, CARRIED).await.unwrap();
    way.to(id, S::Examined).await;
    let assembly = async |tally| way.held(id, Meeting::Assembly, way.today(), tally).await;
    assert_eq!(refused(assembly(CARRIED).await), "which_body");
    let by_representatives = Tally { body: Some(Body::Representatives), ..CARRIED };
    assert_eq!(refused(assembly(by_representatives).await), "assembly_only");
    let homes = Tally { body: Some(Body::Households), entitled: 9, present: 5, yes: 5, no: 0, abstain: 0 };
    assert_eq!(refused(assembly(homes).await), "no_quorum");
    let fewer = Tally { entitled: 7, ..homes };
    assert_eq!(refused(assembly(fewer).await), "entitled_below_register", "eight households are registered");
    let against = Tally { present: 6, yes: 3, no: 3, ..homes };
    assert_eq!(assembly(against).await.unwrap().state, "rejected");
    assert!(way.compact(COMPACT).await.is_ok(), "and a new draft may be begun");
}

#[tokio::test]
async fn periods_are_not_shorter_than_the_least() {
    let v = Village::new().await;
    let way = Way(&v);
    let id = way.compact(COMPACT).await.unwrap().id;
    assert_eq!(refused(v.desk.open_comment(&v.clerk(), id, 6).await), "period_days");
    way.step(id).await;
    way.wait(7);
    assert_eq!(refused(v.desk.check_proposal(&way.reviewer(), id, "x").await), "still_open");
    way.to(id, S::Resolved).await;
    assert_eq!(refused(v.desk.disclose_decision(&way.reviewer(), id, 4, "x").await), "period_days");
    way.step(id).await;
    way.wait(5);
    assert_eq!(refused(v.desk.file_proposal(&v.clerk(), id).await), "still_open");
    way.to(id, S::Accepted).await;
    let from = async |days| v.desk.announce_result(&v.clerk(), id, way.today().plus(days), "x").await;
    assert_eq!(refused(from(6).await), "effect_day");
    from(7).await.unwrap();
}

#[tokio::test]
async fn a_text_against_the_law_is_refused_with_its_line_and_the_article() {
    let v = Village::new().await;
    let way = Way(&v);
    let (_, text) = ruleset::shipped()[0];
    let bad = text.replacen("name = \"月度最清洁户\"", "name = \"月度最清洁户（抵扣罚款）\"", 1).replacen(
        "version = 1",
        "version = 2",
        1,
    );
    way.with_compact().await;
    let new = NewDraft { paper: Paper::Rules, title: "细则".to_owned(), source: Source::Text(bad.clone()) };
    let id = v.desk.begin_draft(&v.clerk(), &new).await.unwrap().id;
    let said = faults(v.desk.open_comment(&v.clerk(), id, 7).await);
    let line = bad.lines().position(|l| l.contains("抵扣罚款")).unwrap() + 1;
    assert!(said.starts_with(&format!("rules.toml:{line}: item A2")), "{said}");
    assert!(said.contains("《行政处罚法》第十七条"), "{said}");
    let good = bad.replace("（抵扣罚款）", "");
    v.desk.change_text(&v.clerk(), id, &good, "按自检意见改").await.unwrap();
    way.to(id, S::Checked).await;
    v.desk.withdraw_proposal(&v.clerk(), id, "先改村规民约").await.unwrap();

    let fined = way.compact(&COMPACT.replace("门前三包", "乱倒垃圾罚款50元")).await.unwrap().id;
    let said = faults(v.desk.open_comment(&v.clerk(), fined, 7).await);
    assert!(said.starts_with("compact.txt:1: clause 1") && said.contains("《行政处罚法》"), "{said}");
}

#[tokio::test]
async fn one_proposal_of_a_paper_at_a_time_each_with_a_higher_version() {
    let v = Village::new().await;
    let way = Way(&v);
    way.with_compact().await;
    let first = way.rules().await.unwrap();
    assert_eq!(refused(way.rules().await), "proposal_under_way");
    v.desk.withdraw_proposal(&v.clerk(), first.id, "重写").await.unwrap();
    let (_, text) = ruleset::shipped()[0];
    let same =
        NewDraft { paper: Paper::Rules, title: "细则".to_owned(), source: Source::Text(text.to_owned()) };
    let id = v.desk.begin_draft(&v.clerk(), &same).await.unwrap().id;
    assert_eq!(refused(v.desk.open_comment(&v.clerk(), id, 7).await), "version_not_raised");
    assert_eq!(refused(way.put(id, "item A2", "points", "8").await), "no_template");
    v.desk.withdraw_proposal(&v.clerk(), id, "重写").await.unwrap();
    let from_template = way.rules().await.unwrap().id;
    assert_eq!(refused(v.desk.change_text(&v.clerk(), from_template, "x", "x").await), "from_template");
    assert_eq!(refused(way.put(from_template, "item Z9", "points", "8").await), "override_target");
    assert_eq!(refused(way.put(from_template, "item A2", "code", "Z1").await), "override_code");
    assert_eq!(refused(way.put(from_template, "item A2", "points", "[[").await), "override_value");
}

#[tokio::test]
async fn a_village_with_rules_takes_over_nothing_more_from_paper() {
    let v = Village::new().await;
    let (_, text) = ruleset::shipped()[0];
    let adoption = greencoin::service::rulesets::Adoption {
        hash: ruleset::hash(text),
        from: v.desk.today().plus(1),
        basis: "决议".to_owned(),
    };
    assert_eq!(refused(v.desk.take_over_ruleset(&v.township(), &adoption).await), "by_procedure");
}

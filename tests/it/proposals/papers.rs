//! What is in force on which day: compacts and the rules that cite them, versions that follow one another, repeal.

use greencoin::{
    domain::proposal::{Paper, ProposalState as S},
    service::ServiceError,
};

use super::{COMPACT, Way, faults};
use crate::hamlet::{Village, refused};

#[tokio::test]
async fn a_rule_cites_clauses_in_force_only() {
    let v = Village::new().await;
    let way = Way(&v);
    let rules = way.rules().await.unwrap().id;
    let said = faults(v.desk.open_comment(&v.clerk(), rules, 7).await);
    assert!(said.contains("compact-1 不是现行村规民约的条款"), "{said}");
    let shorter: Vec<&str> = COMPACT.lines().filter(|l| !l.starts_with("第二条")).collect();
    let compact = way.compact(&shorter.join("\n")).await.unwrap().id;
    way.to(compact, S::Announced).await;
    let said = faults(v.desk.open_comment(&v.clerk(), rules, 7).await);
    assert!(said.lines().all(|l| l.contains("compact-2")), "{said}");
    // cite another clause, or put the items aside
    for item in ["A4", "A7", "F3"] {
        way.put(rules, &format!("item {item}"), "basis", "[\"compact-1\"]").await.unwrap();
    }
    way.step(rules).await;
    assert_eq!(way.state(rules).await, S::Comment);
}

#[tokio::test]
async fn rules_never_begin_before_the_clauses_they_cite() {
    let v = Village::new().await;
    let way = Way(&v);
    let compact = way.compact(COMPACT).await.unwrap().id;
    way.to(compact, S::Accepted).await;
    let late = way.today().plus(100);
    v.desk.announce_result(&v.clerk(), compact, late, "公开栏").await.unwrap();
    let rules = way.rules().await.unwrap().id;
    way.to(rules, S::Accepted).await;
    let early = v.desk.announce_result(&v.clerk(), rules, late.plus(-1), "公开栏").await;
    assert!(faults(early).contains("compact-1"));
    v.desk.announce_result(&v.clerk(), rules, late, "公开栏").await.unwrap();
}

#[tokio::test]
async fn a_new_compact_follows_the_old_on_its_day_clause_by_clause() {
    let v = Village::new().await;
    let way = Way(&v);
    way.with_compact().await;
    let second = way.compact(&COMPACT.replace("有话好说", "纠纷调解在先")).await.unwrap().id;
    let file = v.desk.proposal(v.book, second).await.unwrap();
    let told: Vec<String> =
        file.changes.iter().map(|c| c.sentence(greencoin::domain::lang::Lang::Zh)).collect();
    assert_eq!(told, ["第4条：条文 有话好说 → 纠纷调解在先"]);
    way.to(second, S::Announced).await;
    let from = v.desk.proposal(v.book, second).await.unwrap().row.effective_from.unwrap();
    let clause = async |day| {
        let (row, compact) = v.desk.compact_on(v.book, day).await.unwrap().unwrap();
        (row.version, compact.clause("compact-4").unwrap().text.clone())
    };
    assert_eq!(clause(from.plus(-1)).await, (1, "有话好说".to_owned()));
    assert_eq!(clause(from).await, (2, "纠纷调解在先".to_owned()));
}

#[tokio::test]
async fn what_is_repealed_applies_no_more_from_its_day_and_before_it_as_ever() {
    let v = Village::new().await;
    let way = Way(&v);
    way.with_compact().await;
    let id = way.rules().await.unwrap().id;
    way.to(id, S::Announced).await;
    let from = v.desk.proposal(v.book, id).await.unwrap().row.effective_from.unwrap();
    way.wait(20);
    let order = way.repeal(Paper::Rules, from, way.today().plus(2));
    let back = way.repeal(Paper::Rules, from, way.today().plus(-1));
    assert_eq!(refused(v.desk.repeal_paper(&way.township(), &back).await), "effect_day");
    v.desk.repeal_paper(&way.township(), &order).await.unwrap();
    assert_eq!(refused(v.desk.repeal_paper(&way.township(), &order).await), "already_repealed");
    assert_eq!(way.state(id).await, S::Repealed);
    assert_eq!(v.desk.ruleset_for(v.book, order.from.plus(-1)).await.unwrap().programme.version, 2);
    assert_eq!(refused(v.desk.ruleset_for(v.book, order.from).await), "no_rules_in_force");
    way.wait(2);
    let nothing = v.desk.ruleset_for(v.book, way.today()).await;
    assert_eq!(refused(nothing), "no_rules_in_force");
    // and the village adopts anew, above the version that was repealed
    let next = way.rules().await.unwrap().id;
    way.to(next, S::Announced).await;
    way.wait(8);
    assert_eq!(v.desk.ruleset_for(v.book, way.today()).await.unwrap().programme.version, 3);
}

#[tokio::test]
async fn repealed_before_its_first_day_it_never_was_in_force() {
    let v = Village::new().await;
    let way = Way(&v);
    way.with_compact().await;
    let id = way.rules().await.unwrap().id;
    way.to(id, S::Announced).await;
    let from = v.desk.proposal(v.book, id).await.unwrap().row.effective_from.unwrap();
    v.desk.repeal_paper(&way.township(), &way.repeal(Paper::Rules, from, from)).await.unwrap();
    assert_eq!(
        v.desk.ruleset_for(v.book, from.plus(1)).await.unwrap().programme.version,
        1,
        "the one before goes on"
    );
}

#[tokio::test]
async fn a_version_taken_over_from_paper_is_repealed_too_unless_a_newer_one_replaced_it() {
    let v = Village::new().await;
    let way = Way(&v);
    let first = v.desk.adoptions(v.book).await.unwrap()[0].effective_from;
    let nothing = way.repeal(Paper::Rules, first.plus(1), way.today());
    assert!(matches!(v.desk.repeal_paper(&way.township(), &nothing).await, Err(ServiceError::NotFound(_))));
    way.with_compact().await;
    let id = way.rules().await.unwrap().id;
    way.to(id, S::Announced).await;
    let next = v.desk.proposal(v.book, id).await.unwrap().row.effective_from.unwrap();
    let late = way.repeal(Paper::Rules, first, next);
    assert_eq!(refused(v.desk.repeal_paper(&way.township(), &late).await), "already_replaced");
    v.desk.repeal_paper(&way.township(), &way.repeal(Paper::Rules, first, next.plus(-1))).await.unwrap();
    assert_eq!(refused(v.desk.ruleset_for(v.book, next.plus(-1)).await), "no_rules_in_force");
    assert_eq!(v.desk.ruleset_for(v.book, next).await.unwrap().programme.version, 2);
}

#[tokio::test]
async fn a_repealed_compact_leaves_its_citations_stale_and_says_so() {
    let v = Village::new().await;
    let way = Way(&v);
    assert_eq!(
        v.desk.stale_citations(v.book).await.unwrap(),
        [],
        "rules taken over from paper cite one on paper"
    );
    way.with_compact().await;
    assert_eq!(v.desk.stale_citations(v.book).await.unwrap(), []);
    let from = v.desk.papers(v.book).await.unwrap().compacts[0].effective_from;
    v.desk.repeal_paper(&way.township(), &way.repeal(Paper::Compact, from, way.today())).await.unwrap();
    assert!(v.desk.compact_on(v.book, way.today()).await.unwrap().is_none());
    assert!(v.desk.stale_citations(v.book).await.unwrap().len() > 20);
    let again = way.repeal(Paper::Compact, from, way.today());
    assert_eq!(refused(v.desk.repeal_paper(&way.township(), &again).await), "already_repealed");
}

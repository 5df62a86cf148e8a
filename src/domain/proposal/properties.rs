//! Every move from every state, legal and illegal; and random lives of a proposal: whatever is tried in whatever order,
//! nothing is in force that did not pass every step by the hands and on the days the law asks for.

use proptest::prelude::*;

use super::{ProposalState as S, *};

const DRAFTER: &str = "user:drafter";
const SECOND: &str = "user:second";
const TOWNSHIP: &str = "user:township";
const PEOPLE: [&str; 3] = [DRAFTER, SECOND, TOWNSHIP];

fn day(n: i32) -> Day {
    Day::from_number(20_000 + n)
}

fn case(state: S) -> Case {
    Case {
        paper: Paper::Rules,
        state,
        drafters: BTreeSet::from([DRAFTER.to_owned()]),
        hands: BTreeSet::from([DRAFTER.to_owned(), SECOND.to_owned()]),
        last_on: day(0),
        open_until: Some(day(5)),
        unanswered: 0,
        sound: true,
        accepted_on: Some(day(6)),
        replaces_from: Some(day(1)),
        effective_from: Some(day(20)),
    }
}

const ALL_YES: Tally = Tally { body: None, entitled: 9, present: 9, yes: 9, no: 0, abstain: 0 };

fn meet(meeting: Meeting, held: i32) -> Act {
    let body = (meeting == Meeting::Assembly).then_some(Body::Representatives);
    Act::Meet { meeting, held_on: day(held), tally: Tally { body, ..ALL_YES } }
}

/// Every act, each as it would be right in its turn, with who does it.
fn acts() -> Vec<(Act, &'static str)> {
    let mut all = vec![
        (Act::Change, DRAFTER),
        (Act::OpenComment { days: 7 }, DRAFTER),
        (Act::Check, SECOND),
        (Act::Disclose { days: 5 }, SECOND),
        (Act::Uphold, SECOND),
        (Act::File, DRAFTER),
        (Act::Accept, TOWNSHIP),
        (Act::Return, TOWNSHIP),
        (Act::Announce { from: day(20) }, DRAFTER),
        (Act::Repeal { from: day(20) }, TOWNSHIP),
        (Act::Withdraw, DRAFTER),
    ];
    all.extend(Meeting::ALL.iter().map(|m| (meet(*m, 6), DRAFTER)));
    all
}

#[test]
fn from_each_state_exactly_these_moves_lead_on() {
    let possible = |from: S| -> Vec<String> {
        let moves = acts().into_iter().filter_map(|(act, by)| {
            let next = case(from).decide(&act, by, day(6)).ok()?;
            Some(format!("{}>{}", act.step(), next.state))
        });
        moves.collect()
    };
    assert_eq!(possible(S::Draft), ["change>draft", "comment>comment", "withdraw>withdrawn"]);
    assert_eq!(possible(S::Comment), ["change>comment", "check>checked", "withdraw>withdrawn"]);
    assert_eq!(possible(S::Checked), ["withdraw>withdrawn", "branch>proposed"]);
    assert_eq!(possible(S::Proposed), ["withdraw>withdrawn", "committees>consulted"]);
    assert_eq!(possible(S::Consulted), ["withdraw>withdrawn", "members>examined"]);
    assert_eq!(possible(S::Examined), ["withdraw>withdrawn", "assembly>resolved"]);
    assert_eq!(possible(S::Resolved), ["disclose>disclosed"]);
    assert_eq!(possible(S::Disclosed), ["uphold>draft", "file>filed"]);
    assert_eq!(possible(S::Filed), ["accept>accepted", "return>draft"]);
    assert_eq!(possible(S::Accepted), ["announce>announced"]);
    assert_eq!(possible(S::Announced), ["repeal>repealed"]);
    for over in [S::Repealed, S::Rejected, S::Withdrawn] {
        assert_eq!(possible(over), [""; 0]);
    }
}

#[test]
fn nobody_checks_or_discloses_what_they_wrote_and_the_township_had_no_hand_in_it() {
    let tried = |from, act: &Act, by: &str| case(from).decide(act, by, day(6)).map(|n| n.state);
    assert_eq!(tried(S::Comment, &Act::Check, DRAFTER), Err(Forbidden::OwnDraft));
    assert_eq!(tried(S::Resolved, &Act::Disclose { days: 5 }, DRAFTER), Err(Forbidden::OwnDraft));
    for act in [Act::Accept, Act::Return] {
        assert_eq!(tried(S::Filed, &act, SECOND), Err(Forbidden::OwnHand));
    }
    assert_eq!(tried(S::Announced, &Act::Repeal { from: day(20) }, SECOND), Err(Forbidden::OwnHand));
}

#[test]
fn every_period_runs_to_the_end_of_its_last_day() {
    for (from, act, by) in [
        (S::Comment, Act::Check, SECOND),
        (S::Comment, Act::Change, DRAFTER),
        (S::Disclosed, Act::File, DRAFTER),
    ] {
        assert_eq!(case(from).decide(&act, by, day(5)), Err(Forbidden::StillOpen(day(5))));
        assert!(case(from).decide(&act, by, day(6)).is_ok());
    }
    let opened = |days| case(S::Draft).decide(&Act::OpenComment { days }, DRAFTER, day(6));
    assert_eq!(opened(6), Err(Forbidden::Days { least: 7, most: 60 }));
    assert_eq!(opened(61), Err(Forbidden::Days { least: 7, most: 60 }));
    assert_eq!(opened(7).unwrap().open_until, Some(day(13)));
    let hung = |days| case(S::Resolved).decide(&Act::Disclose { days }, SECOND, day(6));
    assert_eq!(hung(4), Err(Forbidden::Days { least: 5, most: 60 }));
    assert_eq!(hung(5).unwrap().open_until, Some(day(11)));
}

#[test]
fn who_spoke_is_answered_first_and_a_faulty_text_goes_nowhere() {
    for (from, act, by) in [(S::Comment, Act::Check, SECOND), (S::Disclosed, Act::File, DRAFTER)] {
        let waiting = Case { unanswered: 2, ..case(from) };
        assert_eq!(waiting.decide(&act, by, day(6)), Err(Forbidden::Unanswered(2)));
    }
    for (from, act, by) in [
        (S::Draft, Act::OpenComment { days: 7 }, DRAFTER),
        (S::Comment, Act::Check, SECOND),
        (S::Filed, Act::Accept, TOWNSHIP),
        (S::Accepted, Act::Announce { from: day(20) }, DRAFTER),
    ] {
        let faulty = Case { sound: false, ..case(from) };
        assert_eq!(faulty.decide(&act, by, day(6)), Err(Forbidden::Faulty));
    }
}

#[test]
fn a_meeting_is_held_after_the_step_before_and_not_tomorrow() {
    let held = |n| {
        let at = Case { last_on: day(3), ..case(S::Checked) };
        at.decide(&meet(Meeting::Branch, n), DRAFTER, day(6)).map(|next| next.on)
    };
    let outside = Err(Forbidden::Held { earliest: day(3), latest: day(6) });
    assert_eq!((held(2), held(7)), (outside, outside));
    assert_eq!((held(3), held(6)), (Ok(day(3)), Ok(day(6))));
}

#[test]
fn a_motion_that_is_not_carried_ends_there() {
    let tally = Tally { yes: 4, no: 5, ..ALL_YES };
    let act = Act::Meet { meeting: Meeting::Branch, held_on: day(6), tally };
    assert_eq!(case(S::Checked).decide(&act, DRAFTER, day(6)).unwrap().state, S::Rejected);
}

#[test]
fn a_version_takes_effect_seven_days_after_filing_and_after_the_one_before() {
    let from =
        |c: &Case, n, today| c.decide(&Act::Announce { from: day(n) }, DRAFTER, day(today)).map(|_| ());
    let filed = case(S::Accepted);
    let least = |n: i32| Err(Forbidden::Effect { earliest: day(n), latest: day(n + 366) });
    assert_eq!(from(&filed, 12, 6), least(13));
    assert_eq!(from(&filed, 13, 6), Ok(()));
    assert_eq!(from(&filed, 30, 30), least(31), "not today");
    let late = Case { replaces_from: Some(day(40)), ..filed };
    assert_eq!(from(&late, 40, 6), least(41));
    assert_eq!(from(&late, 41, 6), Ok(()));
    let order = |n| case(S::Announced).decide(&Act::Repeal { from: day(n) }, TOWNSHIP, day(25)).map(|_| ());
    assert_eq!(order(24), least(25), "rules never reach back");
    assert_eq!(order(25), Ok(()));
}

/// One thing tried.
#[derive(Debug, Clone)]
struct Tried {
    act: usize,
    by: usize,
    days: i32,
    held: i32,
    yes: i64,
    speak: bool,
    answer: bool,
    pass: i32,
}

fn tried() -> impl Strategy<Value = Tried> {
    (0..15_usize, 0..3_usize, 0..12, 0..40, 3..=9_i64, prop::bool::weighted(0.1), any::<bool>(), 0..9)
        .prop_map(|(act, by, days, held, yes, speak, answer, pass)| Tried {
            act,
            by,
            days,
            held,
            yes,
            speak,
            answer,
            pass,
        })
}

fn wanted(t: &Tried, today: i32) -> Act {
    let (act, _) = acts()[t.act];
    match act {
        Act::OpenComment { .. } => Act::OpenComment { days: t.days },
        Act::Disclose { .. } => Act::Disclose { days: t.days },
        Act::Announce { .. } => Act::Announce { from: day(today + t.held) },
        Act::Repeal { .. } => Act::Repeal { from: day(today + t.held) },
        Act::Meet { meeting, tally, .. } => {
            let tally = Tally { yes: t.yes, no: 9 - t.yes, ..tally };
            Act::Meet { meeting, held_on: day(today - t.held % 4), tally }
        }
        plain => plain,
    }
}

/// Half of the tries are the step whose turn it is, or few lives would end in force.
fn turn(state: S, t: &Tried) -> usize {
    let of = |step: Step| acts().iter().position(|(act, _)| act.step() == step).unwrap();
    if t.days % 2 == 0 {
        return t.act;
    }
    of(match state {
        S::Draft => Step::Comment,
        S::Comment => Step::Check,
        S::Checked => Step::Branch,
        S::Proposed => Step::Committees,
        S::Consulted => Step::Members,
        S::Examined => Step::Assembly,
        S::Resolved => Step::Disclose,
        S::Disclosed => Step::File,
        S::Filed => Step::Accept,
        _ => Step::Announce,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_is_tried_what_is_in_force_passed_every_step(tries in prop::collection::vec(tried(), 1..120)) {
        let mut c = Case { open_until: None, accepted_on: None, replaces_from: None, effective_from: None, ..case(S::Draft) };
        c.hands.clear();
        let mut today = 0;
        let mut taken: Vec<(Step, &str, i32)> = Vec::new();
        for mut t in tries {
            today += t.pass;
            let open = c.open_until.is_some_and(|until| day(today) <= until);
            if open && t.speak && matches!(c.state, S::Comment | S::Disclosed) {
                c.unanswered += 1;
            }
            if t.answer {
                c.unanswered = 0;
            }
            t.act = turn(c.state, &t);
            let (act, by) = (wanted(&t, today), PEOPLE[t.by]);
            let before = c.clone();
            let Ok(next) = c.decide(&act, by, day(today)) else {
                prop_assert_eq!(&before, &c);
                continue;
            };
            prop_assert!(next.on >= c.last_on && next.on <= day(today));
            if matches!(act, Act::Check | Act::File) {
                prop_assert!(c.unanswered == 0 && c.open_until.unwrap() < day(today));
            }
            match &act {
                Act::Change => { c.drafters.insert(by.to_owned()); }
                Act::Accept => c.accepted_on = Some(day(today)),
                Act::Announce { from } => c.effective_from = Some(*from),
                _ => {}
            }
            if !matches!(act, Act::Accept | Act::Return | Act::Repeal { .. }) {
                c.hands.insert(by.to_owned());
            }
            if next.state == S::Draft && before.state != S::Draft {
                taken.clear();
                c.unanswered = 0;
            }
            (c.state, c.last_on) = (next.state, next.on);
            if next.open_until.is_some() {
                c.open_until = next.open_until;
            }
            taken.push((act.step(), by, next.on.number()));
        }
        if matches!(c.state, S::Announced | S::Repealed) {
            let steps: Vec<Step> = taken.iter().map(|(step, ..)| *step).filter(|s| !matches!(s, Step::Change | Step::Return | Step::Uphold)).collect();
            let way = [Step::Comment, Step::Check, Step::Branch, Step::Committees, Step::Members, Step::Assembly,
                Step::Disclose, Step::File, Step::Accept, Step::Announce];
            prop_assert_eq!(steps.get(..10).unwrap(), way);
            let of = |step: Step| *taken.iter().find(|(s, ..)| *s == step).unwrap();
            prop_assert!(of(Step::Check).2 - of(Step::Comment).2 > COMMENT_DAYS_MIN);
            prop_assert!(of(Step::File).2 - of(Step::Disclose).2 > DISCLOSE_DAYS_MIN);
            prop_assert!(c.effective_from.unwrap().number() - of(Step::Accept).2 >= EFFECT_AFTER_DAYS);
            for step in [Step::Check, Step::Disclose] {
                prop_assert!(!c.drafters.contains(of(step).1));
            }
            let filer = of(Step::Accept).1;
            prop_assert!(!taken.iter().any(|(s, by, _)| *by == filer && !matches!(s, Step::Accept | Step::Return | Step::Repeal | Step::Announce)));
        }
    }
}

//! The shipped rule sets, and every kind of fault the reader reports.
#![expect(clippy::string_slice, reason = "cut at places just found in the text")]

use super::*;
use crate::domain::lang::Lang;

const FILE: &str = "rural-village.toml";

fn text() -> &'static str {
    shipped()[0].1
}

fn rural() -> RuleSet {
    parse(text(), FILE).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// The text with `old` replaced by `new`, first place after `after`.
fn edit(after: &str, old: &str, new: &str) -> String {
    let at = text().find(after).unwrap();
    let (head, tail) = text().split_at(at);
    assert!(tail.contains(old), "{old}");
    format!("{head}{}", tail.replacen(old, new, 1))
}

/// The edit leads to one fault only, of that kind, in that table, on the line where `key` stands after `after`.
fn one_fault(after: &str, old: &str, new: &str, kind: FaultKind, item: &str, key: &str) -> Fault {
    let edited = edit(after, old, new);
    let faults = check(&edited, FILE);
    assert_eq!(faults.len(), 1, "{faults:#?}");
    let fault = faults.into_iter().next().unwrap();
    let at = edited.find(after).unwrap();
    let at = at + edited[at..].find(key).unwrap();
    let line = edited[..at].matches('\n').count() + 1;
    assert_eq!((fault.kind, fault.item.as_str(), fault.line), (kind, item, line), "{fault}");
    assert!(fault.to_string().starts_with(&format!("{FILE}:{line}: {item}: ")));
    fault
}

#[test]
fn the_shipped_rule_sets_are_sound_and_whole() {
    let [_, (file, text)] = shipped();
    let urban = parse(text, file).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let rural = rural();
    let of = |family: &str| rural.items.iter().filter(|i| i.category == family).count();
    assert_eq!(["A", "B", "C", "D", "E", "F"].map(of), [7, 8, 8, 7, 2, 10]);
    // the handbook's 41, and V4 of its track V, which stands with B
    assert_eq!(rural.items.len(), 42);
    let codes: Vec<_> = urban.items.iter().map(|i| i.code.to_string()).collect();
    assert_eq!(codes, (1..=26).map(|n| format!("U{n}")).collect::<Vec<_>>());
    assert!(!rural.item("F10").unwrap().enabled);
    assert!(rural.item("B4").unwrap().hide_facts && rural.item("B5").unwrap().hide_facts);
    assert_eq!(rural.programme.monthly_soft_ceiling(), 866_666);
}

#[test]
fn the_schema_for_editors_is_in_step() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/ruleset.schema.json");
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    let told = "write it anew: greencoin rules schema > rules/ruleset.schema.json";
    assert!(kept == schema(), "rules/ruleset.schema.json is behind; {told}");
}

#[test]
fn the_hash_is_of_the_content_not_of_the_line_ends() {
    assert_eq!(hash(text()), hash(&text().replace('\n', "\r\n")));
    assert_eq!(rural().hash(), hash(text()));
    assert_eq!(rural().hash().len(), 64);
    assert_ne!(hash("cafe\u{301}"), hash("cafe"));
    assert_eq!(hash("cafe\u{301}"), hash("caf\u{e9}"));
}

#[test]
fn text_that_is_not_toml_is_a_syntax_fault() {
    let edited = edit("code = \"A2\"", "points = 5", "points = = 5");
    let fault = check(&edited, FILE).into_iter().next().unwrap();
    let line = edited[..edited.find("= =").unwrap()].matches('\n').count() + 1;
    assert_eq!((fault.kind, fault.line), (FaultKind::Syntax, line));
    assert_eq!(fault.said.wrong, Wrong::NotToml);
}

#[test]
fn unknown_missing_and_ill_typed_keys_are_all_named_at_once() {
    let edited = edit("code = \"A2\"", "points = 5\nunit = \"month\"", "points = \"many\"\nprice = 5");
    let edited = edited.replacen("verifiers = [\"inspectors\"]", "verifier = [\"inspectors\"]", 1);
    let found: Vec<_> = check(&edited, FILE).into_iter().map(|f| (f.item, f.kind)).collect();
    let a2 = |kind| ("item A2".to_owned(), kind);
    let expected = [
        a2(FaultKind::MissingKey),
        a2(FaultKind::MissingKey),
        a2(FaultKind::BadValue),
        a2(FaultKind::UnknownKey),
        a2(FaultKind::UnknownKey),
    ];
    assert_eq!(found, expected);
}

#[test]
fn faults_of_many_items_are_reported_together_in_the_order_of_the_lines() {
    let mut edited = text().replacen("points = 2\n", "points = 2\nbonus = 1\n", 1);
    edited = edited.replace("verifiers = [\"mediation\"]", "verifiers = [\"nobody\"]");
    edited = edited.replace("code = \"E2\"", "code = \"E1\"");
    edited = edited.replacen("effective_from = \"2025-01-01\"", "effective_from = \"2025-02-30\"", 1);
    let faults = check(&edited, FILE);
    let kinds: Vec<_> = faults.iter().map(|f| f.kind).collect();
    assert!(faults.is_sorted_by_key(|f| f.line));
    for kind in
        [FaultKind::UnknownKey, FaultKind::DanglingReference, FaultKind::DuplicateCode, FaultKind::BadDate]
    {
        assert!(kinds.contains(&kind), "{kind:?} in {faults:#?}");
    }
}

#[test]
fn a_table_nobody_knows_and_a_lost_one_are_named() {
    let faults = check("[[prize]]\ncode = \"X\"\n", "x.toml");
    assert!(faults.iter().any(
        |f| f.said == Wrong::UnknownTable.with("table", "prize").with("tables", &f.said.facts["tables"])
    ));
    assert!(faults.iter().any(|f| f.said.wrong == Wrong::NoProgramme));
    assert!(faults.iter().any(|f| f.said == Wrong::NoTable.with("table", "item")));
}

#[test]
fn a_table_that_cannot_be_read_is_no_fault_of_those_that_cite_it() {
    let unknown = FaultKind::UnknownKey;
    one_fault("[[body]]", "name_en", "price = 1\nname_en", unknown, "body group_leader", "price");
    one_fault("code = \"R2\"", "notice_days", "price = 1\nnotice_days", unknown, "route R2", "price");
    one_fault("code = \"F3\"", "unit", "price = 1\nunit", unknown, "item F3", "price");
}

#[test]
fn codes_are_borne_once_and_citations_met() {
    use FaultKind::{DanglingReference, DuplicateCode};
    let e1 = "points = 5\nunit = \"quarter\"";
    one_fault(e1, "code = \"E2\"", "code = \"E1\"", DuplicateCode, "item E1", "code = \"E1\"");
    let a2 = "code = \"A2\"";
    one_fault(a2, "[\"compact-1\"]", "[\"compact-77\"]", DanglingReference, "item A2", "basis");
    one_fault(a2, "basis = [\"compact-1\"]", "basis = []", DanglingReference, "item A2", "basis");
    one_fault(a2, "category = \"A\"", "category = \"Z\"", DanglingReference, "item A2", "category");
    one_fault(a2, "[\"inspectors\"]", "[\"ghosts\"]", DanglingReference, "item A2", "verifiers");
    let group = "code = \"same-hours\"";
    one_fault(group, "\"C2\"", "\"C99\"", DanglingReference, "exclusive same-hours", "members");
    one_fault("code = \"F9\"", "\"F7\"", "\"F77\"", DanglingReference, "item F9", "restores");
    one_fault("code = \"F9\"", "\"F7\"", "\"A1\"", DanglingReference, "item F9", "restores");
}

#[test]
fn an_item_is_worth_something_in_one_way() {
    let worth = FaultKind::Worth;
    one_fault("code = \"A2\"", "points = 5", "points = 5\nrate = 2", worth, "item A2", "points");
    one_fault("code = \"A2\"", "points = 5", "points = 0", worth, "item A2", "points");
    one_fault("code = \"B5\"", "[5, 10]", "[10, 5]", worth, "item B5", "range");
    one_fault("code = \"C1\"", "unit = \"hour\"", "unit = \"day\"", worth, "item C1", "service_minutes");
    one_fault("code = \"A2\"", "points = 5", "points = \"5.001\"", FaultKind::BadValue, "item A2", "points");
}

#[test]
fn caps_that_could_not_be_met_or_would_never_bind_are_refused() {
    let cap = FaultKind::ImpossibleCap;
    let a1 = |old, new| one_fault("code = \"A1\"", old, new, cap, "item A1", "caps");
    a1("points = 24 }", "points = 0 }");
    a1("points = 24 }", "points = 1 }");
    a1("points = 24 }", "hours = 1 }");
    a1(
        "per = \"household\", period = \"month\", times = 1",
        "per = \"person\", period = \"month\", times = 1",
    );
    a1("times = 1 }", "times = 1, points = 3 }");
    let c1 = one_fault("code = \"C1\"", "hours = 8 }", "hours = 80 }", cap, "item C1", "caps");
    assert_eq!(c1.said.wrong, Wrong::CapShorterAbove);
    one_fault("code = \"A2\"", "percent = 20", "percent = 120", cap, "item A2", "quota");
    one_fault("code = \"A2\"", "per = \"group\"", "per = \"person\"", cap, "item A2", "quota");
    one_fault("[programme]", "cap_month = 60", "cap_month = 600", cap, "programme RS-1", "cap_month");
    one_fault(
        "[programme]",
        "annual_ceiling = 80000",
        "annual_ceiling = 300",
        cap,
        "programme RS-1",
        "cap_year",
    );
}

#[test]
fn the_limits_of_the_counters_are_the_programmes_and_make_sense() {
    assert_eq!(rural().programme.counter, CounterTerms::default());
    let without = text().lines().filter(|l| !l.starts_with("counter")).collect::<Vec<_>>().join("\n");
    let left_out = parse(&without, FILE).unwrap().programme.counter;
    assert_eq!(left_out, CounterTerms::default(), "older rule sets stay what they were");
    let own = edit("[programme]", "card_day_max = 50", "card_day_max = \"80.5\"");
    assert_eq!(parse(&own, FILE).unwrap().programme.counter.card_day_max, 8_050);
    let one = |old, new, kind| one_fault("[programme]", old, new, kind, "programme RS-1", "counter");
    one("card_day_max = 50", "card_day_max = 15", FaultKind::ImpossibleCap);
    one("card_pin_above = 20", "card_pin_above = 50", FaultKind::ImpossibleCap);
    one("code_seconds = 60", "code_seconds = 600", FaultKind::BadValue);
    one("pin_tries = 3", "pin_tries = 0", FaultKind::BadValue);
    one("order_max = 200", "order_max = -1", FaultKind::BadValue);
    let changed = parse(&own, FILE).unwrap();
    let told: Vec<_> = diff(&rural(), &changed).iter().map(|c| c.words(Lang::Zh)).collect();
    assert_eq!(told, ["programme: 积分卡每日上限由 50 改为 80.5"]);
}

#[test]
fn dates_exist_and_follow_one_another() {
    let date = FaultKind::BadDate;
    let a2 = |new: &str, key| {
        one_fault("code = \"A2\"", "points = 5", &format!("points = 5\n{new}"), date, "item A2", key)
    };
    a2("effective_from = \"2026-02-29\"", "effective_from");
    a2("effective_from = \"2026-03-01\"\neffective_until = \"2026-02-01\"", "effective_until");
    a2("effective_from = \"2024-01-01\"", "effective_from");
    one_fault("[programme]", "month = 3, day = 31", "month = 2, day = 30", date, "programme RS-1", "expiry");
}

#[test]
fn notices_are_long_enough_and_routes_rise() {
    let route = FaultKind::Route;
    one_fault("code = \"R0\"", "notice_days = 5", "notice_days = 3", route, "route R0", "notice_days");
    one_fault("code = \"R3\"", "notice_days = 7", "notice_days = 6", route, "route R3", "notice_days");
    one_fault("code = \"R3\"", "\"supervision\", ", "", route, "route R3", "steps");
    one_fault("code = \"R3\"", "from_points = 50", "from_points = 10", route, "route R3", "from_points");
    one_fault("code = \"F1\"", "route = \"R2\"", "route = \"R1\"", route, "item F1", "route");
}

#[test]
fn evidence_can_be_given_and_no_photo_is_forced() {
    let evidence = FaultKind::Evidence;
    one_fault("code = \"A2\"", "[\"inspection\"]", "[]", evidence, "item A2", "evidence");
    let forced = "[\"inspection\", \"photo\"], all = true";
    one_fault("code = \"A2\"", "[\"inspection\"]", forced, evidence, "item A2", "evidence");
}

#[test]
fn deductions_never_reach_spendable_points() {
    let kind = FaultKind::RedeemableDeduction;
    one_fault("code = \"F2\"", "target = \"honor\"", "target = \"both\"", kind, "item F2", "target");
    one_fault("code = \"F9\"", "target = \"honor\"", "target = \"points\"", kind, "item F9", "target");
}

#[test]
fn forbidden_topics_are_refused_by_name() {
    let kind = FaultKind::ForbiddenTopic;
    for topic in
        ["不越级上访", "取消低保", "罚款抵扣", "积分提现", "计划生育户", "宗教活动", "黑榜公示", "刷脸签到"]
    {
        let name = format!("name = \"{topic}\"");
        let fault = one_fault("code = \"A2\"", "name = \"月度最清洁户\"", &name, kind, "item A2", "name");
        assert!(fault.said.wrong.as_str().starts_with("topic_"), "{fault}");
    }
    let english = "name_en = \"No fines this month\"";
    one_fault(
        "code = \"A2\"",
        "name_en = \"Cleanest household of the month\"",
        english,
        kind,
        "item A2",
        "name_en",
    );
    let finest = edit("code = \"A2\"", "Cleanest household", "Finest household");
    assert_eq!(check(&finest, FILE), [], "the finest household is not fined");
    one_fault("code = \"F2\"", "name = \"乱倒垃圾、污水\"", "name = \"无理投诉\"", kind, "item F2", "name");
}

#[test]
fn sensitive_items_need_a_document_and_the_township() {
    let kind = FaultKind::Sensitive;
    one_fault("code = \"F10\"", "route = \"R3\"", "route = \"R2\"", kind, "item F10", "sensitive");
    one_fault("code = \"F10\"", "[\"document\"]", "[\"photo\"]", kind, "item F10", "sensitive");
}

#[test]
fn a_revision_is_told_in_plain_words() {
    let a = rural();
    let edited = edit("code = \"A2\"", "points = 5", "points = 8");
    let edited =
        edited.replacen("version = 1", "version = 2", 1).replacen("cap_month = 60", "cap_month = 80", 1);
    let cut = edited.find("\n[[item]]\ncode = \"E2\"").unwrap();
    let end = cut + 2 + edited[cut + 2..].find("\n# F ").unwrap();
    let b = parse(&format!("{}\n{}", &edited[..cut], &edited[end..]), FILE).unwrap();
    let words = |lang| diff(&a, &b).iter().map(|c| c.words(lang)).collect::<Vec<_>>();
    assert_eq!(
        words(Lang::Zh),
        [
            "programme: 版本由 1 改为 2",
            "programme: 每月可兑换上限由 60 改为 80",
            "A2: 分值由 +5分 改为 +8分",
            "E2: 删去 签订并存档承诺书",
        ]
    );
    assert_eq!(words(Lang::En)[2], "A2: worth from +5 points to +8 points");
    assert!(diff(&b, &a).iter().any(|c| c.words(Lang::En) == "E2: added Pledge signed and filed: +2 points"));
    assert_eq!(diff(&a, &a), []);
}

#[test]
fn points_lapse_on_the_day_the_programme_says() {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let rural = rural();
    assert_eq!(rural.programme.expiry.last_day(day("2026-06-10")), Some(day("2027-03-31")));
    let rolling = Expiry::Rolling { months: 24, reminders: Vec::new() };
    assert_eq!(rolling.last_day(day("2026-06-10")), Some(day("2028-06-10")));
    let short = Expiry::Rolling { months: 1, reminders: Vec::new() };
    assert_eq!(short.last_day(day("2026-01-31")), Some(day("2026-02-28")));
    assert_eq!(Expiry::ResetToBase.last_day(day("2026-06-10")), Some(day("2026-12-31")));
    for (period, grace_days, last) in [
        (ExpiryPeriod::Month, 0, "2026-06-30"),
        (ExpiryPeriod::Quarter, 15, "2026-07-15"),
        (ExpiryPeriod::Year, 31, "2027-01-31"),
    ] {
        let end = Expiry::EndOfPeriod { period, grace_days, reminders: vec![30, 7] };
        assert_eq!(end.last_day(day("2026-06-10")), Some(day(last)));
        assert_eq!(end.last_day_of_opening(day("2026-06-10")), None, "what was brought over stays");
    }
    assert_eq!(Expiry::ResetToBase.last_day_of_opening(day("2026-06-10")), Some(day("2026-12-31")));
    assert_eq!(Expiry::None.last_day(day("2026-06-10")), None);
}

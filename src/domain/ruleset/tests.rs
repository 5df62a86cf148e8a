//! The shipped rule sets, and every kind of fault the reader reports.

use super::*;

fn rural() -> RuleSet {
    let [(file, text), _] = shipped();
    parse(text, file).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

#[test]
fn the_shipped_rule_sets_are_sound_and_whole() {
    let [_, (file, text)] = shipped();
    let urban = parse(text, file).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let rural = rural();
    let of = |family: &str| rural.items.iter().filter(|i| i.category == family).count();
    assert_eq!(["A", "B", "C", "D", "E", "F"].map(of), [7, 7, 8, 7, 2, 10]);
    assert_eq!(rural.items.len(), 41);
    let codes: Vec<_> = urban.items.iter().map(|i| i.code.to_string()).collect();
    assert_eq!(codes, (1..=26).map(|n| format!("U{n}")).collect::<Vec<_>>());
    assert!(!rural.item("F10").unwrap().enabled);
}

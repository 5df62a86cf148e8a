//! What the decision core promises of holds.

use super::*;

#[test]
fn a_hold_is_resolved_once_and_never_for_more_than_was_held() {
    let mut book = funded();
    let held_points = hold("h", "H1", 300);
    let seq = posted(&mut book, &held_points).seq;
    let counter = chart::redeemed("C1").unwrap();
    let capture = |key: &str, taken: i64, back: i64| {
        let mut lines = vec![(held("H1"), 300), (counter.clone(), -taken)];
        lines.extend((back != 0).then(|| (available("H1"), -back)));
        Command { resolves: Some(seq), ..command(key, TxnKind::Capture, points(&lines)) }
    };
    assert_eq!(refused(&mut book, &capture("a", 350, -50)).code, RefusalCode::ExceedsHold);
    let elsewhere = points(&[(held("H1"), 300), (counter.clone(), -200), (available("H2"), -100)]);
    let elsewhere = Command { resolves: Some(seq), ..command("x", TxnKind::Capture, elsewhere) };
    assert_eq!(refused(&mut book, &elsewhere).code, RefusalCode::ExceedsHold);
    let own = redemption("b", "H1", 300);
    assert_eq!(refused(&mut book, &Command { kind: TxnKind::Capture, ..own }).code, RefusalCode::InvalidLink);
    posted(&mut book, &capture("c", 200, 100));
    assert_eq!(refused(&mut book, &capture("d", 200, 100)).code, RefusalCode::AlreadyResolved);
    let release =
        Command { resolves: Some(seq), ..command("e", TxnKind::Release, held_points.posting.mirror()) };
    assert_eq!(refused(&mut book, &release).code, RefusalCode::AlreadyResolved);
    let direct = command("f", TxnKind::Redemption, points(&[(held("H1"), 1), (counter.clone(), -1)]));
    assert_eq!(refused(&mut book, &direct).code, RefusalCode::ReserveMismatch);
    assert_eq!((balance(&book, &held("H1")), balance(&book, &available("H1"))), (0, -4_800));
}

#[test]
fn a_hold_goes_back_to_whom_it_came_from_as_a_whole_and_is_taken_with_no_other() {
    let mut book = funded();
    posted(&mut book, &award("second award", "H2", 5_000));
    let seq = posted(&mut book, &hold("h", "H1", 300)).seq;
    posted(&mut book, &hold("other", "H2", 300));
    let counter = chart::redeemed("C1").unwrap();
    let resolve = |key: &str, kind, lines: &[(Path, i64)]| Command {
        resolves: Some(seq),
        ..command(key, kind, points(lines))
    };
    let wrong_home = resolve("a", TxnKind::Release, &[(held("H1"), 300), (available("H2"), -300)]);
    assert_eq!(refused(&mut book, &wrong_home).code, RefusalCode::NotMirror);
    let in_part = resolve("b", TxnKind::Release, &[(held("H1"), 100), (available("H1"), -100)]);
    assert_eq!(refused(&mut book, &in_part).code, RefusalCode::NotMirror);
    let left_over = resolve("c", TxnKind::Capture, &[(held("H1"), 200), (counter.clone(), -200)]);
    assert_eq!(refused(&mut book, &left_over).code, RefusalCode::ReserveMismatch);
    let with_another =
        resolve("d", TxnKind::Capture, &[(held("H1"), 300), (held("H2"), 100), (counter.clone(), -400)]);
    assert_eq!(refused(&mut book, &with_another).code, RefusalCode::ReserveMismatch);
    posted(&mut book, &resolve("e", TxnKind::Capture, &[(held("H1"), 300), (counter, -300)]));
    assert_eq!((balance(&book, &held("H1")), balance(&book, &held("H2"))), (0, -300));
}

#[test]
fn undoing_a_capture_undoes_its_hold_too() {
    let mut book = funded();
    let held_points = hold("h", "H1", 300);
    posted(&mut book, &held_points);
    let counter = chart::redeemed("C1").unwrap();
    let taken = points(&[(held("H1"), 300), (counter.clone(), -300)]);
    posted(&mut book, &Command { resolves: Some(3), ..command("c", TxnKind::Capture, taken.clone()) });
    assert_eq!(refused(&mut book, &reversal("a", 3, &held_points.posting)).code, RefusalCode::ReversalOfHold);
    assert_eq!(refused(&mut book, &reversal("b", 4, &taken)).code, RefusalCode::NotMirror);
    posted(&mut book, &reversal("u", 4, &held_points.posting.combined(&taken).unwrap()));
    assert_eq!((balance(&book, &held("H1")), balance(&book, &available("H1"))), (0, -5_000));
}

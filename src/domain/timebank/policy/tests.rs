//! The shipped policies against what each place published, and files that are wrong.

use super::*;

fn policy(code: &str) -> Policy {
    Policies::parse(SHIPPED).unwrap().by_code(code).unwrap_or_else(|| panic!("no {code}")).clone()
}

const CITIES: [&str; 4] = ["nanjing", "beijing", "shanghai-hongkou", "guangzhou-nansha"];

#[test]
fn the_shipped_file_has_the_default_and_four_places() {
    let codes: Vec<String> = Policies::shipped().all().iter().map(|p| p.code.clone()).collect();
    assert_eq!(codes, [DEFAULT, "nanjing", "beijing", "shanghai-hongkou", "guangzhou-nansha"]);
    for policy in Policies::shipped().all() {
        assert!(!policy.name.is_empty() && policy.name_en.is_ascii() && !policy.source.is_empty());
    }
}

#[test]
fn the_default_counts_quarters_down_and_nothing_under_half_an_hour() {
    let counting = policy(DEFAULT).counting;
    for (present, counted) in
        [(0, 0), (14, 0), (15, 0), (29, 0), (30, 30), (44, 30), (45, 45), (59, 45), (60, 60), (95, 90)]
    {
        assert_eq!(counting.counted(present), counted, "{present} min");
    }
    assert_eq!((counting.pairs_a_day, counting.late_working_days), (3, 10));
    assert_eq!((counting.confirm_hours, counting.hold_rating), (72, 2));
    for (minutes, hand) in [(480, Hand::Own), (481, Hand::Parent), (720, Hand::Parent), (721, Hand::County)] {
        assert_eq!(counting.hand(minutes), hand, "{minutes} min");
    }
}

/// One place: cap in hours, what is chosen beyond it, age to draw, whose minutes pay, to whom gifts go, how minors
/// serve, points for an hour, how far minutes reach.
type Published =
    (Option<i64>, &'static [Brim], i32, &'static [Drawer], Receivers, Minors, Option<i64>, Reach);

/// Cap, brim, age, drawers, receivers, minors, reward, reach.
type Gist = (Option<i64>, Vec<Brim>, i32, Vec<Drawer>, Receivers, Minors, Option<i64>, Reach);

fn published(p: &Policy) -> Gist {
    let cap = p.saving.cap.map(|minutes| minutes / HOUR);
    let (brim, drawers) = (p.saving.brim.clone(), p.drawing.drawers.clone());
    let reward = p.reward_points_per_hour;
    (cap, brim, p.drawing.age, drawers, p.gifts.to, p.joining.minors, reward, p.clearing)
}

#[test]
fn each_place_says_what_it_published() {
    use Drawer::{Lineal, Own, Spouse};
    let both: &[Brim] = &[Brim::Donate, Brim::Honor];
    let rows: [(&str, Published); 4] = [
        // 1,500 h, then donate or honour; 60 with time of one's own; hours only for hours
        ("nanjing", (Some(1_500), both, 60, &[Own], Receivers::Lineal, Minors::Guardian, None, Reach::City)),
        // self or spouse from 60; lineal relatives; pupils with a guardian; no money and no goods
        ("beijing", (None, &[], 60, &[Own, Spouse], Receivers::Lineal, Minors::Guardian, None, Reach::City)),
        // from 65; family and friends; minors in groups only; the district before the city
        (
            "shanghai-hongkou",
            (None, &[], 65, &[Own], Receivers::KinAndFriends, Minors::Group, None, Reach::District),
        ),
        // at any age, for anybody, with small rewards
        (
            "guangzhou-nansha",
            (None, &[], 0, &[Own, Spouse, Lineal], Receivers::Anyone, Minors::Guardian, Some(2), Reach::None),
        ),
    ];
    for (code, (cap, brim, age, drawers, to, minors, reward, reach)) in rows {
        let expected = (cap, brim.to_vec(), age, drawers.to_vec(), to, minors, reward, reach);
        assert_eq!(published(&policy(code)), expected, "{code}");
    }
    assert_eq!(policy("beijing").saving.special_care, Some(10_000 * HOUR));
    assert_eq!(policy("nanjing").saving.groups, GroupHours::Pool);
    assert_eq!(policy("beijing").services.len(), 8);
    assert_eq!(policy("nanjing").services.len(), 5);
    assert_eq!(policy("shanghai-hongkou").drawing.hardship_age, 60);
}

#[test]
fn the_places_contradict_each_other_pair_by_pair() {
    for (n, one) in CITIES.iter().enumerate() {
        for other in CITIES.iter().skip(n + 1) {
            assert_ne!(published(&policy(one)), published(&policy(other)), "{one} and {other}");
        }
    }
}

#[test]
fn where_a_place_is_silent_the_default_holds() {
    let default = policy(DEFAULT);
    for code in CITIES {
        let place = policy(code);
        assert_eq!(place.counting, default.counting, "{code}");
        assert_eq!(place.stars, default.stars, "{code}");
        assert_eq!(place.saving.expiry_years, None, "{code}: hours do not lapse");
        assert_eq!(place.gifts.cooling_days, 7, "{code}");
    }
}

#[test]
fn hours_cannot_be_bought_sold_or_traded_for_goods_by_any_file() {
    for key in ["price_fen = 100", "sale = true", "goods = [\"wok\"]", "cash = true"] {
        let text = SHIPPED.replacen("reward_points_per_hour = 0", key, 1);
        let faults = Policies::parse(&text).unwrap_err().0;
        assert!(matches!(faults.as_slice(), [PolicyFault::Unreadable(_)]), "{key}: {faults:?}");
    }
}

#[test]
fn everything_wrong_is_named_with_its_policy() {
    let faults = |from: &str, to: &str| {
        assert!(SHIPPED.contains(from), "{from}");
        let faults = Policies::parse(&SHIPPED.replacen(from, to, 1)).unwrap_err();
        faults.to_string()
    };
    assert!(faults("least_minutes = 30", "").contains("RS-3 does not say least_minutes"));
    assert!(faults("pairs_a_day = 3", "pairs_a_day = 0").contains("pairs_a_day"));
    assert!(faults("parent_hours_a_day = 12", "parent_hours_a_day = 7").contains("parent_hours_a_day"));
    assert!(faults("minors = \"guardian\"", "minors = \"alone\"").contains("minors"));
    assert!(faults("cap_hours = 1500", "cap_hours = 0").contains("brim"), "nothing to choose without a cap");
    assert!(faults("brim = []", "brim = [\"sell\"]").contains("beijing: brim"));
    assert!(
        faults("hardship_age = 60\ndrawers = [\"self\"]\n", "hardship_age = 66\ndrawers = [\"self\"]\n")
            .contains("shanghai-hongkou: hardship_age")
    );
    assert!(faults("[100, 300,", "[300, 100,").contains("star_hours"));
    assert!(faults("star_notice_working_days = 5", "star_notice_working_days = 4").contains("star_notice"));
    assert!(faults("late_working_days = 10", "late_working_days = 11").contains("late_working_days"));
    assert!(faults("cooling_days = 7", "cooling_days = 0").contains("gift.cooling_days"));
    assert!(
        faults("eligible = [[\"aged_80\", \"empty_nest\"],", "eligible = [[],").contains("pool.eligible")
    );
    assert!(faults("base = \"RS-3\"", "base = \"RS-9\"").contains("builds on RS-9"));
    assert!(faults("code = \"beijing\"", "code = \"nanjing\"").contains("two policies"));
    let two = SHIPPED.replacen("pairs_a_day = 3", "pairs_a_day = 0", 1).replacen(
        "draw_age = 60",
        "draw_age = -1",
        1,
    );
    let faults = Policies::parse(&two).unwrap_err().0;
    assert!(faults.len() > 2, "every fault at once: {faults:?}");
}

//! The tree of the demo: an invented county, township and village with 12 grids, their groups and household groups.

use super::DemoOrg;
use crate::domain::org::{DivisionCode, OrgKind};

/// Name and households of every group; together 1,155.
const GROUPS: [(&str, usize); 12] = [
    ("上村", 92),
    ("下村", 101),
    ("水井边", 88),
    ("老街", 110),
    ("大河边", 96),
    ("石头寨", 84),
    ("新村", 105),
    ("核桃箐", 99),
    ("白沙坡", 93),
    ("梨树园", 90),
    ("小坝子", 102),
    ("龙潭", 95),
];
/// Most households of a household group (联户).
const HOUSEHOLD_GROUP_MAX: usize = 16;
const NUMERALS: [&str; 12] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];

/// The tree and the place of the village in it.
pub(super) fn tree() -> (Vec<DemoOrg>, usize) {
    let coded = |kind, name: &str, parent, code: &str| DemoOrg {
        kind,
        name: name.to_owned(),
        parent,
        code: DivisionCode::parse(code).ok(),
    };
    let mut orgs = vec![
        coded(OrgKind::County, "云岭县", None, "530399000000"),
        coded(OrgKind::Township, "松溪镇", Some(0), "530399101000"),
        coded(OrgKind::Village, "青禾村", Some(1), "530399101201"),
    ];
    let village = orgs.len() - 1;
    let plain = |kind, name: String, parent| DemoOrg { kind, name, parent: Some(parent), code: None };
    for ((name, households), numeral) in GROUPS.iter().zip(NUMERALS) {
        orgs.push(plain(OrgKind::Grid, format!("第{numeral}网格"), village));
        let grid = orgs.len() - 1;
        orgs.push(plain(OrgKind::Group, format!("{numeral}组（{name}）"), grid));
        let group = orgs.len() - 1;
        for i in 1..=households.div_ceil(HOUSEHOLD_GROUP_MAX) {
            orgs.push(plain(OrgKind::HouseholdGroup, format!("{name}第{i}联户"), group));
        }
    }
    (orgs, village)
}

/// For every household in order: its grid (0 to 11), its group and its household group in `orgs`.
pub(super) fn homes(orgs: &[DemoOrg]) -> Vec<(usize, usize, usize)> {
    let children = |parent: usize, kind: OrgKind| -> Vec<usize> {
        let of = |(i, o): (usize, &DemoOrg)| (o.kind == kind && o.parent == Some(parent)).then_some(i);
        orgs.iter().enumerate().filter_map(of).collect()
    };
    let groups: Vec<usize> =
        orgs.iter().enumerate().filter(|(_, o)| o.kind == OrgKind::Group).map(|(i, _)| i).collect();
    let mut homes = Vec::new();
    for (grid, (group, (_, households))) in groups.iter().zip(GROUPS).enumerate() {
        let leagues = children(*group, OrgKind::HouseholdGroup);
        for h in 0..households {
            let league = leagues.get(h * leagues.len() / households).copied().unwrap_or(*group);
            homes.push((grid, *group, league));
        }
    }
    homes
}

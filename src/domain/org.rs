//! The tree county → township → village → group → hamlet → household group, and its division codes.
//! Rural and urban places share the kinds and differ in the words. Holds no tree walking in a database.

use std::{fmt, str::FromStr};

use super::{
    time::Day,
    wording::{Words, vocabulary},
};

vocabulary! {
    /// A kind of node. The word here is the rural one; see [`OrgKind::label`].
    OrgKind {
        /// County, district or county-level city: the operator.
        County = "county", "县(市、区)", "county";
        /// Township or town; street in a city.
        Township = "township", "乡镇", "township";
        /// Administrative village; community in a city: the tenant.
        Village = "village", "行政村", "village";
        /// Villagers' group; estate in a city.
        Group = "group", "村民小组", "group";
        /// Hamlet; building in a city.
        Hamlet = "hamlet", "湾落", "hamlet";
        /// Ten to twenty households with a head of their own (联户); core household's neighbours in a city.
        HouseholdGroup = "household_group", "联户", "household group";
        /// A grid: never spans villages.
        Grid = "grid", "网格", "grid";
    }
}

vocabulary! {
    /// Which words a place uses for its kinds.
    LabelSet {
        /// 乡镇 · 行政村 · 村民小组 · 湾落 · 联户.
        Rural = "rural", "农村", "rural";
        /// 街道 · 社区 · 小区 · 楼栋 · 中心户.
        Urban = "urban", "城市", "urban";
    }
}

impl OrgKind {
    /// The word for this kind in a rural or an urban place.
    #[must_use]
    pub const fn label(self, set: LabelSet) -> Words {
        match (set, self) {
            (LabelSet::Urban, Self::Township) => Words { zh: "街道", en: "street" },
            (LabelSet::Urban, Self::Village) => Words { zh: "社区", en: "community" },
            (LabelSet::Urban, Self::Group) => Words { zh: "小区", en: "estate" },
            (LabelSet::Urban, Self::Hamlet) => Words { zh: "楼栋", en: "building" },
            (LabelSet::Urban, Self::HouseholdGroup) => Words { zh: "中心户", en: "core household" },
            (_, kind) => kind.words(),
        }
    }

    /// Whether a node of this kind may stand directly under one of `parent`; `None` is the root. Levels between
    /// the village and the household may be left out, so the depth varies.
    #[must_use]
    pub const fn may_stand_under(self, parent: Option<Self>) -> bool {
        match (self, parent) {
            (Self::County, None)
            | (Self::Township, Some(Self::County))
            | (Self::Village, Some(Self::Township))
            | (Self::Group, Some(Self::Village | Self::Grid))
            | (Self::Grid, Some(Self::Village | Self::Group))
            | (Self::Hamlet, Some(Self::Village | Self::Group | Self::Grid)) => true,
            (Self::HouseholdGroup, Some(parent)) => {
                parent.holds_households() && !matches!(parent, Self::HouseholdGroup)
            }
            _ => false,
        }
    }

    /// Whether households may belong to a node of this kind.
    #[must_use]
    pub const fn holds_households(self) -> bool {
        !matches!(self, Self::County | Self::Township)
    }
}

/// Prefectures without counties: their townships stand directly under them.
const PREFECTURES_WITHOUT_COUNTIES: [&str; 4] = ["4419", "4420", "4604", "6202"];

/// A 12-digit statistical division code: an attribute of a place with dates, never its key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct DivisionCode(String);

/// Why a text is no division code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDivisionCode {
    /// Not 12 digits (or 6 or 9, which are filled up with zeros).
    #[error("a division code has 12 digits")]
    Shape,
    /// No province has these first two digits.
    #[error("no province has the code {0}")]
    Province(u16),
    /// Digits follow a level that is missing.
    #[error("the code names a place below a level that is zero")]
    Gap,
    /// Township digits outside 001–599.
    #[error("township digits {0:03} are not between 001 and 599")]
    Township(u16),
    /// Village digits outside 001–599.
    #[error("village digits {0:03} are not between 001 and 599")]
    Village(u16),
}

/// How far down a code reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DivisionLevel {
    /// Two digits.
    Province,
    /// Four digits.
    Prefecture,
    /// Six digits.
    County,
    /// Nine digits.
    Township,
    /// All twelve.
    Village,
}

impl DivisionCode {
    /// Parses 6, 9 or 12 digits.
    ///
    /// # Errors
    /// [`InvalidDivisionCode`] says which part is impossible.
    pub fn parse(text: &str) -> Result<Self, InvalidDivisionCode> {
        let text = super::wording::fold_typed(text);
        if !matches!(text.len(), 6 | 9 | 12) || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidDivisionCode::Shape);
        }
        let code = Self(format!("{text:0<12}"));
        let (province, prefecture, county) = (code.part(0, 2), code.part(2, 4), code.part(4, 6));
        let (township, village) = (code.part(6, 9), code.part(9, 12));
        if !matches!(province, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81 | 82) {
            return Err(InvalidDivisionCode::Province(province));
        }
        let county_missing = county == 0 && !code.lacks_counties();
        let gap = (prefecture == 0 && county != 0)
            || (county_missing && township != 0)
            || (prefecture == 0 && township != 0)
            || (township == 0 && village != 0);
        if gap {
            return Err(InvalidDivisionCode::Gap);
        }
        if township > 599 {
            return Err(InvalidDivisionCode::Township(township));
        }
        if village > 599 {
            return Err(InvalidDivisionCode::Village(village));
        }
        Ok(code)
    }

    fn part(&self, from: usize, to: usize) -> u16 {
        self.0.get(from..to).and_then(|s| s.parse().ok()).unwrap_or(0)
    }

    fn lacks_counties(&self) -> bool {
        PREFECTURES_WITHOUT_COUNTIES.iter().any(|p| self.0.starts_with(p))
    }

    /// All twelve digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How far down the code reaches.
    #[must_use]
    pub fn level(&self) -> DivisionLevel {
        if self.part(9, 12) > 0 {
            DivisionLevel::Village
        } else if self.part(6, 9) > 0 {
            DivisionLevel::Township
        } else if self.part(4, 6) > 0 {
            DivisionLevel::County
        } else if self.part(2, 4) > 0 {
            DivisionLevel::Prefecture
        } else {
            DivisionLevel::Province
        }
    }

    /// The code one level up. Counties run by the province (429004) stand under it; townships of a prefecture
    /// without counties (4419) stand under the prefecture.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let keep = match self.level() {
            DivisionLevel::Village => 9,
            DivisionLevel::Township if self.part(4, 6) == 0 => 4,
            DivisionLevel::Township => 6,
            DivisionLevel::County if self.part(2, 4) == 90 => 2,
            DivisionLevel::County => 4,
            DivisionLevel::Prefecture => 2,
            DivisionLevel::Province => return None,
        };
        let head = self.0.get(..keep)?;
        Some(Self(format!("{head:0<12}")))
    }

    /// The words its township or village digits ask for: 001–099 is a street, 001–199 a residents' committee.
    #[must_use]
    pub fn label_set(&self) -> Option<LabelSet> {
        let urban = match self.level() {
            DivisionLevel::Village => matches!(self.part(9, 12), 1..=199 | 400..=499),
            DivisionLevel::Township => matches!(self.part(6, 9), 1..=99),
            _ => return None,
        };
        Some(if urban { LabelSet::Urban } else { LabelSet::Rural })
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for DivisionCode {
    type Err = InvalidDivisionCode;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// A code with the days it is valid: from `valid_from` to the day before `valid_to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedCode {
    /// The code.
    pub code: DivisionCode,
    /// The first day it holds.
    pub valid_from: Day,
    /// The first day it no longer holds; open when nothing has replaced it.
    pub valid_to: Option<Day>,
}

impl DatedCode {
    /// Whether the code holds on `day`.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day < to)
    }
}

/// The code of a place on `day`, from all the codes it has had.
#[must_use]
pub fn code_on(codes: &[DatedCode], day: Day) -> Option<&DivisionCode> {
    codes.iter().find(|c| c.holds_on(day)).map(|c| &c.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> DivisionCode {
        text.parse().unwrap()
    }

    #[test]
    fn ordinary_codes_climb_village_township_county_prefecture_province() {
        let mut at = Some(code("530302103205"));
        let mut seen = Vec::new();
        while let Some(c) = at {
            seen.push(c.to_string());
            at = c.parent();
        }
        assert_eq!(seen, ["530302103205", "530302103000", "530302000000", "530300000000", "530000000000"]);
    }

    #[test]
    fn xiantao_has_no_prefecture_and_dongguan_no_county() {
        assert_eq!(code("429004").parent(), Some(code("420000")));
        assert_eq!(code("441900003000").parent(), Some(code("441900")));
        assert_eq!(code("441900003000").level(), DivisionLevel::Township);
        assert_eq!("530300003000".parse::<DivisionCode>(), Err(InvalidDivisionCode::Gap));
    }

    #[test]
    fn the_digits_tell_towns_from_streets_and_villages_from_communities() {
        assert_eq!(code("530302001000").label_set(), Some(LabelSet::Urban));
        assert_eq!(code("530302103000").label_set(), Some(LabelSet::Rural));
        assert_eq!(code("530302103001").label_set(), Some(LabelSet::Urban));
        assert_eq!(code("530302103205").label_set(), Some(LabelSet::Rural));
        assert_eq!(code("530302").label_set(), None);
    }

    #[test]
    fn impossible_codes_are_refused() {
        for (text, fault) in [
            ("53030210320", InvalidDivisionCode::Shape),
            ("990302103205", InvalidDivisionCode::Province(99)),
            ("530302700205", InvalidDivisionCode::Township(700)),
            ("530302103700", InvalidDivisionCode::Village(700)),
            ("530302000205", InvalidDivisionCode::Gap),
            ("530002000000", InvalidDivisionCode::Gap),
        ] {
            assert_eq!(text.parse::<DivisionCode>(), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_merged_village_has_its_old_code_to_the_day_before() {
        let day = |t: &str| t.parse::<Day>().unwrap();
        let merged = day("2026-09-01");
        let codes = [
            DatedCode { code: code("530302103205"), valid_from: day("2010-01-01"), valid_to: Some(merged) },
            DatedCode { code: code("530302103211"), valid_from: merged, valid_to: None },
        ];
        assert_eq!(code_on(&codes, day("2026-08-31")), Some(&codes[0].code));
        assert_eq!(code_on(&codes, merged), Some(&codes[1].code));
        assert_eq!(code_on(&codes, day("2009-12-31")), None);
    }

    #[test]
    fn levels_below_the_village_may_be_left_out_but_not_turned_round() {
        use OrgKind::{County, Grid, Group, Hamlet, HouseholdGroup, Township, Village};
        assert!(County.may_stand_under(None) && !Village.may_stand_under(None));
        assert!(
            HouseholdGroup.may_stand_under(Some(Village)) && HouseholdGroup.may_stand_under(Some(Hamlet))
        );
        assert!(Grid.may_stand_under(Some(Village)) && !Grid.may_stand_under(Some(Township)));
        assert!(!Village.may_stand_under(Some(Group)) && !Township.may_stand_under(Some(Village)));
        assert!(!HouseholdGroup.may_stand_under(Some(HouseholdGroup)));
        assert!(!County.holds_households() && Village.holds_households());
    }
}

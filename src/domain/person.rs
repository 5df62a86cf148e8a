//! A person as the village knows one: name, phone, year of birth, place in the household.
//! Holds no ID-card number and no face: neither is needed, so neither is kept.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;

use super::wording::{fold_typed, vocabulary};

/// The longest name, in characters.
pub const NAME_CHARS_MAX: usize = 50;

/// Surnames of two characters; the mask keeps them whole. (司马, 欧阳 and the others still borne today.)
const COMPOUND_SURNAMES: &[&str] = &[
    "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛", "尉迟",
    "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容", "仲孙", "钟离",
    "长孙", "宇文", "司徒", "鲜于", "司空", "闾丘", "子车", "亓官", "司寇", "巫马", "公西", "颛孙", "壤驷",
    "公良", "漆雕", "乐正", "宰父", "谷梁", "拓跋", "夹谷", "轩辕", "令狐", "段干", "百里", "呼延", "东郭",
    "南门", "羊舌", "微生", "梁丘", "左丘", "东门", "西门", "第五", "贺兰",
];

/// A person's name, in NFC, 1 to 50 characters: Han of every plane, `·` in minority names, Latin letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Name(String);

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Nothing is left after trimming.
    #[error("the name is empty")]
    Empty,
    /// More than [`NAME_CHARS_MAX`] characters.
    #[error("the name has more than {NAME_CHARS_MAX} characters")]
    TooLong,
    /// A character that no name has.
    #[error("the name contains {0:?}, which names do not have")]
    Character(char),
    /// `·`, a space or a hyphen at an end, or two in a row.
    #[error("the name has a dot, space or hyphen out of place")]
    Separator,
}

fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x3007 | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_3479)
}

const fn is_separator(c: char) -> bool {
    matches!(c, '·' | ' ' | '-' | '\'' | '.')
}

fn straight(c: char) -> char {
    match c {
        '・' | '‧' | '•' | '∙' | '⋅' | '･' | '．' | '᛫' | '\u{0387}' => '·',
        '’' | '‘' | 'ʼ' => '\'',
        '‐' | '‑' | '–' | '－' => '-',
        c if c.is_whitespace() && !c.is_control() => ' ',
        c => c,
    }
}

impl Name {
    /// Parses a name as typed: trims, folds look-alike dots to `·`, normalises to NFC, refuses what no name has.
    ///
    /// # Errors
    /// [`InvalidName`] says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let folded: String = text.trim().nfc().map(straight).collect();
        // A space between Han characters is padding from a form ("张  三"), not part of the name.
        let all_han = folded.chars().all(|c| is_han(c) || c == ' ' || c == '·');
        let name: String = if all_han { folded.chars().filter(|c| *c != ' ').collect() } else { folded };
        if name.is_empty() {
            return Err(InvalidName::Empty);
        }
        if name.chars().count() > NAME_CHARS_MAX {
            return Err(InvalidName::TooLong);
        }
        let mut apart = true;
        for c in name.chars() {
            let latin = c.is_alphabetic() && u32::from(c) < 0x250 || matches!(u32::from(c), 0x1e00..=0x1eff);
            if is_separator(c) {
                // "J. R." has a dot before its space; every other pair of separators is a slip.
                if apart && c != ' ' {
                    return Err(InvalidName::Separator);
                }
                apart = c != '.';
            } else if is_han(c) || latin {
                apart = false;
            } else {
                return Err(InvalidName::Character(c));
            }
        }
        if apart || name.contains("  ") {
            return Err(InvalidName::Separator);
        }
        Ok(Self(name))
    }

    /// The whole name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The surname, when the name is a Han name of at least two characters without `·`.
    #[must_use]
    pub fn surname(&self) -> Option<&str> {
        if self.0.chars().any(|c| !is_han(c)) {
            return None;
        }
        let count = self.0.chars().count();
        if let Some(found) = COMPOUND_SURNAMES.iter().find(|s| count > 2 && self.0.starts_with(**s)) {
            return Some(found);
        }
        let end = self.0.char_indices().nth(1)?.0;
        self.0.get(..end)
    }

    /// As shown in public: 张*三, 欧阳*华, 张* (two characters), 阿*·买*, J* S*. One star whatever it hides.
    #[must_use]
    pub fn masked(&self) -> String {
        if let Some(surname) = self.surname() {
            let given: Vec<char> = self.0.chars().skip(surname.chars().count()).collect();
            return match given.as_slice() {
                [] | [_] => format!("{surname}*"),
                [.., last] => format!("{surname}*{last}"),
            };
        }
        if self.0.chars().count() == 1 {
            return "*".to_owned();
        }
        let mut out = String::new();
        let mut start = true;
        for c in self.0.chars() {
            if matches!(c, '·' | ' ') {
                out.push(c);
                start = true;
            } else if start {
                out.push(c);
                out.push('*');
                start = false;
            }
        }
        out
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Name {
    type Err = InvalidName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// A mainland mobile number: eleven digits, the first a 1. For messages only; optional.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Phone(String);

/// The text is not a mainland mobile number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mobile number of 11 digits")]
pub struct InvalidPhone;

impl Phone {
    /// Parses a number as typed, with or without +86, spaces and dashes.
    ///
    /// # Errors
    /// [`InvalidPhone`] when eleven digits starting with 13–19 do not remain.
    pub fn parse(text: &str) -> Result<Self, InvalidPhone> {
        let folded = fold_typed(text);
        let digits = folded.strip_prefix("+86").or_else(|| folded.strip_prefix("0086")).unwrap_or(&folded);
        let shape = digits.len() == 11 && digits.bytes().all(|b| b.is_ascii_digit());
        let series = digits.starts_with('1') && !matches!(digits.as_bytes().get(1), Some(b'0'..=b'2'));
        if shape && series { Ok(Self(digits.to_owned())) } else { Err(InvalidPhone) }
    }

    /// All eleven digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `138****5678`.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{}****{}", self.0.get(..3).unwrap_or_default(), self.0.get(7..).unwrap_or_default())
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

impl FromStr for Phone {
    type Err = InvalidPhone;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

macro_rules! serde_by_parse {
    ($($name:ident)+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                Self::parse(&String::deserialize(d)?).map_err(serde::de::Error::custom)
            }
        }
    )+};
}
serde_by_parse!(Name Phone);

/// The year of birth; enough for every rule about age, so the date is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct BirthYear(i32);

/// Not a year someone alive was born in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the year of birth must be between 1900 and the present year")]
pub struct InvalidBirthYear;

impl BirthYear {
    /// Takes a year from 1900 to `present_year`.
    ///
    /// # Errors
    /// [`InvalidBirthYear`] for any other year.
    pub fn new(year: i32, present_year: i32) -> Result<Self, InvalidBirthYear> {
        if (1900..=present_year).contains(&year) { Ok(Self(year)) } else { Err(InvalidBirthYear) }
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.0
    }

    /// The age reached in the course of `year`; zero before birth.
    #[must_use]
    pub fn age_in(self, year: i32) -> i32 {
        (year - self.0).max(0)
    }
}

vocabulary! {
    /// What a person is to the head of the household (与户主关系).
    Relation {
        /// The head itself; one a household.
        Head = "head", "户主", "head";
        /// Husband or wife.
        Spouse = "spouse", "配偶", "spouse";
        /// Son or daughter.
        Child = "child", "子女", "child";
        /// Son-in-law or daughter-in-law.
        ChildInLaw = "child_in_law", "儿媳/女婿", "child-in-law";
        /// Grandson or granddaughter.
        Grandchild = "grandchild", "孙子女", "grandchild";
        /// Father or mother.
        Parent = "parent", "父母", "parent";
        /// Father-in-law or mother-in-law.
        ParentInLaw = "parent_in_law", "岳父母/公婆", "parent-in-law";
        /// Grandfather or grandmother.
        Grandparent = "grandparent", "祖父母", "grandparent";
        /// Brother or sister.
        Sibling = "sibling", "兄弟姐妹", "sibling";
        /// Anyone else who lives there.
        Other = "other", "其他", "other";
    }
}

impl Relation {
    /// Reads the word of a register, Chinese or English: 长子, 妻, 孙女, `Wife`, or the code itself.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let folded = fold_typed(word).to_lowercase();
        Some(match folded.as_str() {
            "户主" | "本人" | "head" | "head of household" | "headofhousehold" | "self" => Self::Head,
            "配偶" | "妻" | "妻子" | "夫" | "丈夫" | "老伴" | "spouse" | "wife" | "husband" => {
                Self::Spouse
            }
            "儿媳" | "媳妇" | "女婿" | "儿媳/女婿" | "daughterinlaw" | "soninlaw" | "childinlaw"
            | "child_in_law" => Self::ChildInLaw,
            "岳父" | "岳母" | "公公" | "婆婆" | "岳父母" | "公婆" | "岳父母/公婆" | "parentinlaw"
            | "parent_in_law" => Self::ParentInLaw,
            "父" | "母" | "父亲" | "母亲" | "父母" | "继父" | "继母" | "parent" | "father" | "mother" => {
                Self::Parent
            }
            "祖父" | "祖母" | "爷爷" | "奶奶" | "外祖父" | "外祖母" | "祖父母" | "grandparent"
            | "grandfather" | "grandmother" => Self::Grandparent,
            "兄" | "弟" | "姐" | "妹" | "哥哥" | "弟弟" | "姐姐" | "妹妹" | "兄弟姐妹" | "sibling"
            | "brother" | "sister" => Self::Sibling,
            "其他" | "其它" | "other" => Self::Other,
            "grandchild" | "grandson" | "granddaughter" => Self::Grandchild,
            "child" | "son" | "daughter" | "子女" => Self::Child,
            w if w.contains('孙') => Self::Grandchild,
            w if w.ends_with(['子', '女']) || w == "儿" => Self::Child,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests;

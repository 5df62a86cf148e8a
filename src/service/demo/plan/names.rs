//! Names as they are borne in an eastern Yunnan village: surnames by frequency, given names by generation, Yi names
//! with their clan before the `·`, and the rare characters that registers stumble over.

use super::dice::Dice;
use crate::domain::person::Name;

const SURNAMES: &[(&str, usize)] = &[
    ("李", 95),
    ("王", 82),
    ("张", 78),
    ("杨", 70),
    ("陈", 58),
    ("刘", 52),
    ("赵", 44),
    ("何", 34),
    ("朱", 32),
    ("徐", 30),
    ("孙", 26),
    ("胡", 26),
    ("高", 24),
    ("吴", 24),
    ("黄", 23),
    ("周", 22),
    ("许", 20),
    ("马", 20),
    ("罗", 19),
    ("代", 16),
    ("钱", 15),
    ("范", 14),
    ("保", 9),
    ("晏", 9),
    ("念", 5),
    ("尹", 12),
    ("曾", 11),
    ("崔", 10),
    ("余", 10),
    ("段", 10),
    ("蒋", 9),
    ("金", 9),
    ("缪", 7),
    ("敖", 6),
    ("桂", 5),
    ("纳", 4),
    ("单", 3),
    ("解", 3),
    ("欧阳", 4),
    ("尉迟", 1),
    ("仇", 1),
    ("区", 1),
    ("朴", 1),
    ("查", 2),
];

const CLANS: &[&str] = &["沙马", "吉克", "阿苦", "曲比", "俄木", "马海", "安且", "吉木"];
const YI_MEN: &[&str] = &["阿牛", "拉铁", "木呷", "尔布", "史且", "阿支", "尔古", "木乃", "拉日", "曲者"];
const YI_WOMEN: &[&str] = &["阿依", "拉则", "尔西", "阿呷", "莫色", "阿芝", "日各", "伍合", "阿果", "尔扎"];

const RARE: &[&str] = &["𬭎", "㛃", "堃", "犇", "喆", "燚", "翀", "昶", "䶮", "𫖯", "璟𬭎", "雨㛃"];

/// Given names of one generation: first and second characters.
struct Generation {
    born_to: i32,
    men: (&'static str, &'static str),
    women: (&'static str, &'static str),
}

const GENERATIONS: &[Generation] = &[
    Generation {
        born_to: 1958,
        men: ("正德朝开文家国绍云发", "明才富贵清荣祥林昌寿华"),
        women: ("桂秀玉素凤琼兰菊翠菜", "英芬珍仙兰芝莲香芳美"),
    },
    Generation {
        born_to: 1979,
        men: ("建国永光红云卫志小学金石", "华军平明林祥生良坤荣兵强"),
        women: ("丽红美琼春秀小粉彩云竹", "芬琼英仙芳梅华珍兰萍丽"),
    },
    Generation {
        born_to: 1999,
        men: ("志永海云晓文俊建江小加", "强伟飞勇东鹏波斌龙涛辉"),
        women: ("晓丽艳海春云小文雪佳金", "梅琴燕芳艳娟玲霞蓉萍敏"),
    },
    Generation {
        born_to: 2100,
        men: ("梓子浩宇俊奕嘉一明泽皓", "轩涵宇睿豪杰晨阳恒航宸"),
        women: ("梓雨欣诗思佳若一语可芸", "涵萱彤怡琪妍瑶桐悦菡熙"),
    },
];

const ONE_CHARACTER: &str = "伟强勇军波涛飞丽芳燕敏静琴霞艳杰斌雪倩瑞";

/// A family's way of naming.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum House {
    /// A Han-style surname.
    Surname(&'static str),
    /// A Yi clan.
    Clan(&'static str),
}

/// A family as frequent as in the village.
pub(super) fn house(dice: &mut Dice) -> House {
    if dice.percent(4) {
        House::Clan(dice.pick(CLANS).copied().unwrap_or("沙马"))
    } else {
        House::Surname(dice.weighted(SURNAMES).copied().unwrap_or("李"))
    }
}

/// A name of `house` for a man or a woman born in `year`.
pub(super) fn name(dice: &mut Dice, house: House, man: bool, year: i32) -> String {
    match house {
        House::Clan(clan) => {
            let given = dice.pick(if man { YI_MEN } else { YI_WOMEN }).copied().unwrap_or("阿支");
            format!("{clan}·{given}")
        }
        House::Surname(surname) => format!("{surname}{}", given(dice, man, year)),
    }
}

fn given(dice: &mut Dice, man: bool, year: i32) -> String {
    if dice.below(300) == 0 {
        return dice.pick(RARE).copied().unwrap_or("堃").to_owned();
    }
    if dice.percent(if year > 1970 { 16 } else { 5 }) {
        return one_of(dice, ONE_CHARACTER).into();
    }
    let Some(generation) = GENERATIONS.iter().find(|g| year <= g.born_to) else { return "明".to_owned() };
    let (first, second) = if man { generation.men } else { generation.women };
    let pair = [one_of(dice, first), one_of(dice, second)];
    pair.iter().collect()
}

fn one_of(dice: &mut Dice, from: &str) -> char {
    let chars: Vec<char> = from.chars().collect();
    dice.pick(&chars).copied().unwrap_or('明')
}

/// Parses a name of the pools; they hold only names, which a test checks.
pub(super) fn parsed(text: &str) -> Name {
    Name::parse(text)
        .or_else(|_| Name::parse("无名"))
        .unwrap_or_else(|_| unreachable!("two Han characters are a name"))
}

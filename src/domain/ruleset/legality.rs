//! The topics no rule may touch: what points may not reward, punish, buy or replace.
//! A list of words is a tripwire, not a lawyer: it catches the known bad practice before adoption.

use super::{
    fault::{FaultKind, Faults, Wrong},
    read::Document,
};

/// Words refused wherever they stand in a name, and why. A space marks the edge of an English word.
const NEVER: &[(&[&str], Wrong)] = &[
    (&["信访", "上访", " petition"], Wrong::TopicPetition),
    (
        &["低保", "特困供养", "惠农补贴", "医保", "社保", "养老金", " welfare", " subsid"],
        Wrong::TopicBenefits,
    ),
    (&["入学", "落户", "宅基地审批", " school place"], Wrong::TopicServices),
    (&["罚款", "罚金", "抵扣处罚", " fines "], Wrong::TopicFines),
    (
        &["现金", "提现", "套现", "找零", "购买积分", "充值", "转让积分", " cash ", " top up "],
        Wrong::TopicMoney,
    ),
    (&["计划生育", "超生", "生育", "多胎", " family planning ", " number of children "], Wrong::TopicFamily),
    (&["宗教", "信教", "信仰", " religio"], Wrong::TopicBelief),
    (
        &["黑榜", "黑名单", "失信", "征信", "信用贷", " black list", " blacklist", " credit score"],
        Wrong::TopicBlackList,
    ),
    (&["积分排名", "打卡", "在线时长", "下载", "装机", " ranking", " app install"], Wrong::TopicRanking),
    (&["人脸", "刷脸", " face recognition"], Wrong::TopicFace),
];

/// Words refused in a deduction.
const NEVER_DEDUCTED: &[(&[&str], Wrong)] = &[
    (&["投诉", "举报", "诉讼", "起诉", " complain", " lawsuit"], Wrong::TopicRedress),
    (&["言论", "发帖", "网上发布", " speech ", " posting online "], Wrong::TopicSpeech),
    (&["疾病", "患病", "残疾", "精神病", " illness", " disabl"], Wrong::TopicHealth),
    (&["债务", "欠款", "欠费", " debt", " arrears "], Wrong::TopicDebt),
    (&["缺席党", "不参加志愿", "拒绝志愿", " not volunteering "], Wrong::TopicVoluntary),
];

fn touched<'a>(text: &str, list: &'a [(&[&'a str], Wrong)]) -> Option<(&'a str, Wrong)> {
    let spaced = text.to_lowercase().replace(|c: char| c.is_ascii() && !c.is_ascii_alphabetic(), " ");
    let text = format!(" {spaced} ");
    list.iter().find_map(|(words, why)| words.iter().find(|w| text.contains(**w)).map(|w| (w.trim(), *why)))
}

/// What no clause of a compact may touch. What else is refused of rules, a compact may well speak of: money at
/// weddings, freedom of belief, downloading an app against fraud.
pub(super) fn of_clause(text: &str) -> Option<(&'static str, Wrong)> {
    let refused = [
        Wrong::TopicPetition,
        Wrong::TopicBenefits,
        Wrong::TopicServices,
        Wrong::TopicFines,
        Wrong::TopicBlackList,
        Wrong::TopicFace,
    ];
    let lists = NEVER.iter().filter(|(_, wrong)| refused.contains(wrong));
    lists.into_iter().find_map(|list| touched(text, std::slice::from_ref(list)))
}

/// Notes every name, condition and title that touches one of the topics.
pub(super) fn check(document: &Document, faults: &mut Faults<'_>) {
    let mut refuse = |at: usize, title: &str, key: &str, found: Option<(&str, Wrong)>| {
        if let Some((word, wrong)) = found {
            faults.add(at, title, FaultKind::ForbiddenTopic, wrong.with("key", key).with("word", word));
        }
    };
    if let Some(placed) = &document.programme {
        for (key, text) in [("name", &placed.raw.name), ("name_en", &placed.raw.name_en)] {
            refuse(placed.at(key), &placed.title, key, touched(text, NEVER));
        }
    }
    for placed in &document.categories {
        for (key, text) in [("name", &placed.raw.name), ("name_en", &placed.raw.name_en)] {
            refuse(placed.at(key), &placed.title, key, touched(text, NEVER));
        }
    }
    for placed in &document.items {
        let raw = &placed.raw;
        let mut texts = vec![("name", &raw.name), ("name_en", &raw.name_en)];
        texts.extend(raw.grades.iter().flat_map(|g| [("grades", &g.name), ("grades", &g.name_en)]));
        // what nobody names an item after is hung on it as a condition
        texts.extend(
            raw.conditions.iter().flat_map(|c| [("conditions", &c.text), ("conditions", &c.text_en)]),
        );
        let deducts = raw.direction == Some(crate::domain::rule::Direction::Deduct);
        for (key, text) in texts {
            refuse(placed.at(key), &placed.title, key, touched(text, NEVER));
            if deducts {
                refuse(placed.at(key), &placed.title, key, touched(text, NEVER_DEDUCTED));
            }
        }
    }
}

//! The topics no rule may touch: what points may not reward, punish, buy or replace.
//! A list of words is a tripwire, not a lawyer: it catches the known bad practice before adoption.

use super::{
    fault::{FaultKind, Faults},
    read::Document,
};

/// Words refused wherever they stand in a name, and why. A space marks the edge of an English word.
const NEVER: &[(&[&str], &str)] = &[
    (&["信访", "上访", " petition"], "petitioning is a right"),
    (
        &["低保", "特困供养", "惠农补贴", "医保", "社保", "养老金", " welfare", " subsid"],
        "points are not tied to state benefits",
    ),
    (&["入学", "落户", "宅基地审批", " school place"], "points are not tied to public services"),
    (&["罚款", "罚金", "抵扣处罚", " fines "], "a village has no fining power, and points offset no fine"),
    (
        &["现金", "提现", "套现", "找零", "购买积分", "充值", "转让积分", " cash ", " top up "],
        "points are not bought, sold or paid out",
    ),
    (
        &["计划生育", "超生", "生育", "多胎", " family planning ", " number of children "],
        "families decide on their children",
    ),
    (&["宗教", "信教", "信仰", " religio"], "belief is free"),
    (
        &["黑榜", "黑名单", "失信", "征信", "信用贷", " black list", " blacklist", " credit score"],
        "no black list and no credit score",
    ),
    (
        &["积分排名", "打卡", "在线时长", "下载", "装机", " ranking", " app install"],
        "no ranking, no compulsory app use",
    ),
    (&["人脸", "刷脸", " face recognition"], "no face data"),
];

/// Words refused in a deduction.
const NEVER_DEDUCTED: &[(&[&str], &str)] = &[
    (&["投诉", "举报", "诉讼", "起诉", " complain", " lawsuit"], "nobody loses points for seeking redress"),
    (&["言论", "发帖", "网上发布", " speech ", " posting online "], "speech is free"),
    (&["疾病", "患病", "残疾", "精神病", " illness", " disabl"], "health is no misconduct"),
    (&["债务", "欠款", "欠费", " debt", " arrears "], "debts are settled elsewhere"),
    (&["缺席党", "不参加志愿", "拒绝志愿", " not volunteering "], "volunteering is voluntary"),
];

fn touched<'a>(text: &str, list: &'a [(&[&'a str], &'a str)]) -> Option<(&'a str, &'a str)> {
    let spaced = text.to_lowercase().replace(|c: char| c.is_ascii() && !c.is_ascii_alphabetic(), " ");
    let text = format!(" {spaced} ");
    list.iter().find_map(|(words, why)| words.iter().find(|w| text.contains(**w)).map(|w| (w.trim(), *why)))
}

/// Notes every name, condition and title that touches one of the topics.
pub(super) fn check(document: &Document, faults: &mut Faults<'_>) {
    let mut refuse = |at: usize, title: &str, key: &str, found: Option<(&str, &str)>| {
        if let Some((word, why)) = found {
            let message = format!("`{key}` touches “{word}”, which no rule may: {why}");
            faults.add(at, title, FaultKind::ForbiddenTopic, message);
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
        let deducts = raw.direction == Some(crate::domain::rule::Direction::Deduct);
        for (key, text) in texts {
            refuse(placed.at(key), &placed.title, key, touched(text, NEVER));
            if deducts {
                refuse(placed.at(key), &placed.title, key, touched(text, NEVER_DEDUCTED));
            }
        }
    }
}

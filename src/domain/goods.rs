//! Articles (goods and services): their kinds, what they are found by, and what may not be one. Holds no prices and no
//! stock.

use pinyin::ToPinyin;

use super::{
    pinyin::{SearchKeys, fold_query},
    time::Period,
    wording::vocabulary,
};

/// The highest article number.
pub const SKU_MAX: i64 = 999_999;
/// The longest name of an article, in characters.
pub const GOODS_NAME_CHARS_MAX: usize = 40;

vocabulary! {
    /// What an article is.
    GoodsKind {
        /// Pieces on a shelf.
        Goods = "goods", "商品", "goods";
        /// A meal, a haircut, a class: nothing lies on a shelf.
        Service = "service", "服务", "service";
    }
}

/// Words in a Chinese name or shelf that tell what is never handed out for points: tobacco, alcohol, medicine, gift cards
/// and cash (烟、酒、药品、购物卡、现金). Whole goods, so that an ashtray, a disinfectant or a herbal soap is none.
const FORBIDDEN: [&str; 31] = [
    "香烟",
    "卷烟",
    "烟丝",
    "烟叶",
    "电子烟",
    "雪茄",
    "白酒",
    "啤酒",
    "红酒",
    "黄酒",
    "米酒",
    "药酒",
    "葡萄酒",
    "烧酒",
    "烟酒",
    "药品",
    "处方药",
    "感冒药",
    "退烧药",
    "止痛药",
    "消炎药",
    "降压药",
    "购物卡",
    "礼品卡",
    "充值卡",
    "储值卡",
    "加油卡",
    "代金券",
    "提货券",
    "现金",
    "话费",
];
/// The same in English, as whole words.
const FORBIDDEN_EN: [&str; 14] = [
    "cigarette",
    "cigarettes",
    "tobacco",
    "cigar",
    "cigars",
    "liquor",
    "beer",
    "wine",
    "spirits",
    "medicine",
    "medicines",
    "cash",
    "voucher",
    "vouchers",
];

/// The word by which an article is one that is never handed out for points.
#[must_use]
pub fn forbidden(name: &str, name_en: &str, category: &str) -> Option<&'static str> {
    let said = FORBIDDEN.into_iter().find(|word| name.contains(word) || category.contains(word));
    if said.is_some() {
        return said;
    }
    let english = format!("{name} {name_en} {category}").to_lowercase();
    if english.contains("gift card") {
        return Some("gift card");
    }
    let mut words = english.split(|c: char| !c.is_ascii_alphabetic());
    words.find_map(|word| FORBIDDEN_EN.into_iter().find(|bad| *bad == word))
}

/// What an article is found by: `juanzhi`, `jz` for 卷纸. Digits and Latin letters stand for themselves.
#[must_use]
pub fn search_keys(name: &str) -> SearchKeys {
    let mut keys = SearchKeys { pinyin: String::new(), initials: String::new() };
    let mut inside_word = false;
    for c in name.chars() {
        if let Some(reading) = c.to_pinyin() {
            let folded = fold_query(reading.plain());
            keys.initials.extend(folded.chars().next());
            keys.pinyin.push_str(&folded);
            inside_word = false;
        } else if c.is_alphanumeric() {
            let folded = fold_query(&c.to_string());
            if !inside_word {
                keys.initials.push_str(&folded);
            }
            keys.pinyin.push_str(&folded);
            inside_word = true;
        } else {
            inside_word = false;
        }
    }
    keys
}

/// The stored code of a period.
#[must_use]
pub const fn period_code(period: Period) -> &'static str {
    match period {
        Period::Day => "day",
        Period::Month => "month",
        Period::Quarter => "quarter",
        Period::Year => "year",
    }
}

/// The period of a stored code.
#[must_use]
pub fn period_of(code: &str) -> Option<Period> {
    [Period::Day, Period::Month, Period::Quarter, Period::Year].into_iter().find(|p| period_code(*p) == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_found_by_pinyin_initials_and_plain_letters() {
        for (name, pinyin, initials) in
            [("卷纸", "juanzhi", "jz"), ("洗衣液 2kg", "xiyiye2kg", "xyy2"), ("LED灯泡", "leddengpao", "ldp")]
        {
            let keys = search_keys(name);
            assert_eq!((keys.pinyin.as_str(), keys.initials.as_str()), (pinyin, initials), "{name}");
        }
    }

    #[test]
    fn tobacco_alcohol_medicine_cards_and_cash_are_never_articles() {
        for (name, name_en, category) in [
            ("香烟", "", "日用"),
            ("绿豆", "", "烟酒"),
            ("高粱白酒", "", "食品"),
            ("小柴胡感冒药", "", "日用"),
            ("超市购物卡", "", "其他"),
            ("现金20元", "", "其他"),
            ("礼盒", "Red wine", "食品"),
            ("卡", "Gift card", "其他"),
        ] {
            assert!(forbidden(name, name_en, category).is_some(), "{name}");
        }
        for (name, name_en) in [
            ("烟灰缸", "Ashtray"),
            ("医用酒精", "Disinfectant"),
            ("酒精炉", "Stove"),
            ("药皂", "Herbal soap"),
            ("腰果", "Cashew nuts"),
            ("贺卡", "Greeting card"),
            ("食用油5L", "Cooking oil"),
        ] {
            assert_eq!(forbidden(name, name_en, "日用"), None, "{name}");
        }
    }

    #[test]
    fn periods_read_back() {
        assert_eq!(period_of("quarter"), Some(Period::Quarter));
        assert_eq!(period_of("week"), None);
    }
}

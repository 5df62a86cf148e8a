//! Articles (goods and services): their kinds, and what they are found by. Holds no prices and no stock.

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
    fn periods_read_back() {
        assert_eq!(period_of("quarter"), Some(Period::Quarter));
        assert_eq!(period_of("week"), None);
    }
}

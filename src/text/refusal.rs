//! The words of refusals: for each stable code what happened and what to do next. Facts stand in braces, `{needed}`.
//!
//! Each area keeps its own table, `const REFUSALS: &[(code, zh, en)]`, and is listed in [`TABLES`].

use std::collections::BTreeMap;

use crate::domain::lang::Lang;

/// A code and its sentence in both languages.
pub type RefusalWords = (&'static str, &'static str, &'static str);

/// All tables. One line an area.
const TABLES: &[&[RefusalWords]] = &[
    super::money::REFUSALS,
    super::offline::REFUSALS,
    super::order::REFUSALS,
    super::panel::REFUSALS,
    super::periods::REFUSALS,
    super::register::REFUSALS,
    super::proof::REFUSALS,
    super::proposals::REFUSALS,
    super::audit::REFUSALS,
    super::bulk::REFUSALS,
    super::bystander::REFUSALS,
    super::claim::REFUSALS,
    super::clerk::REFUSALS,
    super::course::REFUSALS,
    super::fairness::REFUSALS,
    super::hours::REFUSALS,
    super::ledger::REFUSALS,
    super::recall::REFUSALS,
    super::recognition::REFUSALS,
    super::matter::REFUSALS,
    super::identity::REFUSALS,
    super::reminder::REFUSALS,
    super::inspection::REFUSALS,
    super::sheet::REFUSALS,
    super::shop::REFUSALS,
    super::simulate::REFUSALS,
    super::stock::REFUSALS,
    super::goods::REFUSALS,
    super::activity::REFUSALS,
    super::star::REFUSALS,
    super::timebank::REFUSALS,
    super::webhook::REFUSALS,
];

/// Every code that has words, with its words.
pub fn all() -> impl Iterator<Item = &'static RefusalWords> {
    TABLES.iter().flat_map(|table| table.iter())
}

/// Title and detail of a refusal, for pages and problem documents. A code without words still says something.
#[must_use]
pub fn refusal_words(lang: Lang, code: &str, facts: &BTreeMap<String, String>) -> (String, String) {
    let pick = |zh: &'static str, en: &'static str| match lang {
        Lang::Zh => zh,
        Lang::En => en,
    };
    let title = match code {
        "not_found" => pick("没有找到", "Not found"),
        "internal" => pick("系统出错了", "Something broke on our side"),
        "not_allowed" => pick("您没有这项权限", "You may not do this"),
        "not_signed_in" => pick("请先登录", "Please sign in"),
        "busy" | "throttled" | "unsettled" => pick("请稍后再试", "Try again later"),
        "storage_full" | "storage_read_only" => pick("数据库写不进去", "The database cannot be written"),
        "storage_away" => pick("数据库没有应答", "The database does not answer"),
        "bad_query" | "bad_json" | "bad_form" | "bad_request" | "method_not_allowed" | "too_large" => {
            pick("请求看不懂", "The request cannot be read")
        }
        _ => pick("没有办成", "Not done"),
    };
    let words = TABLES.iter().flat_map(|t| t.iter()).find(|(known, _, _)| *known == code);
    let detail = match words {
        Some((_, zh, en)) => fill(pick(zh, en), facts),
        None => fill(
            pick("没有办成，什么都没有改动（{code}）。", "Nothing was changed ({code})."),
            &{
                let mut facts = facts.clone();
                facts.insert("code".to_owned(), code.to_owned());
                facts
            },
        ),
    };
    (title.to_owned(), detail)
}

/// What a code means, without the facts of one case: the first sentence, with gaps for them.
#[must_use]
pub fn refusal_gist(lang: Lang, code: &str) -> String {
    let detail = refusal_words(lang, code, &BTreeMap::new()).1;
    let end = detail.find(['。', '；']).or_else(|| detail.find(". ")).unwrap_or(detail.len());
    let sentence = detail.get(..end).unwrap_or(&detail);
    let mut out = String::new();
    for piece in sentence.split('{') {
        match piece.split_once('}') {
            Some((_, rest)) => out.push_str(&format!("…{rest}")),
            None => out.push_str(piece),
        }
    }
    out.trim_end_matches('.').to_owned()
}

pub(super) fn fill(words: &str, facts: &BTreeMap<String, String>) -> String {
    facts.iter().fold(words.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_words_in_both_languages_once() {
        let mut seen = std::collections::BTreeSet::new();
        for (code, zh, en) in TABLES.iter().flat_map(|t| t.iter()) {
            assert!(seen.insert(code), "{code} has words twice");
            assert!(!zh.is_empty() && !en.is_empty(), "{code}");
        }
    }

    #[test]
    fn facts_fill_the_words_and_an_unknown_code_still_speaks() {
        let facts = BTreeMap::from([("retry_after_s".to_owned(), "30".to_owned())]);
        assert!(!refusal_gist(Lang::Zh, "insufficient_points").contains(['{', '}', '。']));
        assert!(refusal_words(Lang::En, "throttled", &facts).1.contains("30"));
        assert!(refusal_words(Lang::Zh, "never_heard_of", &facts).1.contains("never_heard_of"));
    }
}

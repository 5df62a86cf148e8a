//! What is wrong with a rule file, in words: for each stable code what happened and what to do. Facts stand in braces.

use super::{T, refusal::fill};
use crate::domain::{
    lang::Lang,
    ruleset::{Fault, Wrong, article},
};

mod words;

use words::WORDS;

/// Words of the reader of files for kinds of values, longest first, as a clerk would say them.
const KINDS: &[(&str, &str)] = &[
    ("a number such as", "数，例如"),
    ("floating point", "小数"),
    ("an array of length", "列表，长度"),
    ("a sequence", "列表"),
    ("a boolean", "true 或 false"),
    ("a string", "文字"),
    ("a map", "表"),
    ("sequence", "列表"),
    ("integer", "整数"),
    ("boolean", "true/false"),
    ("string", "文字"),
    ("struct", "表"),
    ("map", "表"),
    ("u32", "不为负的整数"),
    ("u8", "不为负的整数"),
    ("i64", "整数"),
    (" or ", " 或 "),
];

impl T {
    /// What is wrong, in one sentence.
    #[must_use]
    pub fn rule_wrong(self, fault: &Fault) -> String {
        let words = WORDS.iter().find(|(code, ..)| *code == fault.said.wrong.as_str());
        let (_, zh, en) = words.copied().unwrap_or(("", "", ""));
        let said = match self.lang() {
            Lang::En => fill(en, &fault.said.facts),
            Lang::Zh if fault.said.wrong == Wrong::BadType => {
                let facts = fault.said.facts.iter().map(|(name, value)| (name.clone(), kind_of_value(value)));
                fill(zh, &facts.collect())
            }
            Lang::Zh => fill(zh, &fault.said.facts),
        };
        match article(fault.said.wrong) {
            Some(law) => self.rules_by_law(said, law.text(self.lang())),
            None => said,
        }
    }

    /// A fault as a page says it: line, of what, what is wrong.
    #[must_use]
    pub fn rule_fault_line(self, fault: &Fault) -> String {
        let of = match fault.item.strip_prefix("clause ") {
            Some(no) => self.rules_clause(no),
            None => fault.item.strip_prefix("item ").unwrap_or(&fault.item).to_owned(),
        };
        self.rules_fault_at(fault.line, of, self.rule_wrong(fault))
    }

    /// A fault in one line: file, line, item, what is wrong, kind.
    #[must_use]
    pub fn rule_fault(self, fault: &Fault) -> String {
        let Fault { file, line, item, kind, .. } = fault;
        format!("{file}:{line}: {item}: {} [{}]", self.rule_wrong(fault), kind.as_str())
    }
}

fn kind_of_value(words: &str) -> String {
    // what stands in quotation marks is the file's own
    let mut quoted = false;
    let pieces = words.split('"').map(|piece| {
        let said = if quoted { piece.to_owned() } else { in_chinese(piece) };
        quoted = !quoted;
        said
    });
    pieces.collect::<Vec<_>>().join("\"")
}

fn in_chinese(piece: &str) -> String {
    KINDS.iter().fold(piece.to_owned(), |text, (en, zh)| text.replace(en, zh))
}

catalogue! {
    rules_by_law(said, law) { zh: "{said}（依据：{law}）", en: "{said} ({law})" }
    rules_fault_at(line, item, said) { zh: "第{line}行（{item}）：{said}", en: "line {line} ({item}): {said}" }
    rules_clause(no) { zh: "第{no}条", en: "clause {no}" }
    rules_same { zh: "两个版本的规则相同", en: "the rules of both versions are the same" }
    rules_sound(file, code, version, items, hash) { zh: "{file}: {code} 第{version}版，{items}项，没有问题；{hash}", en: "{file}: {code} v{version}, {items} items, sound; {hash}" }
    rules_faults_found(count) { zh: "发现{count}处问题，改好后再检查", en: "faults found: {count}; put them right and check again" }
    rules_not_sound(file) { zh: "{file} 有问题，不能比较：", en: "{file} is not sound, so it cannot be compared:" }
    rules_unreadable(file) { zh: "读不了 {file}", en: "cannot read {file}" }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::ruleset;

    #[test]
    fn everything_that_can_be_wrong_has_words_in_both_languages_once() {
        let said: BTreeSet<&str> = WORDS.iter().map(|(code, ..)| *code).collect();
        let known: BTreeSet<&str> = Wrong::ALL.iter().map(|wrong| wrong.as_str()).collect();
        assert_eq!(said, known);
        assert_eq!(WORDS.len(), said.len());
        for (code, zh, en) in WORDS {
            assert!(!zh.is_ascii() && !en.is_empty(), "{code}");
        }
    }

    #[test]
    fn no_sentence_lacks_a_fact() {
        let [(file, sound), _] = ruleset::shipped();
        let broken = sound
            .replace("points = 5\n", "points = \"many\"\nprice = 1\n")
            .replace("unit = \"mu\"", "unit = \"acre\"")
            .replace("[\"inspectors\"]", "[\"ghosts\"]")
            .replace("notice_days = 5", "notice_days = 3");
        let faults = ruleset::check(&broken, file);
        assert!(faults.len() > 5, "{faults:#?}");
        for fault in &faults {
            for lang in [Lang::Zh, Lang::En] {
                let words = T(lang).rule_wrong(fault);
                assert!(!words.is_empty() && !words.contains('{'), "{fault}: {words}");
            }
        }
        let zh: Vec<_> = faults.iter().map(|f| T(Lang::Zh).rule_wrong(f)).collect();
        assert!(zh.iter().any(|words| words.starts_with("类型不对：写的是文字 \"many\"，应为数")), "{zh:#?}");
    }
}

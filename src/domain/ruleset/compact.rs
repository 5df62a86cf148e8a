//! The village compact (村规民约): numbered clauses, one a line, that rules cite as `compact-3`. Reads them, refuses what
//! no compact may say, and tells two versions apart. Holds no procedure: see [`crate::domain::proposal`].

use std::collections::BTreeSet;

use super::{
    BasisKind, Fault, FaultKind,
    fault::{Faults, Said, Wrong},
    hash, legality, read,
};
use crate::domain::{lang::Lang, rule::Label, ruleset::diff::Change};

/// Clauses of a compact, at most.
pub const CLAUSES_MAX: u32 = 99;
/// Characters of a clause, at most.
pub const CLAUSE_CHARS_MAX: usize = 300;
/// The file its faults name.
const FILE: &str = "compact.txt";

/// A clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Its number: it keeps it from version to version, and a number once given up stays free.
    pub no: u32,
    /// What it says.
    pub text: String,
}

impl Clause {
    /// As rules cite it.
    #[must_use]
    pub fn id(&self) -> String {
        format!("compact-{}", self.no)
    }
}

/// A sound compact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compact {
    /// By number.
    pub clauses: Vec<Clause>,
    hash: String,
}

impl Compact {
    /// Its name by content.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// What rules may cite.
    #[must_use]
    pub fn ids(&self) -> BTreeSet<String> {
        self.clauses.iter().map(Clause::id).collect()
    }

    /// The clause of that id.
    #[must_use]
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|c| c.id() == id)
    }
}

/// Reads a compact.
///
/// # Errors
/// Every fault, in the order of the lines.
pub fn parse(text: &str) -> Result<Compact, Vec<Fault>> {
    let mut faults = Faults::new(text, FILE);
    let mut clauses: Vec<Clause> = Vec::new();
    let mut at = 0;
    for line in text.split('\n') {
        let said = line.trim();
        if !said.is_empty() {
            match numbered(said) {
                Some((no, words)) => {
                    clause(at, no, words, &clauses, &mut faults);
                    clauses.push(Clause { no, text: words.to_owned() });
                }
                None => faults.add(at, "file", FaultKind::Syntax, Wrong::ClauseNumber),
            }
        }
        at += line.len() + 1;
    }
    if clauses.is_empty() {
        faults.add(0, "file", FaultKind::MissingKey, Wrong::NoClauses);
    }
    let faults = faults.into_sorted();
    if faults.is_empty() { Ok(Compact { clauses, hash: hash(text) }) } else { Err(faults) }
}

fn clause(at: usize, no: u32, words: &str, before: &[Clause], faults: &mut Faults<'_>) {
    let title = format!("clause {no}");
    let mut fault = |kind, wrong: Said| faults.add(at, title.clone(), kind, wrong);
    if words.is_empty() {
        fault(FaultKind::MissingKey, Wrong::ClauseEmpty.into());
    }
    if words.chars().count() > CLAUSE_CHARS_MAX {
        fault(FaultKind::BadValue, Wrong::ClauseLong.with("limit", CLAUSE_CHARS_MAX));
    }
    if no == 0 || no > CLAUSES_MAX || before.last().is_some_and(|last| last.no >= no) {
        fault(FaultKind::DuplicateCode, Wrong::ClauseOrder.with("most", CLAUSES_MAX));
    }
    if let Some((word, wrong)) = legality::of_clause(words) {
        fault(FaultKind::ForbiddenTopic, wrong.with("key", no).with("word", word));
    }
}

/// `第三条 …`, `第3条：…`, `3. …`, `3、…`.
fn numbered(line: &str) -> Option<(u32, &str)> {
    let marks = |c: char| c.is_whitespace() || matches!(c, '：' | ':' | '、' | '.' | '．');
    if let Some(rest) = line.strip_prefix('第') {
        let (number, words) = rest.split_once('条')?;
        return Some((count(number.trim())?, words.trim_start_matches(marks).trim()));
    }
    let digits = line.find(|c: char| !c.is_ascii_digit()).unwrap_or(line.len());
    let (number, rest) = line.split_at_checked(digits)?;
    let words = rest.trim_start_matches(marks);
    (words.len() < rest.len() || rest.is_empty()).then_some(())?;
    Some((number.parse().ok()?, words.trim()))
}

/// `12`, `十二`, `二十`.
fn count(text: &str) -> Option<u32> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let digit = |c: &str| ["一", "二", "三", "四", "五", "六", "七", "八", "九"].iter().position(|d| *d == c);
    let digit = |c: &str| digit(c).and_then(|n| u32::try_from(n + 1).ok());
    match text.split_once('十') {
        None => digit(text),
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { digit(tens)? };
            Some(tens * 10 + if ones.is_empty() { 0 } else { digit(ones)? })
        }
    }
}

/// What differs from `a` to `b`, clause by clause.
#[must_use]
pub fn diff(a: &Compact, b: &Compact) -> Vec<Change> {
    let name = |c: &Clause| Label { zh: format!("第{}条", c.no), en: format!("clause {}", c.no) };
    let same = |c: &Clause| Label { zh: c.text.clone(), en: c.text.clone() };
    let mut changes = Vec::new();
    for new in &b.clauses {
        match a.clauses.iter().find(|old| old.no == new.no) {
            Some(old) if old.text == new.text => {}
            Some(old) => {
                changes.push(Change::facet(new.id(), name(new), ("条文", "text"), same(old), same(new)));
            }
            None => changes.push(Change::added(new.id(), name(new), same(new))),
        }
    }
    for old in a.clauses.iter().filter(|old| !b.clauses.iter().any(|new| new.no == old.no)) {
        changes.push(Change::removed(old.id(), name(old)));
    }
    changes
}

/// The faults of a rule file beside the compact in force: an item that is in use and cites a clause that is not.
#[must_use]
pub fn citations(text: &str, file: &str, clauses: &BTreeSet<String>) -> Vec<Fault> {
    let mut faults = Faults::new(text, file);
    let mut unread = Faults::new(text, file);
    if let Some(document) = read::document(text, &mut unread) {
        let compact = |code: &str| {
            document.bases.iter().any(|b| b.raw.code == code && b.raw.kind == BasisKind::Compact)
        };
        for item in document.items.iter().filter(|i| i.raw.enabled != Some(false)) {
            for code in item.raw.basis.iter().filter(|c| compact(c) && !clauses.contains(*c)) {
                let wrong = Wrong::ClauseNotInForce.with("code", code);
                faults.add(item.at("basis"), item.title.clone(), FaultKind::DanglingReference, wrong);
            }
        }
    }
    faults.into_sorted()
}

/// `第三条 …` in the reader's language.
#[must_use]
pub fn clause_words(clause: &Clause, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("第{}条 {}", clause.no, clause.text),
        Lang::En => format!("Clause {}: {}", clause.no, clause.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ruleset::shipped;

    fn wrongs(text: &str) -> Vec<(usize, Wrong)> {
        parse(text).unwrap_err().into_iter().map(|f| (f.line, f.said.wrong)).collect()
    }

    #[test]
    fn clauses_are_numbered_as_people_write_them() {
        let compact =
            parse("第一条 门前三包\n\n2、垃圾分类\n3. 邻里互助\n第十二条：诚实申报\n第二十条 x\n").unwrap();
        let numbers: Vec<u32> = compact.clauses.iter().map(|c| c.no).collect();
        assert_eq!(numbers, [1, 2, 3, 12, 20]);
        assert_eq!(compact.clauses[3].text, "诚实申报");
        assert!(compact.ids().contains("compact-12"));
    }

    #[test]
    fn each_fault_of_a_compact_names_its_line() {
        assert_eq!(wrongs("\n总则\n1. 好"), [(2, Wrong::ClauseNumber)]);
        assert_eq!(wrongs("2. 好\n2. 坏\n1. 坏\n"), [(2, Wrong::ClauseOrder), (3, Wrong::ClauseOrder)]);
        assert_eq!(wrongs("1."), [(1, Wrong::ClauseEmpty)]);
        assert_eq!(wrongs(" \n"), [(1, Wrong::NoClauses)]);
        assert_eq!(wrongs(&format!("1. {}", "长".repeat(301))), [(1, Wrong::ClauseLong)]);
    }

    #[test]
    fn no_compact_fines_lists_or_withholds() {
        for (words, wrong) in [
            ("乱倒垃圾罚款50元", Wrong::TopicFines),
            ("违反者列入黑名单", Wrong::TopicBlackList),
            ("违约的取消低保", Wrong::TopicBenefits),
            ("越级上访的不予评优", Wrong::TopicPetition),
        ] {
            assert_eq!(wrongs(&format!("1. 好\n2. {words}")), [(2, wrong)]);
        }
        assert!(parse("1. 红白事不收现金礼\n2. 尊重宗教信仰自由").is_ok(), "what a compact may well say");
    }

    #[test]
    fn two_versions_are_told_apart_clause_by_clause() {
        let (a, b) = (parse("1. 甲\n2. 乙\n3. 丙").unwrap(), parse("1. 甲\n3. 丁\n4. 戊").unwrap());
        let told: Vec<_> = diff(&a, &b).iter().map(|c| c.sentence(Lang::Zh)).collect();
        assert_eq!(told, ["第3条：条文 丙 → 丁", "第4条：新增，戊", "第2条：删去"]);
    }

    #[test]
    fn an_item_in_use_cites_clauses_in_force_only() {
        let [(_, text), _] = shipped();
        let all: BTreeSet<String> = (1..=9).map(|n| format!("compact-{n}")).collect();
        assert_eq!(citations(text, "x", &all), []);
        let fewer: BTreeSet<String> = all.iter().filter(|c| *c != "compact-2").cloned().collect();
        let faults = citations(text, "x", &fewer);
        assert!(!faults.is_empty() && faults.iter().all(|f| f.said.wrong == Wrong::ClauseNotInForce));
        let line = text.lines().nth(faults[0].line - 1).unwrap();
        assert!(line.starts_with("basis = ") && line.contains("compact-2"), "{line}");
    }
}

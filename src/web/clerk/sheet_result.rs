//! What became of a sheet or a file, line by line: recorded, cut by a cap, recorded before, refused and why.

use askama::Template;

use super::{record::rule_words, view};
use crate::{
    domain::award::Explanation,
    http::error::escape_query,
    service::{
        Refusal,
        award::{from_file::FileLine, roster::Signed},
        bulk::ItemAnswer,
        refuse,
    },
    store::award::AwardRow,
    text::{T, refusal::refusal_words},
    web::page::Chrome,
};

/// One line of the answer.
pub(super) struct ResultLine {
    /// The row of a file; 0 for a sheet.
    pub(super) row: usize,
    pub(super) who: String,
    pub(super) item: String,
    pub(super) word: String,
    pub(super) class: &'static str,
    pub(super) amount: String,
    pub(super) why: String,
    /// What to type to try it again.
    no: String,
}

impl ResultLine {
    /// Of somebody on a sheet.
    pub(super) fn of_sheet(t: T, who: Option<&Signed>, answer: ItemAnswer<AwardRow>) -> Self {
        let Some(who) = who else { return told(t, answer) };
        let no = match who.person {
            Some(_) => format!("{}/{}", who.no, who.name),
            None => who.no.clone(),
        };
        Self { who: format!("{} {}", who.no, who.name), no, ..told(t, answer) }
    }

    /// Of a row of a file.
    pub(super) fn of_file(t: T, line: FileLine) -> Self {
        let item = line.item.get(t.lang()).to_owned();
        Self { row: line.row, who: format!("{} {}", line.household, line.who), item, ..told(t, line.answer) }
    }
}

fn told(t: T, answer: ItemAnswer<AwardRow>) -> ResultLine {
    let mut line = ResultLine {
        row: 0,
        who: String::new(),
        item: String::new(),
        word: t.sheet_result_new().to_owned(),
        class: "good",
        amount: String::new(),
        why: String::new(),
        no: String::new(),
    };
    match answer {
        ItemAnswer::Done { what, repeated } => {
            line.amount = view::amounts(t, what.points, what.honor, what.minutes);
            let explained = serde_json::from_str::<Explanation>(&what.explanation).ok();
            if let Some(cut) = explained.filter(|e| !e.cuts.is_empty()) {
                line.why = cut.words(t.lang());
                (line.word, line.class) = (t.sheet_result_cut().to_owned(), "warn");
            }
            if repeated {
                (line.word, line.class) = (t.sheet_result_again(what.no), "info");
            }
        }
        ItemAnswer::Refused(refusal) => {
            (line.word, line.class) = (t.sheet_result_refused().to_owned(), "bad");
            line.why = reason(t, &refusal);
        }
        ItemAnswer::NotApplied { because } => {
            (line.word, line.class) = (t.sheet_result_refused().to_owned(), "bad");
            line.why = reason(t, &refuse("not_applied").with("item", because));
        }
    }
    line
}

fn reason(t: T, refusal: &Refusal) -> String {
    rule_words(t, &refusal.facts).unwrap_or_else(|| refusal_words(t.lang(), refusal.code, &refusal.facts).1)
}

/// How many were recorded now, recorded before, refused.
pub(super) fn counts(lines: &[ResultLine]) -> (usize, usize, usize) {
    let of = |class: &str| lines.iter().filter(|l| l.class == class).count();
    (of("good") + of("warn"), of("info"), of("bad"))
}

/// The page with the answer.
#[derive(Template)]
#[template(path = "clerk/sheet_result.html", config = ".askama.toml")]
pub(super) struct ResultPage {
    chrome: Chrome,
    heading: String,
    counts: (usize, usize, usize),
    lines: Vec<ResultLine>,
    by_row: bool,
    /// Where what was refused can be mended; empty when nothing was.
    mend: String,
    another: String,
}

impl ResultPage {
    /// Of a sheet; `another` leads to the next for the same item.
    pub(super) fn new(chrome: Chrome, lines: Vec<ResultLine>, another: String) -> Self {
        let refused: Vec<&str> = lines.iter().filter(|l| l.class == "bad").map(|l| l.no.as_str()).collect();
        let mend = match refused.is_empty() {
            true => String::new(),
            false => format!("{another}&typed={}", escape_query(&refused.join(" "))),
        };
        let (t, counts) = (chrome.t, counts(&lines));
        let chrome = chrome.titled(t.sheet_result());
        Self { chrome, heading: String::new(), counts, lines, by_row: false, mend, another }
    }

    /// Of a file.
    pub(super) fn of_file(chrome: Chrome, lines: Vec<ResultLine>) -> Self {
        let another = "/clerk/sheet/file".to_owned();
        Self {
            by_row: true,
            mend: String::new(),
            another: another.clone(),
            ..Self::new(chrome, lines, another)
        }
    }
}

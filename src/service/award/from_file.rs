//! Recording awards out of a spreadsheet (批量导入): every row is looked up, computed and answered for itself, first dry,
//! then once for good. A row's key is made of what it says, whoever brings it: the same file twice records nothing
//! twice.

use std::collections::HashMap;

use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

use super::{
    Desk, Evidence, NewAward, Refusal, ServiceError, ServiceResult,
    each::Keyed,
    file::{self, AwardRows, Column},
    record::json,
    refuse,
};
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{HouseholdId, PersonId},
        lang::Lang,
        rule::{GradeWorth, Item, Label, SubjectKind},
        ruleset::RuleSet,
        time::Day,
        wording::fold_typed,
    },
    service::{
        bulk::ItemAnswer,
        caller::Recorder,
        import::file::{Row, date},
        rulesets,
    },
    store::{Tx, award::AwardRow, household, person},
    text::T,
};

/// What became of one row, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLine {
    /// The row, as the spreadsheet counts.
    pub row: usize,
    /// What the file calls the household.
    pub household: String,
    /// The household's head, or who did it; empty when the household is not known.
    pub who: String,
    /// The item as the rules call it; as the file does when they know none.
    pub item: Label,
    /// The award, or why it is none.
    pub answer: ItemAnswer<AwardRow>,
}

/// What became of a file, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAnswer {
    /// One an row, in the order of the file.
    pub lines: Vec<FileLine>,
    /// The rows again, to be handed in for good.
    pub plain: String,
}

impl FileAnswer {
    /// How many are recorded now, were recorded before, and are refused.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        self.lines.iter().fold((0, 0, 0), |(new, again, refused), line| match &line.answer {
            ItemAnswer::Done { repeated: false, .. } => (new + 1, again, refused),
            ItemAnswer::Done { repeated: true, .. } => (new, again + 1, refused),
            ItemAnswer::Refused(_) | ItemAnswer::NotApplied { .. } => (new, again, refused + 1),
        })
    }
}

/// A row that was understood, or why not.
struct Found {
    who: String,
    item: Label,
    line: Result<NewAward, Refusal>,
}

impl Desk {
    /// Says what recording a file would do, row by row, and does nothing of it. `paper` is how many rows the sheet on
    /// paper has.
    pub async fn preview_award_file(
        &self,
        by: &Recorder,
        bytes: &[u8],
        paper: Option<usize>,
    ) -> ServiceResult<FileAnswer> {
        self.award_file_rows(by, bytes, paper, false).await
    }

    /// Records the rows of a file that may be recorded; each once for ever.
    pub async fn record_award_file(
        &self,
        by: &Recorder,
        bytes: &[u8],
        paper: Option<usize>,
    ) -> ServiceResult<FileAnswer> {
        self.award_file_rows(by, bytes, paper, true).await
    }

    async fn award_file_rows(
        &self,
        by: &Recorder,
        bytes: &[u8],
        paper: Option<usize>,
        for_good: bool,
    ) -> ServiceResult<FileAnswer> {
        let rows = file::read(bytes)?;
        check_count(&rows, paper)?;
        let mut tx = self.db.begin_write().await?;
        let (mut found, mut keyed, mut first) = (Vec::new(), Vec::new(), HashMap::new());
        for row in &rows.rows {
            let mut one = self.understand(&mut tx, by, &rows, row).await?;
            let key = match &one.line {
                Ok(new) => file::key(&json(new)?),
                // never used: what cannot be read is not recorded
                Err(_) => file::key(&row.number.to_string()),
            };
            if let Some(earlier) = first.get(&key) {
                one.line = Err(refuse("row_repeated").with("row", earlier));
            } else {
                first.insert(key.clone(), row.number);
            }
            keyed.push(Keyed { key, line: one.line.clone() });
            found.push(one);
        }
        let answers = self.record_keyed(&mut tx, by, &keyed).await?;
        if for_good {
            tx.commit().await?;
        } else {
            drop(tx);
        }
        let lines = rows.rows.iter().zip(found).zip(answers).map(|((row, found), answer)| FileLine {
            row: row.number,
            household: rows.cell(row, Column::Household).to_owned(),
            who: found.who,
            item: found.item,
            answer,
        });
        Ok(FileAnswer { lines: lines.collect(), plain: rows.plain() })
    }

    async fn understand(
        &self,
        tx: &mut Tx,
        by: &Recorder,
        rows: &AwardRows,
        row: &Row,
    ) -> ServiceResult<Found> {
        let typed = rows.cell(row, Column::Item);
        let mut found = Found {
            who: String::new(),
            item: Label { zh: typed.to_owned(), en: typed.to_owned() },
            line: Err(refuse("not_found")),
        };
        match self.read_row(tx, by, rows, row, &mut found).await {
            Ok(new) => found.line = Ok(new),
            Err(ServiceError::Refused(refusal)) => found.line = Err(refusal),
            Err(other) => return Err(other),
        }
        Ok(found)
    }

    async fn read_row(
        &self,
        tx: &mut Tx,
        by: &Recorder,
        rows: &AwardRows,
        row: &Row,
        found: &mut Found,
    ) -> ServiceResult<NewAward> {
        let cell = |column| rows.cell(row, column);
        let (home, name) = (cell(Column::Household), cell(Column::Name));
        let no = number(home).ok_or_else(|| refuse("household_missing"))?;
        let home = household::by_no(tx, by.book, &no).await?;
        let home = home.ok_or_else(|| refuse("row_household").with("household", &no))?;
        found.who = person::head(tx, by.book, home.id).await?.unwrap_or_default();
        let occurred_on = cell(Column::OccurredOn);
        let day = date(occurred_on).and_then(|(y, m, d)| Day::from_ymd(y, m, d));
        let occurred_on = day.ok_or_else(|| refuse("bad_day").with("text", occurred_on))?;
        let set = rulesets::in_force(tx, by.book, occurred_on).await?;
        let typed = cell(Column::Item);
        let item = item(&set, typed).ok_or_else(|| refuse("unknown_item").with("item", typed))?;
        found.item = Label {
            zh: format!("{} {}", item.code, item.name.zh),
            en: format!("{} {}", item.code, item.name.get(Lang::En)),
        };
        let grade = grade(item, cell(Column::Grade))?;
        let person = self.member(tx, by, home.id, item, name).await?;
        if person.is_some() {
            name.clone_into(&mut found.who);
        }
        Ok(NewAward {
            household: Some(home.id),
            person,
            item: item.code.to_string(),
            quantity: if asks(item, grade.as_deref()) {
                quantity(cell(Column::Quantity))?
            } else {
                Decimal::ONE
            },
            grade,
            occurred_on,
            event_key: Some(cell(Column::Event).to_owned()).filter(|k| !k.is_empty()),
            hours: None,
            evidence: Evidence::on_file(item, T(Lang::Zh).evidence_on_file()),
            note: cell(Column::Note).to_owned(),
            on_behalf: None,
        })
    }

    /// Who of the household did it. Where nobody needs to be named a name must still be one of the household's: a
    /// number and a name that do not go together are a slip of the pen.
    async fn member(
        &self,
        tx: &mut Tx,
        by: &Recorder,
        home: HouseholdId,
        item: &Item,
        name: &str,
    ) -> ServiceResult<Option<PersonId>> {
        let by_person = item.subject == SubjectKind::Person;
        if name.is_empty() {
            return if by_person { Err(refuse("person_missing").into()) } else { Ok(None) };
        }
        let members = person::members(tx, by.book, home, self.today()).await?;
        let folded = fold_typed(name);
        let mut same = members.iter().filter(|m| fold_typed(&m.name) == folded);
        match (same.next(), same.next()) {
            (Some(_), Some(_)) if by_person => Err(refuse("row_name_twice").with("name", name).into()),
            (Some(one), _) => Ok(by_person.then_some(one.id)),
            (None, _) => Err(refuse("row_name").with("name", name).into()),
        }
    }
}

/// Whether there are as many rows as the paper, or the file itself, says.
fn check_count(rows: &AwardRows, paper: Option<usize>) -> ServiceResult<()> {
    let said = rows.said.map(|(_, said)| said);
    for wanted in [paper, said].into_iter().flatten() {
        if wanted != rows.rows.len() {
            return Err(refuse("sheet_count").with("paper", wanted).with("lines", rows.rows.len()).into());
        }
    }
    Ok(())
}

/// `H0012`, `12`, `第12户`.
#[must_use]
pub fn number(text: &str) -> Option<HouseholdNo> {
    HouseholdNo::parse(text).or_else(|_| HouseholdNo::parse(&format!("H{}", text.trim()))).ok()
}

/// An item by its code, alone or before its name, or by its name.
fn item<'a>(set: &'a RuleSet, typed: &str) -> Option<&'a Item> {
    let folded = fold_typed(typed);
    let code = typed.split_whitespace().next().unwrap_or_default().nfkc().collect::<String>();
    set.items.iter().find(|i| i.code.as_str().eq_ignore_ascii_case(&code)).or_else(|| {
        set.items.iter().find(|i| {
            !folded.is_empty() && (fold_typed(&i.name.zh) == folded || fold_typed(&i.name.en) == folded)
        })
    })
}

fn grade(item: &Item, typed: &str) -> ServiceResult<Option<String>> {
    if item.grades().is_empty() {
        return Ok(None);
    }
    let folded = fold_typed(typed);
    let same = |text: &str| !folded.is_empty() && fold_typed(text).eq_ignore_ascii_case(&folded);
    let found = item.grades().iter().find(|g| same(&g.code) || same(&g.label.zh) || same(&g.label.en));
    let names: Vec<&str> = item.grades().iter().map(|g| g.label.zh.as_str()).collect();
    let missing = || refuse("row_grade").with("item", &item.code).with("grades", names.join("、"));
    Ok(Some(found.ok_or_else(missing)?.code.clone()))
}

fn asks(item: &Item, grade: Option<&str>) -> bool {
    match grade {
        Some(grade) => item.grade(grade).is_some_and(|g| matches!(g.worth, GradeWorth::Rate(_))),
        None => item.asks_quantity(),
    }
}

/// A typed number, full width or not; empty is one.
fn quantity(text: &str) -> ServiceResult<Decimal> {
    let folded: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    if folded.is_empty() {
        return Ok(Decimal::ONE);
    }
    let number: Decimal = folded.parse().map_err(|_| refuse("bad_number").with("text", text))?;
    Ok(number.normalize())
}

//! From rows of text to a plan, or to every fault: first each cell, then each household as a whole.

use std::collections::{HashMap, HashSet};

use super::{
    Column, FaultKind, ImportContext, ImportPlan, PlannedHousehold, PlannedPerson, RowFault,
    file::{Row, date},
    table::Table,
};
use crate::domain::{
    household::HouseholdNo,
    ids::OrgId,
    person::{BirthYear, InvalidName, Name, Phone, Relation},
    time::Day,
    wording::fold_typed,
};

/// Checks a table.
pub(super) fn plan(table: &Table, context: &ImportContext) -> Result<ImportPlan, Vec<RowFault>> {
    let mut reading = Reading::new(table, context);
    for row in &table.rows {
        reading.row(row);
    }
    for household in &reading.households {
        whole_household(household, &mut reading.faults);
    }
    let mut faults = reading.faults;
    if !faults.is_empty() {
        faults.sort_by_key(|f| (f.row, f.column));
        return Err(faults);
    }
    let households = reading.households.into_iter().map(|draft| draft.finish(context.today)).collect();
    Ok(ImportPlan { households })
}

/// A household while its rows are being read.
struct Draft {
    row: usize,
    label: String,
    no: Option<HouseholdNo>,
    place: Option<OrgId>,
    people: Vec<DraftPerson>,
}

/// A person whose cells may be faulty: what could not be read is missing.
struct DraftPerson {
    row: usize,
    name: Option<Name>,
    relation: Option<Relation>,
    birth_year: Option<BirthYear>,
    phone: Option<Phone>,
    joined_on: Option<Day>,
}

impl Draft {
    /// Without faults every name and relation was read, so nobody is lost here.
    fn finish(self, today: Day) -> PlannedHousehold {
        let mut people: Vec<PlannedPerson> = self
            .people
            .into_iter()
            .filter_map(|p| {
                Some(PlannedPerson {
                    row: p.row,
                    name: p.name?,
                    relation: p.relation?,
                    birth_year: p.birth_year,
                    phone: p.phone,
                    joined_on: p.joined_on.unwrap_or(today),
                })
            })
            .collect();
        people.sort_by_key(|p| (p.relation != Relation::Head, p.row));
        PlannedHousehold { row: self.row, label: self.label, no: self.no, place: self.place, people }
    }
}

struct Reading<'a> {
    table: &'a Table,
    context: &'a ImportContext,
    places: HashMap<String, OrgId>,
    households: Vec<Draft>,
    labels: HashSet<String>,
    faults: Vec<RowFault>,
}

impl<'a> Reading<'a> {
    fn new(table: &'a Table, context: &'a ImportContext) -> Self {
        let places = context.places.iter().map(|(id, name)| (fold_typed(name), *id)).collect();
        Self { table, context, places, households: Vec::new(), labels: HashSet::new(), faults: Vec::new() }
    }

    fn row(&mut self, row: &Row) {
        let person = DraftPerson {
            row: row.number,
            name: self.name(row),
            relation: self.relation(row),
            birth_year: self.cell(row, Column::BirthYear, FaultKind::BirthYearInvalid, |text, today| {
                BirthYear::new(date(text).map(|(y, ..)| y).or_else(|| year(text))?, today.ymd().0).ok()
            }),
            phone: self.cell(row, Column::Phone, FaultKind::PhoneInvalid, |text, _| Phone::parse(text).ok()),
            joined_on: self.joined_on(row),
        };
        let place = self.place(row);
        if self.household(row) {
            self.join(row, place, person);
        }
    }

    /// Opens the household of the row if it is a new one; a blank cell means the household above (merged cells).
    fn household(&mut self, row: &Row) -> bool {
        let label = self.table.cell(row, Column::Household);
        let above = self.households.last();
        if label.is_empty() && above.is_some() || above.is_some_and(|h| h.label == label) {
            return true;
        }
        if label.is_empty() {
            self.faults.push(RowFault::cell(row.number, Column::Household, FaultKind::HouseholdMissing, ""));
            return false;
        }
        let no = HouseholdNo::parse(label).or_else(|_| HouseholdNo::parse(&format!("H{label}"))).ok();
        let key = no.as_ref().map_or_else(|| fold_typed(label), ToString::to_string);
        if !self.labels.insert(key) {
            self.faults.push(RowFault::cell(
                row.number,
                Column::Household,
                FaultKind::HouseholdScattered,
                label,
            ));
            // Its members are still read, so that their own faults are told in the same run.
        } else if no.as_ref().is_some_and(|no| self.context.taken.contains(no)) {
            self.faults.push(RowFault::cell(
                row.number,
                Column::Household,
                FaultKind::HouseholdExists,
                label,
            ));
        }
        self.households.push(Draft {
            row: row.number,
            label: label.to_owned(),
            no,
            place: None,
            people: Vec::new(),
        });
        true
    }

    fn join(&mut self, row: &Row, place: Option<OrgId>, person: DraftPerson) {
        let Some(household) = self.households.last_mut() else { return };
        if household.place.is_none() {
            household.place = place;
        } else if place.is_some() && place != household.place {
            let text = self.table.cell(row, Column::Place);
            self.faults.push(RowFault::cell(row.number, Column::Place, FaultKind::PlaceDiffers, text));
        }
        household.people.push(person);
    }

    fn name(&mut self, row: &Row) -> Option<Name> {
        let text = self.table.cell(row, Column::Name);
        let kind = match Name::parse(text) {
            Ok(name) => return Some(name),
            Err(InvalidName::Empty) => FaultKind::NameMissing,
            Err(InvalidName::TooLong) => FaultKind::NameTooLong,
            Err(InvalidName::Character(_) | InvalidName::Separator) => FaultKind::NameInvalid,
        };
        self.faults.push(RowFault::cell(row.number, Column::Name, kind, text));
        None
    }

    fn relation(&mut self, row: &Row) -> Option<Relation> {
        if self.table.cell(row, Column::Relation).is_empty() {
            self.faults.push(RowFault::cell(row.number, Column::Relation, FaultKind::RelationMissing, ""));
            return None;
        }
        self.cell(row, Column::Relation, FaultKind::RelationUnknown, |text, _| Relation::from_word(text))
    }

    fn place(&mut self, row: &Row) -> Option<OrgId> {
        let text = self.table.cell(row, Column::Place);
        let found = self.places.get(&fold_typed(text)).copied();
        if found.is_none() && !text.is_empty() {
            self.faults.push(RowFault::cell(row.number, Column::Place, FaultKind::PlaceUnknown, text));
        }
        found
    }

    fn joined_on(&mut self, row: &Row) -> Option<Day> {
        let day = self.cell(row, Column::JoinedOn, FaultKind::DateInvalid, |text, _| {
            let (year, month, day) = date(text)?;
            Day::from_ymd(year, month, day)
        })?;
        if day > self.context.today {
            let fault =
                RowFault::cell(row.number, Column::JoinedOn, FaultKind::DateInFuture, &day.to_string());
            self.faults.push(fault);
            return None;
        }
        Some(day)
    }

    /// An optional cell: nothing when blank, a fault when it cannot be read.
    fn cell<V>(
        &mut self,
        row: &Row,
        column: Column,
        kind: FaultKind,
        read: impl Fn(&str, Day) -> Option<V>,
    ) -> Option<V> {
        let text = self.table.cell(row, column);
        if text.is_empty() {
            return None;
        }
        let value = read(text, self.context.today);
        if value.is_none() {
            self.faults.push(RowFault::cell(row.number, column, kind, text));
        }
        value
    }
}

fn whole_household(household: &Draft, faults: &mut Vec<RowFault>) {
    let mut heads = household.people.iter().filter(|p| p.relation == Some(Relation::Head));
    // A relation that could not be read may have been the head: that fault is told already.
    let unread = household.people.iter().any(|p| p.relation.is_none());
    if heads.next().is_none() && !unread {
        faults.push(RowFault::cell(household.row, Column::Relation, FaultKind::NoHead, &household.label));
    }
    for second in heads {
        faults.push(RowFault::cell(second.row, Column::Relation, FaultKind::TwoHeads, &household.label));
    }
    let mut seen = HashSet::new();
    for person in &household.people {
        let Some(name) = &person.name else { continue };
        if !seen.insert((name, person.birth_year)) {
            faults.push(RowFault::cell(person.row, Column::Name, FaultKind::RepeatedPerson, name.as_str()));
        }
    }
}

/// `1985`, `1985年`.
fn year(text: &str) -> Option<i32> {
    let folded = fold_typed(text);
    let digits = folded.strip_suffix('年').unwrap_or(&folded);
    (digits.len() == 4).then(|| digits.parse().ok()).flatten()
}

//! Reads a village's register of households and people from CSV or XLSX: either a whole plan, or every fault with its
//! row and column. Pure: writes nothing, so a dry run is this and no more. Holds no registration.

mod archive;
mod check;
mod fault;
pub mod file;
#[cfg(test)]
mod hostile;
mod table;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

pub use fault::{FaultKind, RowFault};
pub use file::FILE_BYTES_MAX;

use crate::domain::{
    household::HouseholdNo,
    ids::OrgId,
    person::{BirthYear, Name, Phone, Relation},
    time::Day,
    wording::vocabulary,
};

/// The most rows read from one file.
pub const ROWS_MAX: usize = 20_000;

vocabulary! {
    /// A column of the register.
    Column {
        /// The household's number, or whatever the village calls it by.
        Household = "household", "户号", "household no.";
        /// The person's name.
        Name = "name", "姓名", "name";
        /// What the person is to the head.
        Relation = "relation", "与户主关系", "relation to head";
        /// Year of birth; a whole date is cut to its year.
        BirthYear = "birth_year", "出生年", "birth year";
        /// Mobile number.
        Phone = "phone", "手机", "phone";
        /// Group, hamlet or household group, by name.
        Place = "group", "小组/联户", "group";
        /// The day the person joined the household.
        JoinedOn = "joined_on", "入户日期", "joined on";
    }
}

impl Column {
    /// The columns no register can do without.
    pub const REQUIRED: [Self; 3] = [Self::Household, Self::Name, Self::Relation];
}

/// What the village already has, for the checks that need it.
#[derive(Debug, Clone)]
pub struct ImportContext {
    /// The day of the import: nobody joined later.
    pub today: Day,
    /// Groups, hamlets and household groups of the village by name.
    pub places: Vec<(OrgId, String)>,
    /// Numbers already given out.
    pub taken: HashSet<HouseholdNo>,
}

/// A register without a fault, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPlan {
    /// In the order of the file.
    pub households: Vec<PlannedHousehold>,
}

impl ImportPlan {
    /// How many people the plan holds.
    #[must_use]
    pub fn people(&self) -> usize {
        self.households.iter().map(|h| h.people.len()).sum()
    }
}

/// One household of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedHousehold {
    /// Row of its first member, as the spreadsheet counts.
    pub row: usize,
    /// What the file calls it.
    pub label: String,
    /// Its number, when the label is one; otherwise the next free number is to be given.
    pub no: Option<HouseholdNo>,
    /// The node it belongs to; the village itself when none is named.
    pub place: Option<OrgId>,
    /// Its members, the head first.
    pub people: Vec<PlannedPerson>,
}

impl PlannedHousehold {
    /// The head; every planned household has one.
    #[must_use]
    pub fn head(&self) -> Option<&PlannedPerson> {
        self.people.iter().find(|p| p.relation == Relation::Head)
    }
}

/// One person of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPerson {
    /// The row, as the spreadsheet counts.
    pub row: usize,
    /// Name.
    pub name: Name,
    /// What the person is to the head.
    pub relation: Relation,
    /// Year of birth, if given.
    pub birth_year: Option<BirthYear>,
    /// Mobile number, if given.
    pub phone: Option<Phone>,
    /// First day in the household; the day of the import if not given.
    pub joined_on: Day,
}

/// Reads a register: all of it, or every fault in the order of the rows.
///
/// # Errors
/// Every [`RowFault`] of the file; nothing of it may be written then.
pub fn parse(file: &[u8], context: &ImportContext) -> Result<ImportPlan, Vec<RowFault>> {
    let table = table::read(file).map_err(|fault| vec![fault])?;
    check::plan(&table, context)
}

/// An empty register to fill in: the headings and one example household, as CSV that spreadsheets open rightly.
#[must_use]
pub fn template_csv() -> String {
    let headings: Vec<&str> = Column::ALL.iter().map(|c| c.words().zh).collect();
    format!(
        "\u{feff}{}\r\n1,张建国,户主,1968,,一组,2020-01-01\r\n1,李秀英,配偶,1970,,一组,2020-01-01\r\n",
        headings.join(",")
    )
}

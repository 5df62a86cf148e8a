//! What is wrong with a register, where, and the sentence for the clerk.

use super::{Column, ROWS_MAX};
use crate::{
    domain::{lang::Lang, wording::vocabulary},
    text::T,
};

vocabulary! {
    /// The kind of a fault; its code is part of the API.
    FaultKind {
        /// Neither CSV nor XLSX, too large, or in an unknown encoding.
        Unreadable = "unreadable", "无法读取", "unreadable";
        /// Headings without people.
        Empty = "empty", "没有内容", "empty";
        /// More rows than are read at once.
        TooMany = "too_many", "行数过多", "too many rows";
        /// A required column is missing.
        MissingColumn = "missing_column", "缺列", "missing column";
        /// A column stands twice.
        RepeatedColumn = "repeated_column", "重复列", "repeated column";
        /// No household number, not even above.
        HouseholdMissing = "household_missing", "缺户号", "no household number";
        /// The number is given out already.
        HouseholdExists = "household_exists", "户号已登记", "household exists";
        /// The rows of one household are apart, which is mostly a number used twice.
        HouseholdScattered = "household_scattered", "户号分散", "household scattered";
        /// No name.
        NameMissing = "name_missing", "缺姓名", "no name";
        /// A name of more than 50 characters.
        NameTooLong = "name_too_long", "姓名过长", "name too long";
        /// Digits or signs in a name.
        NameInvalid = "name_invalid", "姓名有误", "name invalid";
        /// No relation.
        RelationMissing = "relation_missing", "缺关系", "no relation";
        /// A relation that is not known.
        RelationUnknown = "relation_unknown", "关系有误", "relation unknown";
        /// Not a year someone alive was born in.
        BirthYearInvalid = "birth_year_invalid", "出生年有误", "birth year invalid";
        /// Not a mobile number.
        PhoneInvalid = "phone_invalid", "手机号有误", "phone invalid";
        /// No node of the village has this name.
        PlaceUnknown = "place_unknown", "小组不存在", "group unknown";
        /// Members of one household in two groups.
        PlaceDiffers = "place_differs", "小组不一致", "groups differ";
        /// Not a date.
        DateInvalid = "date_invalid", "日期有误", "date invalid";
        /// A date after the import.
        DateInFuture = "date_in_future", "日期未到", "date in future";
        /// A household without a head.
        NoHead = "no_head", "没有户主", "no head";
        /// A household with two heads.
        TwoHeads = "two_heads", "两位户主", "two heads";
        /// The same person twice in a household.
        RepeatedPerson = "repeated_person", "人员重复", "person repeated";
    }
}

/// One fault of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The row as the spreadsheet counts, headings included; nothing when it is about the whole file.
    pub row: Option<usize>,
    /// The column, when it is about one.
    pub column: Option<Column>,
    /// What is wrong.
    pub kind: FaultKind,
    /// What stands there.
    pub value: String,
}

impl RowFault {
    /// A fault of the whole file.
    pub(super) const fn file(kind: FaultKind) -> Self {
        Self { row: None, column: None, kind, value: String::new() }
    }

    /// A fault of a cell.
    pub(super) fn cell(row: usize, column: Column, kind: FaultKind, value: &str) -> Self {
        Self { row: Some(row), column: Some(column), kind, value: value.to_owned() }
    }

    /// Where: `第3行“手机”`.
    #[must_use]
    pub fn place(&self, lang: Lang) -> String {
        let t = T(lang);
        match (self.row, self.column) {
            (Some(row), Some(column)) => t.import_fault_place(row, column.words().text(lang)),
            (Some(row), None) => t.import_fault_row(row),
            _ => t.import_fault_file().to_owned(),
        }
    }

    /// What is wrong and what to do, as a sentence.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let t = T(lang);
        let value = self.value.as_str();
        let column = || self.column.map_or("", |c| c.words().text(lang));
        match self.kind {
            FaultKind::Unreadable => t.import_fault_unreadable().to_owned(),
            FaultKind::Empty => t.import_fault_empty().to_owned(),
            FaultKind::TooMany => t.import_fault_too_many(ROWS_MAX),
            FaultKind::MissingColumn => t.import_fault_missing_column(column()),
            FaultKind::RepeatedColumn => t.import_fault_repeated_column(column()),
            FaultKind::HouseholdMissing => t.import_fault_household_missing().to_owned(),
            FaultKind::HouseholdExists => t.import_fault_household_exists(value),
            FaultKind::HouseholdScattered => t.import_fault_household_scattered(value),
            FaultKind::NameMissing => t.import_fault_name_missing().to_owned(),
            FaultKind::NameTooLong => t.import_fault_name_too_long().to_owned(),
            FaultKind::NameInvalid => t.import_fault_name_invalid(value),
            FaultKind::RelationMissing => t.import_fault_relation_missing().to_owned(),
            FaultKind::RelationUnknown => t.import_fault_relation_unknown(value),
            FaultKind::BirthYearInvalid => t.import_fault_birth_year_invalid(value),
            FaultKind::PhoneInvalid => t.import_fault_phone_invalid(value),
            FaultKind::PlaceUnknown => t.import_fault_place_unknown(value),
            FaultKind::PlaceDiffers => t.import_fault_place_differs(value),
            FaultKind::DateInvalid => t.import_fault_date_invalid(value),
            FaultKind::DateInFuture => t.import_fault_date_in_future(value),
            FaultKind::NoHead => t.import_fault_no_head(value),
            FaultKind::TwoHeads => t.import_fault_two_heads(value),
            FaultKind::RepeatedPerson => t.import_fault_repeated_person(value),
        }
    }
}

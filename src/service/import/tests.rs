//! Tests of the register import: files as villages keep them, and every fault with its row and column.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use uuid::Uuid;

use super::*;
use crate::domain::lang::Lang;

const HEAD: &str = "户号,姓名,与户主关系,出生年,手机,小组/联户,入户日期\n";

fn context() -> ImportContext {
    ImportContext {
        today: "2026-11-22".parse().unwrap(),
        places: vec![
            (OrgId(Uuid::from_u128(1)), "一组".to_owned()),
            (OrgId(Uuid::from_u128(2)), "二组".to_owned()),
        ],
        taken: HashSet::from([HouseholdNo::from_ordinal(9)]),
    }
}

fn read(text: &str) -> Result<ImportPlan, Vec<RowFault>> {
    parse(text.as_bytes(), &context())
}

fn faults(rows: &str) -> Vec<(usize, Column, FaultKind)> {
    let found = read(&format!("{HEAD}{rows}")).unwrap_err();
    found.into_iter().map(|f| (f.row.unwrap(), f.column.unwrap(), f.kind)).collect()
}

#[test]
fn a_register_becomes_households_with_their_heads_first() {
    let plan = read(&format!(
        "{HEAD}1,李秀英,妻,1970,,一组,\n1,张建国,户主,1968年,138 1234 5678,一组,2020/1/31\n,张㛃,长女,19950302,,,\nH0012,沙马·阿支,户主,,,二组,2021年3月5日\n"
    ))
    .unwrap();
    assert_eq!((plan.households.len(), plan.people()), (2, 4));
    let first = &plan.households[0];
    assert_eq!(first.no, Some(HouseholdNo::from_ordinal(1)));
    assert_eq!(first.place, Some(OrgId(Uuid::from_u128(1))));
    assert_eq!(first.head().unwrap().name.as_str(), "张建国");
    assert_eq!(first.people[0].row, 3);
    assert_eq!(first.people[0].joined_on.to_string(), "2020-01-31");
    assert_eq!(first.people[0].phone.as_ref().unwrap().as_str(), "13812345678");
    assert_eq!(first.people[1].joined_on.to_string(), "2026-11-22");
    assert_eq!(first.people[2].birth_year.unwrap().year(), 1995);
    assert_eq!(plan.households[1].head().unwrap().name.as_str(), "沙马·阿支");
}

#[test]
fn english_headings_a_title_row_and_other_delimiters_are_understood() {
    let tabs =
        "Register of the village\nHousehold no.\tName\tRelation to head\tPhone\n7\tJohn Smith\thead\t\n";
    assert_eq!(read(tabs).unwrap().people(), 1);
    assert_eq!(read("户号;姓名;关系\n7;王芳;户主\n").unwrap().people(), 1);
}

#[test]
fn utf8_with_a_mark_and_gb18030_give_the_same_plan() {
    let text = format!("{HEAD}1,李𬭎,户主,1968,,一组,2020-01-01\n");
    let plain = read(&text).unwrap();
    assert_eq!(read(&format!("\u{feff}{text}")).unwrap(), plain);
    let (gb, _, lost) = encoding_rs::GB18030.encode(&text);
    assert!(!lost);
    assert_eq!(parse(&gb, &context()).unwrap(), plain);
}

#[test]
fn an_xlsx_file_is_read_with_its_numbers_and_dates() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (place, title) in
        ["户号", "姓名", "与户主关系", "出生年", "手机", "小组", "入户日期"].into_iter().enumerate()
    {
        sheet.write(0, u16::try_from(place).unwrap(), title).unwrap();
    }
    sheet.write(1, 0, 3).unwrap();
    sheet.write(1, 1, "杨㛃").unwrap();
    sheet.write(1, 2, "户主").unwrap();
    sheet.write(1, 3, 1988).unwrap();
    sheet.write(1, 4, 13_812_345_678_i64).unwrap();
    sheet.write(1, 5, "二组").unwrap();
    let date = ExcelDateTime::from_ymd(2024, 2, 29).unwrap();
    sheet.write_with_format(1, 6, &date, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
    sheet.write(3, 0, "H0004").unwrap();
    sheet.write(3, 1, "杨三").unwrap();
    sheet.write(3, 2, "邻居").unwrap();
    let found = parse(&book.save_to_buffer().unwrap(), &context()).unwrap_err();
    assert_eq!((found.len(), found[0].row, found[0].kind), (1, Some(4), FaultKind::RelationUnknown));

    let sheet = book.worksheet_from_index(0).unwrap();
    sheet.write(3, 2, "户主").unwrap();
    let plan = parse(&book.save_to_buffer().unwrap(), &context()).unwrap();
    let person = &plan.households[0].people[0];
    assert_eq!(person.name.as_str(), "杨㛃");
    assert_eq!(person.birth_year.unwrap().year(), 1988);
    assert_eq!(person.phone.as_ref().unwrap().as_str(), "13812345678");
    assert_eq!(person.joined_on.to_string(), "2024-02-29");
    assert_eq!(plan.households[1].row, 4);
}

#[test]
fn every_fault_of_a_file_is_told_at_once_with_row_and_column() {
    let rows = "1,张3,户主,1968,,一组,\n1,李英,配偶,2999,12345,三组,2026-02-30\n9,王五,户主,,,,2027-01-01\n10,,邻居,,,,\n";
    assert_eq!(
        faults(rows),
        [
            (2, Column::Name, FaultKind::NameInvalid),
            (3, Column::BirthYear, FaultKind::BirthYearInvalid),
            (3, Column::Phone, FaultKind::PhoneInvalid),
            (3, Column::Place, FaultKind::PlaceUnknown),
            (3, Column::JoinedOn, FaultKind::DateInvalid),
            (4, Column::Household, FaultKind::HouseholdExists),
            (4, Column::JoinedOn, FaultKind::DateInFuture),
            (5, Column::Name, FaultKind::NameMissing),
            (5, Column::Relation, FaultKind::RelationUnknown),
        ]
    );
}

#[test]
fn a_household_needs_exactly_one_head_and_nobody_twice() {
    assert_eq!(faults("1,张三,配偶,,,,\n"), [(2, Column::Relation, FaultKind::NoHead)]);
    assert_eq!(faults("1,张三,户主,,,,\n1,李四,户主,,,,\n"), [(3, Column::Relation, FaultKind::TwoHeads)]);
    assert_eq!(
        faults("1,张三,户主,1968,,,\n1,张三,长子,1968,,,\n"),
        [(3, Column::Name, FaultKind::RepeatedPerson)]
    );
    assert_eq!(faults("1,张三,,,,,\n"), [(2, Column::Relation, FaultKind::RelationMissing)]);
    assert_eq!(faults(",张三,户主,,,,\n"), [(2, Column::Household, FaultKind::HouseholdMissing)]);
    assert_eq!(
        faults("1,张三,户主,,,一组,\n1,李四,配偶,,,二组,\n"),
        [(3, Column::Place, FaultKind::PlaceDiffers)]
    );
    assert_eq!(
        faults("1,张三,户主,,,,\n2,李四,户主,,,,\nH0001,王五,户主,,,,\n"),
        [(4, Column::Household, FaultKind::HouseholdScattered)]
    );
    assert_eq!(
        faults(&format!("1,{},户主,,,,\n", "张".repeat(51))),
        [(2, Column::Name, FaultKind::NameTooLong)]
    );
}

#[test]
fn a_file_that_is_no_register_is_refused_whole() {
    let kind = |file: &[u8]| parse(file, &context()).unwrap_err()[0].kind;
    assert_eq!(kind(b""), FaultKind::Empty);
    assert_eq!(kind(HEAD.as_bytes()), FaultKind::Empty);
    assert_eq!(kind(b"a,b,c\n1,2,3\n"), FaultKind::MissingColumn);
    assert_eq!(kind("姓名,关系\n张三,户主\n".as_bytes()), FaultKind::MissingColumn);
    assert_eq!(kind("户号,姓名,姓名,关系\n1,张三,张三,户主\n".as_bytes()), FaultKind::RepeatedColumn);
    assert_eq!(kind(b"PK\x03\x04 not a workbook"), FaultKind::Unreadable);
    assert_eq!(kind(&[0xff, 0xff, 0xff]), FaultKind::Unreadable);
    assert_eq!(kind(&vec![b'x'; FILE_BYTES_MAX + 1]), FaultKind::Unreadable);
}

#[test]
fn the_template_is_itself_a_register() {
    assert_eq!(read(&template_csv()).unwrap().people(), 2);
}

#[test]
fn every_kind_of_fault_has_its_sentence_in_both_languages() {
    for kind in FaultKind::ALL {
        let fault =
            RowFault { row: Some(3), column: Some(Column::Phone), kind: *kind, value: "x".to_owned() };
        assert_ne!(fault.words(Lang::Zh), fault.words(Lang::En));
    }
    let fault = RowFault::cell(3, Column::Phone, FaultKind::PhoneInvalid, "12");
    assert_eq!(fault.place(Lang::Zh), "第3行“手机”");
    assert_eq!(fault.words(Lang::En), "The phone number “12” is wrong: eleven digits, or leave it empty");
}

//! Tests of names, phones and relations.

use super::*;

fn masked(text: &str) -> String {
    Name::parse(text).unwrap().masked()
}

#[test]
fn public_names_keep_the_surname_and_the_last_character() {
    for (name, shown) in [
        ("张建三", "张*三"),
        ("张三", "张*"),
        ("欧阳建华", "欧阳*华"),
        ("欧阳华", "欧阳*"),
        ("欧阳", "欧*"),
        ("王李建华", "王*华"),
        ("李𬭎", "李*"),
        ("㛃", "*"),
        ("阿依古丽·买买提", "阿*·买*"),
        ("John Smith", "J* S*"),
    ] {
        assert_eq!(masked(name), shown, "{name}");
    }
}

#[test]
fn rare_characters_and_minority_names_are_names() {
    for name in [
        "李𬭎",
        "杨㛃",
        "马\u{30000}",
        "吴\u{323AF}",
        "沙马·阿支",
        "普·布",
        "María José",
        "O'Neill",
        "J. R. Li",
    ] {
        assert_eq!(Name::parse(name).unwrap().as_str(), name);
    }
    for typed in ["买买提・艾力", "买买提‧艾力", " 买买提•艾力 ", "买买提．艾力"] {
        assert_eq!(Name::parse(typed).unwrap().as_str(), "买买提·艾力");
    }
    assert_eq!(Name::parse("张　三").unwrap().as_str(), "张三");
    assert_eq!(Name::parse("Jose\u{301}").unwrap().as_str(), "José");
}

#[test]
fn what_is_no_name_is_refused_with_its_cause() {
    assert_eq!(Name::parse("  "), Err(InvalidName::Empty));
    assert_eq!(Name::parse(&"张".repeat(51)), Err(InvalidName::TooLong));
    assert_eq!(Name::parse("张\u{0}三"), Err(InvalidName::Character('\u{0}')));
    assert_eq!(Name::parse("张3"), Err(InvalidName::Character('3')));
    assert_eq!(Name::parse("<b>"), Err(InvalidName::Character('<')));
    assert_eq!(Name::parse("·张"), Err(InvalidName::Separator));
    assert_eq!(Name::parse("张··三"), Err(InvalidName::Separator));
    assert!(Name::parse(&"张".repeat(50)).is_ok());
}

#[test]
fn phones_are_read_as_typed_and_shown_masked() {
    let phone = Phone::parse("+86 138-1234 ５６７８").unwrap();
    assert_eq!((phone.as_str(), phone.masked().as_str()), ("13812345678", "138****5678"));
    assert_eq!(format!("{phone:?}"), "Phone(138****5678)");
    for bad in ["12812345678", "1381234567", "138123456789", "1381234567a", ""] {
        assert_eq!(Phone::parse(bad), Err(InvalidPhone), "{bad}");
    }
}

#[test]
fn register_words_become_relations() {
    for (word, relation) in [
        ("户主", Relation::Head),
        ("妻", Relation::Spouse),
        ("长子", Relation::Child),
        ("次女", Relation::Child),
        ("孙子", Relation::Grandchild),
        ("外孙女", Relation::Grandchild),
        ("儿媳", Relation::ChildInLaw),
        ("Wife", Relation::Spouse),
        ("母亲", Relation::Parent),
    ] {
        assert_eq!(Relation::from_word(word), Some(relation), "{word}");
    }
    assert_eq!(Relation::from_word("邻居"), None);
    for relation in Relation::ALL {
        assert_eq!(Relation::from_word(relation.as_str()), Some(*relation));
        assert_eq!(Relation::from_word(relation.words().zh), Some(*relation));
    }
}

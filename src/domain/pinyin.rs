//! Search keys of names: full pinyin and initials, with the readings that surnames have and characters that the
//! general table lacks. Holds no searching: the store compares keys.

use pinyin::ToPinyin;
use unicode_normalization::UnicodeNormalization;

use super::person::Name;

/// Surnames whose first character is read otherwise than in words.
const SURNAME_READINGS: &[(char, &str)] = &[
    ('单', "shan"),
    ('曾', "zeng"),
    ('解', "xie"),
    ('仇', "qiu"),
    ('区', "ou"),
    ('查', "zha"),
    ('朴', "piao"),
    ('任', "ren"),
    ('盖', "ge"),
    ('尹', "yin"),
    ('乐', "yue"),
    ('覃', "qin"),
    ('召', "shao"),
    ('种', "chong"),
    ('重', "chong"),
    ('秘', "bi"),
    ('冼', "xian"),
    ('折', "she"),
    ('缪', "miao"),
    ('黑', "he"),
    ('华', "hua"),
    ('宓', "fu"),
    ('隗', "kui"),
    ('逄', "pang"),
    ('员', "yun"),
    ('么', "yao"),
    ('繁', "po"),
    ('那', "na"),
    ('郗', "xi"),
    ('谌', "chen"),
    ('燕', "yan"),
    ('洗', "xian"),
    ('过', "guo"),
    ('哈', "ha"),
    ('晟', "cheng"),
    ('令', "ling"),
    ('句', "gou"),
    ('牟', "mu"),
    ('撒', "sa"),
    ('纪', "ji"),
    ('葛', "ge"),
    ('应', "ying"),
];

/// Two-character surnames with a reading of their own.
const COMPOUND_READINGS: &[(&str, &[&str])] = &[
    ("尉迟", &["yu", "chi"]),
    ("万俟", &["mo", "qi"]),
    ("长孙", &["zhang", "sun"]),
    ("澹台", &["tan", "tai"]),
    ("亓官", &["qi", "guan"]),
    ("令狐", &["ling", "hu"]),
    ("鲜于", &["xian", "yu"]),
    ("乐正", &["yue", "zheng"]),
    ("宰父", &["zai", "fu"]),
    ("单于", &["chan", "yu"]),
];

/// Characters of names that the general table does not know.
const RARE: &[(char, &str)] = &[
    ('𬭎', "hong"),
    ('㛃', "jie"),
    ('𬭚', "chun"),
    ('𬭛', "bo"),
    ('𬭳', "xi"),
    ('𬭶', "hei"),
    ('𬬭', "lun"),
    ('𬬮', "jiu"),
    ('𬬱', "jin"),
    ('𬬸', "shu"),
    ('𬬹', "mu"),
    ('𬬻', "lu"),
    ('𬬿', "zhao"),
    ('𬭁', "jiong"),
    ('𬭊', "du"),
    ('𬭤', "hou"),
    ('𬭩', "ang"),
    ('𬭬', "xi"),
    ('𬭯', "cai"),
    ('𬭼', "suo"),
    ('𬮱', "yin"),
    ('𬮿', "yang"),
    ('𬯀', "ji"),
    ('𬯎', "tui"),
    ('𬱖', "di"),
    ('𬱟', "wei"),
    ('𬳵', "bi"),
    ('𬳶', "tuo"),
    ('𬳽', "shen"),
    ('𬳿', "tu"),
    ('𬴂', "fei"),
    ('𬴃', "xi"),
    ('𬴊', "lin"),
    ('𬸣', "yan"),
    ('𬶏', "wei"),
    ('𬶐', "you"),
    ('𬶨', "ji"),
    ('𬶭', "chu"),
    ('𬶮', "hong"),
    ('𬷕', "bu"),
    ('𬸘', "yan"),
    ('𬸚', "yi"),
    ('𬸦', "yi"),
    ('𬹼', "xie"),
    ('𬺈', "he"),
    ('𬺓', "yan"),
    ('𪩘', "yan"),
    ('𪨰', "qu"),
    ('𪾢', "xian"),
    ('𫍣', "mo"),
    ('𫍯', "shen"),
    ('𫍽', "mei"),
    ('𫓧', "fu"),
    ('𫖮', "yi"),
    ('𫖯', "fu"),
    ('𫖳', "yun"),
    ('𫗧', "su"),
    ('𫘜', "guai"),
    ('𫘝', "jue"),
    ('𫘦', "lu"),
    ('𫘧', "lu"),
    ('𫘨', "ti"),
    ('𫘪', "yuan"),
    ('𫚈', "xu"),
    ('𫚉', "hong"),
    ('𫚖', "ji"),
    ('𫛭', "kuang"),
    ('𫞩', "men"),
    ('𫟅', "men"),
    ('𫟦', "deng"),
    ('𫟹', "hong"),
    ('𫟼', "da"),
    ('𫠆', "ren"),
    ('𫠊', "shi"),
    ('𫠜', "ni"),
    ('𫢸', "dan"),
    ('𫫇', "e"),
    ('𫭟', "ou"),
    ('𫭢', "lun"),
    ('𫭼', "lao"),
    ('𫮃', "shan"),
    ('𫰛', "xing"),
    ('𫵷', "li"),
    ('𫶇', "die"),
    ('𫷷', "jian"),
    ('𫸩', "kou"),
    ('𬀩', "wei"),
    ('𬀪', "xian"),
    ('𬂩', "tan"),
    ('𬃊', "cheng"),
    ('𬇕', "wan"),
    ('𬇙', "lan"),
    ('𬇹', "guo"),
    ('𬉼', "ou"),
    ('𬊈', "xun"),
    ('𬊤', "chan"),
    ('𬌗', "he"),
    ('𬍛', "wei"),
    ('𬍡', "xian"),
    ('𬍤', "xu"),
    ('𬒈', "que"),
    ('𬒗', "yan"),
    ('𬕂', "mi"),
    ('𬘓', "xun"),
    ('𬘘', "dan"),
    ('𬘡', "yin"),
    ('𬘩', "ting"),
    ('𬘫', "huan"),
    ('𬘬', "xing"),
    ('𬘭', "chen"),
    ('𬘯', "zhun"),
    ('𬙂', "yan"),
    ('𬙊', "mo"),
    ('𬙋', "xiang"),
    ('𬜬', "man"),
    ('𬜯', "liang"),
    ('𬞟', "pin"),
    ('𬟁', "yi"),
    ('𬟽', "dong"),
    ('𬣙', "xu"),
    ('𬣞', "xuan"),
    ('𬣡', "xian"),
    ('𬣳', "hua"),
    ('𬤇', "xian"),
    ('𬤊', "shi"),
    ('𬤝', "yin"),
    ('𬨂', "yue"),
    ('𬨎', "you"),
    ('𬩽', "xun"),
    ('𬪩', "nong"),
];

/// What a name is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchKeys {
    /// `zhangjianguo`: every syllable, without tones; ü is v.
    pub pinyin: String,
    /// `zjg`: the first letter of every syllable.
    pub initials: String,
}

/// The keys of a name. A character nobody knows the reading of stands for itself.
#[must_use]
pub fn search_keys(name: &Name) -> SearchKeys {
    let mut keys = SearchKeys { pinyin: String::new(), initials: String::new() };
    let compound = COMPOUND_READINGS.iter().find(|(s, _)| name.as_str().starts_with(s));
    let mut push = |syllable: &str| {
        let folded = fold_query(syllable);
        keys.initials.extend(folded.chars().next());
        keys.pinyin.push_str(&folded);
    };
    let mut skip = 0;
    if let Some((surname, readings)) = compound {
        readings.iter().for_each(|r| push(r));
        skip = surname.chars().count();
    }
    // A Latin name gives one "syllable" a word, so that "js" finds John Smith.
    let mut word = String::new();
    for (place, c) in name.as_str().chars().enumerate().skip(skip) {
        match reading(c, place == 0 && name.surname().is_some()) {
            Some(syllable) => push(syllable),
            None if c.is_alphabetic() && u32::from(c) < 0x2000 => {
                word.push(c);
                continue;
            }
            None if c.is_alphabetic() => push(&c.to_string()),
            None if matches!(c, '\'' | '-') => continue,
            None => {}
        }
        if !word.is_empty() {
            push(&std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        push(&word);
    }
    keys
}

fn reading(c: char, as_surname: bool) -> Option<&'static str> {
    let in_table =
        |table: &'static [(char, &'static str)]| table.iter().find(|(k, _)| *k == c).map(|(_, r)| *r);
    as_surname
        .then(|| in_table(SURNAME_READINGS))
        .flatten()
        .or_else(|| c.to_pinyin().map(pinyin::Pinyin::plain))
        .or_else(|| in_table(RARE))
}

/// Folds what someone types into the search box as the keys are folded: small letters, no tones, spaces, dots or
/// apostrophes, ü as v. Han characters stay, for comparison with the name itself.
#[must_use]
pub fn fold_query(text: &str) -> String {
    let mut out = String::new();
    for c in text.nfkd().flat_map(char::to_lowercase) {
        match c {
            '\u{308}' if out.ends_with('u') => {
                out.pop();
                out.push('v');
            }
            c if c.is_alphanumeric() => out.push(c),
            _ => {}
        }
    }
    out.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(name: &str) -> (String, String) {
        let k = search_keys(&Name::parse(name).unwrap());
        (k.pinyin, k.initials)
    }

    #[test]
    fn names_are_found_by_pinyin_and_initials_with_surname_readings() {
        for (name, pinyin, initials) in [
            ("张建国", "zhangjianguo", "zjg"),
            ("单雄信", "shanxiongxin", "sxx"),
            ("曾国藩", "zengguofan", "zgf"),
            ("尉迟恭", "yuchigong", "ycg"),
            ("仇英", "qiuying", "qy"),
            ("吕布", "lvbu", "lb"),
            ("李𬭎", "lihong", "lh"),
            ("杨㛃", "yangjie", "yj"),
            ("沙马·阿支", "shamaazhi", "smaz"),
            ("John Smith", "johnsmith", "js"),
        ] {
            assert_eq!(keys(name), (pinyin.to_owned(), initials.to_owned()), "{name}");
        }
    }

    #[test]
    fn a_surname_reading_does_not_touch_the_given_name() {
        assert_eq!(keys("王单").0, "wangdan");
    }

    #[test]
    fn what_is_typed_folds_like_the_keys() {
        assert_eq!(fold_query(" Zhāng Jiàn-guó "), "zhangjianguo");
        assert_eq!(fold_query("LǙ bù"), "lvbu");
        assert_eq!(fold_query("ＺＪＧ"), "zjg");
        assert_eq!(fold_query("张 三"), "张三");
        assert_eq!(fold_query("买买提·艾力"), "买买提艾力");
    }

    #[test]
    fn every_rare_character_is_listed_once_in_plain_letters() {
        for table in [RARE, SURNAME_READINGS] {
            for (place, (c, reading)) in table.iter().enumerate() {
                assert!(reading.chars().all(|l| l.is_ascii_lowercase()));
                assert!(!table.iter().take(place).any(|(other, _)| other == c), "{c} twice");
            }
        }
    }
}

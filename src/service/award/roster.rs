//! Whom somebody means who types a sign-in sheet (签到表): a household's number, a name, the initials of its sound. One
//! word after the other, each by itself.

use super::{Desk, ServiceResult, from_file::number};
use crate::{
    domain::{
        ids::{HouseholdId, PersonId},
        person::{Name, Relation},
        pinyin::{fold_query, search_keys},
    },
    service::caller::Staff,
    store::{Tx, household, person},
};

/// Households looked through for one word.
const FOUND_MAX: i64 = 20;
/// Words of one sheet that are looked up at once.
pub const WORDS_MAX: usize = 200;

/// Somebody who may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The household.
    pub household: HouseholdId,
    /// Its number.
    pub no: String,
    /// Who of it, where the item counts by person.
    pub person: Option<PersonId>,
    /// The name to show: the person's, or the head's.
    pub name: String,
    /// Whether the word says all of it: the whole number, the whole name, all initials.
    pub exact: bool,
}

impl Signed {
    /// `household` or `household:person`: what the sheet's form calls it.
    #[must_use]
    pub fn mark(&self) -> String {
        match self.person {
            Some(person) => format!("{}:{person}", self.household),
            None => self.household.to_string(),
        }
    }
}

/// What one word means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// This one, and nobody else as well.
    One(Signed),
    /// One of these: somebody has to choose.
    Several(Vec<Signed>),
    /// Nobody.
    Nobody,
}

impl Desk {
    /// Whom a word means; `by_person` when the item counts by person. `12/李秀英` is she of household 12.
    pub async fn signed(&self, by: &Staff, word: &str, by_person: bool) -> ServiceResult<Meant> {
        let (home, name) =
            word.split_once('/').map_or((word, word), |(home, name)| (home.trim(), name.trim()));
        let mut tx = self.db.begin_read().await?;
        let homes = match number(home) {
            Some(no) => household::by_no(&mut tx, by.book, &no).await?.into_iter().collect(),
            None => {
                let folded = fold_query(home);
                if folded.is_empty() {
                    return Ok(Meant::Nobody);
                }
                household::search(&mut tx, by.book, &folded, "", FOUND_MAX).await?
            }
        };
        let mut found = Vec::new();
        for home in homes {
            self.of_home(&mut tx, by, &home, name, by_person, &mut found).await?;
        }
        Ok(meant(found))
    }

    /// Who stands behind the marks of a form, in their order; a mark that is none is left out.
    pub async fn signed_by_mark(&self, by: &Staff, marks: &[String]) -> ServiceResult<Vec<Signed>> {
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::with_capacity(marks.len());
        for mark in marks {
            let (home, person) = mark.split_once(':').map_or((mark.as_str(), None), |(h, p)| (h, Some(p)));
            let Ok(home) = home.parse::<HouseholdId>() else { continue };
            let Some(home) = household::by_id(&mut tx, by.book, home).await? else { continue };
            let person = person.and_then(|p| p.parse::<PersonId>().ok());
            let name = match person {
                Some(id) => person::by_id(&mut tx, by.book, id).await?.map(|p| p.name),
                None => person::head(&mut tx, by.book, home.id).await?,
            };
            let (household, no) = (home.id, home.no.to_string());
            out.push(Signed { household, no, person, name: name.unwrap_or_default(), exact: true });
        }
        Ok(out)
    }

    async fn of_home(
        &self,
        tx: &mut Tx,
        by: &Staff,
        home: &household::Household,
        word: &str,
        by_person: bool,
        found: &mut Vec<Signed>,
    ) -> ServiceResult<()> {
        let members = person::members(tx, by.book, home.id, self.today()).await?;
        let by_number = number(word).is_some();
        let signed = |person: Option<PersonId>, name: &str, exact: bool| Signed {
            household: home.id,
            no: home.no.to_string(),
            person,
            name: name.to_owned(),
            exact,
        };
        if !by_person {
            let head = members.iter().find(|m| m.relation().is_ok_and(|r| r == Relation::Head));
            let head = head.or(members.first()).map_or("", |m| m.name.as_str());
            // the head's own name goes before that of a child in another house
            found.push(signed(None, head, by_number || says(word, head).is_some_and(|whole| whole)));
            return Ok(());
        }
        for member in &members {
            if let Some(exact) = if by_number { Some(true) } else { says(word, &member.name) } {
                found.push(signed(Some(member.id), &member.name, exact));
            }
        }
        Ok(())
    }
}

/// The only one there is, or the only one of whom the word says all.
fn meant(mut found: Vec<Signed>) -> Meant {
    let whole = found.iter().filter(|s| s.exact).count();
    if found.len() == 1 || whole == 1 {
        let place = if found.len() == 1 { Some(0) } else { found.iter().position(|s| s.exact) };
        if let Some(place) = place {
            return Meant::One(found.swap_remove(place));
        }
    }
    found.sort_by(|a, b| b.exact.cmp(&a.exact).then_with(|| a.no.cmp(&b.no)));
    if found.is_empty() { Meant::Nobody } else { Meant::Several(found) }
}

/// Whether a word stands for a name, and if so whether for the whole of it.
fn says(word: &str, name: &str) -> Option<bool> {
    let folded = fold_query(word);
    let keys = Name::parse(name).map(|n| search_keys(&n)).ok();
    let (pinyin, initials) = keys.map_or_else(Default::default, |k| (k.pinyin, k.initials));
    let own = fold_query(name);
    let begins = [&own, &pinyin, &initials].iter().any(|text| text.starts_with(&folded));
    (begins && !folded.is_empty()).then(|| own == folded || pinyin == folded || initials == folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stands_for_a_name_by_itself_its_sound_or_its_initials() {
        for (word, whole) in
            [("张建国", true), ("zhangjianguo", true), ("ZJG", true), ("zj", false), ("张", false)]
        {
            assert_eq!(says(word, "张建国"), Some(whole), "{word}");
        }
        for word in ["", " ", "jg", "李", "zjgx"] {
            assert_eq!(says(word, "张建国"), None, "{word}");
        }
    }
}

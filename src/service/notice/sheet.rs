//! What a sheet shows: group, masked name of the household head, item, points, day; never an address or a fact of a
//! mediation, and no name at all beside a deduction (handbook §4 F, §11).

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::{Desk, recall::lines_as_hung};
use crate::{
    domain::{
        due_process::AwardState,
        ids::{AwardId, BookId, HouseholdId, NoticeId, OrgId},
        person::Name,
        rule::Label,
        time::{Day, Timestamp},
    },
    service::{ServiceError, ServiceResult, rulesets},
    store::{
        StoreResult, Tx,
        award::AwardRow,
        fund::{self, FundRow},
        household,
        notice::{self as rows, NoticeRow},
        org, person, programme,
    },
};

/// One line as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetLine {
    /// Its place on the sheet.
    pub line: i32,
    /// The award, for those who may open it.
    pub award: AwardId,
    /// The household, for those who may open it.
    pub household: HouseholdId,
    /// The household's number; nothing beside a deduction.
    pub household_no: Option<String>,
    /// The group's name.
    pub group: String,
    /// The masked name of the head; nothing beside a deduction.
    pub head: Option<String>,
    /// The item's code, or only its category's where facts are hidden.
    pub item: String,
    /// The item's name, or only its category where facts are hidden.
    pub name: Label,
    /// Points, signed.
    pub points: i64,
    /// Honour points, signed.
    pub honor: i64,
    /// Minutes of service.
    pub minutes: i64,
    /// When it happened.
    pub occurred_on: Day,
    /// Entered late: marked on the sheet.
    pub late: bool,
    /// Where the line stands.
    pub state: AwardState,
    /// When its clock runs out, if it runs.
    pub closes_at: Option<Timestamp>,
}

/// A sheet as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The sheet.
    pub notice: NoticeRow,
    /// The group it hangs in.
    pub group: Option<String>,
    /// The village whose sheet it is.
    pub village: String,
    /// The number of that village's programme.
    pub village_no: i64,
    /// The fund the points come from.
    pub fund: FundRow,
    /// Its lines, in order.
    pub lines: Vec<SheetLine>,
}

impl Sheet {
    /// The points of all lines.
    #[must_use]
    pub fn points(&self) -> i64 {
        self.lines.iter().map(|l| l.points).sum()
    }
}

impl Desk {
    /// A sheet as shown, with every line.
    pub async fn sheet(&self, book: BookId, id: NoticeId) -> ServiceResult<Sheet> {
        let mut tx = self.db.begin_read().await?;
        let notice = rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("notice"))?;
        let awards = lines_as_hung(&mut tx, book, &notice).await?;
        let fund = fund::one(&mut tx, book, notice.fund_id).await?.ok_or(ServiceError::NotFound("fund"))?;
        let mut places = Places::default();
        let group = match notice.group_id {
            Some(group) => Some(places.name(&mut tx, group).await?),
            None => None,
        };
        let programme =
            programme::by_book(&mut tx, book).await?.ok_or(ServiceError::NotFound("programme"))?;
        let village = places.name(&mut tx, programme.org_id).await?;
        let mut lines = Vec::with_capacity(awards.len());
        for award in &awards {
            lines.push(line(&mut tx, book, award, &mut places).await?);
        }
        Ok(Sheet { notice, group, village, village_no: programme.no, fund, lines })
    }

    /// Awards as lines for lists: the same words and masks as on a sheet.
    pub async fn award_lines(&self, book: BookId, awards: &[AwardRow]) -> ServiceResult<Vec<SheetLine>> {
        let mut tx = self.db.begin_read().await?;
        let mut places = Places::default();
        let mut lines = Vec::with_capacity(awards.len());
        for award in awards {
            lines.push(line(&mut tx, book, award, &mut places).await?);
        }
        Ok(lines)
    }
}

/// SHA-256 over the sheet as it hangs: its number, terms and every line. Computed again by `verify`.
#[must_use]
pub fn digest((no, title): (i64, &str), (mode, days): (&str, i32), awards: &[AwardRow]) -> Vec<u8> {
    let mut hash = Sha256::new();
    let head = format!("notice v1\n{no}\n{title}\n{mode}\n{days}\n");
    hash.update(head.as_bytes());
    for a in awards {
        let row = format!(
            "{}|{}|{}|{}|{}|{}|{}|{}|{}\n",
            a.notice_line.unwrap_or(0),
            a.no,
            a.household_id,
            a.ruleset,
            a.item,
            a.points,
            a.honor,
            a.minutes,
            a.occurred_on
        );
        hash.update(row.as_bytes());
    }
    hash.finalize().to_vec()
}

/// Names of groups, looked up once a sheet.
#[derive(Debug, Default)]
struct Places(HashMap<OrgId, String>);

impl Places {
    async fn name(&mut self, tx: &mut Tx, id: OrgId) -> StoreResult<String> {
        if let Some(name) = self.0.get(&id) {
            return Ok(name.clone());
        }
        let name = org::by_id(tx, id).await?.map(|o| o.name).unwrap_or_default();
        self.0.insert(id, name.clone());
        Ok(name)
    }
}

async fn line(tx: &mut Tx, book: BookId, a: &AwardRow, places: &mut Places) -> ServiceResult<SheetLine> {
    let set = rulesets::of_hash(tx, &a.ruleset).await?;
    let item = set.item(&a.item);
    let unknown = || Label { zh: a.item.clone(), en: a.item.clone() };
    // the code would tell what the name must not
    let (code, name) = match item {
        Some(item) if item.hide_facts => {
            (item.category.clone(), set.category(&item.category).cloned().unwrap_or_else(unknown))
        }
        Some(item) => (a.item.clone(), item.name.clone()),
        None => (a.item.clone(), unknown()),
    };
    let named = a.honor >= 0 && a.points >= 0;
    let (household_no, head) = if named {
        let no = household::by_id(tx, book, a.household_id).await?.map(|h| h.no.to_string());
        let head = person::head(tx, book, a.household_id).await?;
        (no, head.map(|h| masked(&h)))
    } else {
        (None, None)
    };
    Ok(SheetLine {
        line: a.notice_line.unwrap_or(0),
        award: a.id,
        household: a.household_id,
        household_no,
        group: places.name(tx, a.group_id).await?,
        head,
        item: code,
        name,
        points: a.points,
        honor: a.honor,
        minutes: a.minutes,
        occurred_on: a.occurred_on,
        late: a.late,
        state: a.state()?,
        closes_at: a.closes_at,
    })
}

/// A name as public sheets show it.
#[must_use]
pub fn masked(name: &str) -> String {
    Name::parse(name).map_or_else(|_| "*".to_owned(), |n| n.masked())
}

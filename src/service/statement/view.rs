//! An award, as a household reads it: the amount and its words, the people, the sheet. Reads only.

use crate::{
    domain::{
        award::Explanation,
        ids::{AwardId, BookId, NoticeId},
        lang::Lang,
        notice::NoticeState,
        time::{Day, Timestamp},
    },
    service::{
        ServiceResult,
        award::{
            explain::{Outcome, outcome},
            part,
        },
        redeem::actor_name,
    },
    store::{Tx, award::AwardRow, notice, person},
};

/// An award, as a household reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwardView {
    /// The award.
    pub id: AwardId,
    /// Its number.
    pub no: i64,
    /// The item's code.
    pub item: String,
    /// What the item is called.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// How the amount came about, in plain words.
    pub words: String,
    /// The same in English.
    pub words_en: String,
    /// How much was counted.
    pub quantity: String,
    /// Who did it; empty when it counts for the whole household.
    pub person: String,
    /// When it happened.
    pub occurred_on: Day,
    /// Points, signed.
    pub points: i64,
    /// Honour points, signed.
    pub honor: i64,
    /// Minutes of service.
    pub minutes: i64,
    /// Who recorded it.
    pub recorder: String,
    /// Who reviewed it.
    pub reviewers: Vec<String>,
    /// The sheet it stands on, while everybody may look at it: published and not taken down.
    pub notice: Option<NoticeId>,
    /// The sheet's number.
    pub notice_no: Option<i64>,
    /// Its line there.
    pub notice_line: Option<i32>,
    /// When its clock runs out; nothing while an objection stops it.
    pub closes_at: Option<Timestamp>,
    /// Where it stands.
    pub state: String,
    /// What became of it when it was posted, beside its amount.
    pub outcome: Option<Outcome>,
}

impl AwardView {
    /// Whether it stands on a published sheet.
    #[must_use]
    pub fn is_in_notice(&self) -> bool {
        match self.state.as_str() {
            "in_notice" => self.closes_at.is_some(),
            "objected" => true,
            _ => false,
        }
    }
}

pub(super) async fn award_view(tx: &mut Tx, book: BookId, row: AwardRow) -> ServiceResult<AwardView> {
    let explained: Option<Explanation> = serde_json::from_str(&row.explanation).ok();
    let (name, name_en) = explained
        .as_ref()
        .map_or_else(|| (row.item.clone(), row.item.clone()), |e| (e.name.zh.clone(), e.name.en.clone()));
    let words = |lang| explained.as_ref().map(|e| e.words(lang)).unwrap_or_default();
    let person = match row.person_id {
        Some(id) => person::by_id(tx, book, id).await?.map(|p| p.name).unwrap_or_default(),
        None => String::new(),
    };
    let mut reviewers = Vec::new();
    for review in part::reviews(tx, book, row.id).await? {
        if review.verdict == "approve" {
            reviewers.push(actor_name(tx, &review.reviewer).await?);
        }
    }
    let sheet = match row.notice_id {
        Some(id) => notice::one(tx, book, id).await?,
        None => None,
    };
    let public =
        |n: &&notice::NoticeRow| matches!(n.state(), Ok(NoticeState::Published | NoticeState::Closed));
    Ok(AwardView {
        outcome: outcome(tx, book, &row).await?,
        id: row.id,
        no: row.no,
        name,
        name_en,
        words: words(Lang::Zh),
        words_en: words(Lang::En),
        quantity: row.quantity,
        person,
        occurred_on: row.occurred_on,
        points: row.points,
        honor: row.honor,
        minutes: row.minutes,
        recorder: actor_name(tx, &row.recorder).await?,
        reviewers,
        notice: sheet.as_ref().filter(public).map(|n| n.id),
        notice_no: sheet.map(|n| n.no),
        notice_line: row.notice_line,
        closes_at: row.closes_at,
        state: row.state,
        item: row.item,
    })
}

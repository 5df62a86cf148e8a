//! Random call-backs (随机回访): drawing the list of a month that is over from a seed that nobody could choose, and writing
//! down what the households say. A denial moves nothing: it leads to the request for a reversal, which goes its own way.

use super::{
    Desk, ServiceError, ServiceResult,
    award::{explain, limited, part, required},
    caller::{Auditor, Staff},
    refuse,
};
use crate::{
    domain::{
        callback::{self, Answer, AnswerFault, TRIES_MAX},
        ids::{AwardId, BookId, CallBackId},
        time::{Day, Period, Timestamp},
    },
    service::award::lines::AwardLine,
    store::{
        StoreError, Tx, award as awards,
        callback::{self as rows, AnswerRow, CallBackRow, DrawRow},
        fairness::{posted, txn_at},
        ledger::read,
        log::SignedHead,
        person,
        serial::{self, Series},
    },
};

/// Call-backs on one page.
pub const PAGE: i64 = 50;
/// Denied call-backs shown to the clerk.
const DENIED_MAX: i64 = 50;

/// A call-back with what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallBack {
    /// Its place in the list of its month.
    pub row: CallBackRow,
    /// The award.
    pub line: AwardLine,
    /// What was found so far, in order, and by whom.
    pub answers: Vec<(Answer, AnswerRow, String)>,
}

impl CallBack {
    /// The last answer.
    #[must_use]
    pub fn answer(&self) -> Option<Answer> {
        self.answers.last().map(|(answer, ..)| *answer)
    }

    /// Whether somebody still has to ask.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let so_far: Vec<Answer> = self.answers.iter().map(|(answer, ..)| *answer).collect();
        callback::may_answer(&so_far).is_ok()
    }
}

/// The draw of a month with its seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    /// The draw.
    pub row: DrawRow,
    /// The signed head whose digest is the seed.
    pub note: String,
    /// Who drew.
    pub by: String,
    /// How many stand at each answer; nothing for those that nobody has tried.
    pub standing: Vec<(Option<Answer>, i64)>,
}

impl Desk {
    /// Draws the call-backs of the month that `day` lies in, once it is over: the same list whoever draws and however
    /// often.
    pub async fn draw_call_backs(&self, by: &Auditor, day: Day) -> ServiceResult<DrawRow> {
        let month = day.period(Period::Month);
        if self.today() < month.1 {
            return Err(refuse("month_not_over").with("until", month.1.plus(-1)).into());
        }
        let book = by.book;
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::CallBack, 0).await?;
        if let Some(drawn) = rows::draw(&mut tx, book, month.0).await? {
            return Ok(drawn);
        }
        let (_, through) = places(&mut tx, book, month).await?;
        let awards = of_month(&mut tx, book, month).await?;
        if awards.is_empty() {
            return Err(refuse("nothing_posted").into());
        }
        let head = rows::first_head(&mut tx, book, through).await?;
        let head: SignedHead = head.ok_or_else(|| refuse("head_not_signed"))?;
        let seed = callback::seed(&head.note);
        let row = DrawRow {
            month: month.0,
            size: head.size,
            seed: seed.to_vec(),
            awards: i64::try_from(awards.len()).unwrap_or(i64::MAX),
            drawn_at: self.now(),
            drawn_by: by.actor().to_string(),
        };
        rows::add_draw(&mut tx, book, &row).await?;
        for (place, award_id) in (1..).zip(callback::draw(&seed, &awards)) {
            let drawn = CallBackRow { id: self.id(), month: month.0, place, award_id };
            rows::add(&mut tx, book, drawn).await?;
        }
        tx.commit().await?;
        Ok(row)
    }

    /// The draw of the month that `day` lies in, if it was drawn.
    pub async fn call_back_draw(&self, by: &Auditor, day: Day) -> ServiceResult<Option<Draw>> {
        let month = day.period(Period::Month).0;
        let mut tx = self.db.begin_read().await?;
        let Some(row) = rows::draw(&mut tx, by.book, month).await? else { return Ok(None) };
        let head = rows::first_head(&mut tx, by.book, row.size).await?;
        let mut standing = Vec::new();
        for (answer, many) in rows::standing(&mut tx, by.book, month).await? {
            let answer = if answer.is_empty() { None } else { Some(answer_of(&answer)?) };
            standing.push((answer, many));
        }
        let name = explain::name(&mut tx, &row.drawn_by).await?;
        Ok(Some(Draw { row, note: head.map(|h| h.note).unwrap_or_default(), by: name, standing }))
    }

    /// The call-backs of the month that `day` lies in, after a place.
    pub async fn call_backs(&self, by: &Auditor, day: Day, after: i32) -> ServiceResult<Vec<CallBack>> {
        let month = day.period(Period::Month).0;
        let mut tx = self.db.begin_read().await?;
        let found = rows::of_month(&mut tx, by.book, month, after, PAGE).await?;
        drop(tx);
        self.call_back_files(by, found).await
    }

    /// One call-back, with the telephone numbers of the household.
    pub async fn call_back(&self, by: &Auditor, id: CallBackId) -> ServiceResult<(CallBack, Vec<String>)> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("call_back"))?;
        drop(tx);
        let found = self.call_back_files(by, vec![row]).await?.pop();
        let file = found.ok_or(ServiceError::NotFound("call_back"))?;
        let mut tx = self.db.begin_read().await?;
        let home = file.line.award.household_id;
        let members = person::members(&mut tx, by.book, home, self.today()).await?;
        Ok((file, members.into_iter().filter_map(|m| m.phone).collect()))
    }

    /// Writes down what the household says. Nobody may who had a part in the award, nor the household's kin.
    pub async fn answer_call_back(
        &self,
        by: &Auditor,
        id: CallBackId,
        answer: Answer,
        words: &str,
    ) -> ServiceResult<()> {
        let words = match answer {
            Answer::Denied => required("words", words)?,
            Answer::Confirmed | Answer::NotReached => limited("words", words.trim())?,
        };
        let book = by.book;
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::CallBack, 0).await?;
        let row = rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("call_back"))?;
        let award = awards::one(&mut tx, book, row.award_id).await?.ok_or(ServiceError::NotFound("award"))?;
        part::outsider(&mut tx, by, &award, self.today()).await?;
        let before = rows::answers(&mut tx, book, id).await?;
        let mut so_far = Vec::with_capacity(before.len());
        for row in &before {
            so_far.push(answer_of(&row.answer)?);
        }
        callback::may_answer(&so_far).map_err(|fault| match fault {
            AnswerFault::Answered => refuse("call_back_answered"),
            AnswerFault::Tried => refuse("call_back_tried").with("limit", TRIES_MAX),
        })?;
        let row = AnswerRow {
            ordinal: i32::try_from(before.len()).unwrap_or(i32::MAX).saturating_add(1),
            answer: answer.as_str().to_owned(),
            words: words.to_owned(),
            answered_at: self.now(),
            answered_by: by.actor().to_string(),
        };
        rows::add_answer(&mut tx, book, id, &row).await?;
        Ok(tx.commit().await?)
    }

    /// Denied call-backs whose points still stand: for the clerk, who can ask for the reversal.
    pub async fn denied_call_backs(&self, by: &Staff) -> ServiceResult<Vec<CallBack>> {
        let mut tx = self.db.begin_read().await?;
        let found = rows::denied(&mut tx, by.book, DENIED_MAX).await?;
        drop(tx);
        self.call_back_files(by, found).await
    }

    async fn call_back_files(&self, by: &Staff, found: Vec<CallBackRow>) -> ServiceResult<Vec<CallBack>> {
        let mut out = Vec::with_capacity(found.len());
        for row in found {
            let mut tx = self.db.begin_read().await?;
            let award = awards::one(&mut tx, by.book, row.award_id).await?;
            let award = award.ok_or(ServiceError::NotFound("award"))?;
            let mut answers = Vec::new();
            for said in rows::answers(&mut tx, by.book, row.id).await? {
                let name = explain::name(&mut tx, &said.answered_by).await?;
                answers.push((answer_of(&said.answer)?, said, name));
            }
            drop(tx);
            let line = self.lines_of(by, vec![award]).await?.pop().ok_or(ServiceError::NotFound("award"))?;
            out.push(CallBack { row, line, answers });
        }
        Ok(out)
    }
}

fn answer_of(text: &str) -> ServiceResult<Answer> {
    Ok(text.parse().map_err(|_| StoreError::inconsistent("call_back_answer", "answer", text))?)
}

/// The awards that were posted in a month.
pub(super) async fn of_month(tx: &mut Tx, book: BookId, month: (Day, Day)) -> ServiceResult<Vec<AwardId>> {
    let places = places(tx, book, month).await?;
    Ok(posted(tx, book, places).await?)
}

/// The place before the first transaction of a month, and that of its last. The log's instants rise, so both are found
/// by halving.
pub(super) async fn places(tx: &mut Tx, book: BookId, month: (Day, Day)) -> ServiceResult<(i64, i64)> {
    let head = read::head(tx, book).await?.ok_or(ServiceError::NotFound("book"))?;
    let before = last_before(tx, book, head.seq, month.0.start()).await?;
    Ok((before, last_before(tx, book, head.seq, month.1.start()).await?))
}

async fn last_before(tx: &mut Tx, book: BookId, end: i64, at: Timestamp) -> ServiceResult<i64> {
    let (mut low, mut high) = (1, end + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        match txn_at(tx, book, middle).await? {
            Some((seq, recorded_at)) if recorded_at < at => low = seq + 1,
            _ => high = middle,
        }
    }
    Ok(low - 1)
}

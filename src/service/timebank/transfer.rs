//! Handing services over to the national system: what waits and since when, numbered files of it, and the answers. The same
//! answer twice changes nothing; another one to the same line is refused.

use super::{
    Desk, KEY_BYTES_MAX, ServiceError, ServiceResult,
    record::{self, Service, unit_of},
    refuse,
    view::{Someone, someone},
};
use crate::{
    domain::{
        calendar::Calendar,
        ids::BookId,
        time::Day,
        timebank::{
            record::record_by,
            transfer::{Answer, FILE_LINES_MAX, TransferState},
        },
    },
    service::{
        award::{limited, required},
        caller::{Clerk, Recorder},
    },
    store::{
        Tx, person,
        serial::{self, Series},
        timebank::record::{
            self as rows, ServiceRow,
            file::{self as files, FileLineRow, FileRow, NewAnswer},
        },
    },
};

/// Files a list shows at once.
pub const FILES_PAGE: i64 = 50;
/// Services read at a time.
const PAGE: i64 = 500;
/// The longest number of the national system.
const FOREIGN_CHARS_MAX: usize = 64;

/// How many services stand where, and the oldest that waits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Queue {
    /// How many of each state.
    pub counts: Vec<(TransferState, i64)>,
    /// The day of the oldest service that waits.
    pub oldest: Option<Day>,
    /// The last day on which that one is handed over in time.
    pub due_on: Option<Day>,
    /// Whether that day is over.
    pub late: bool,
}

/// A line of a file with all it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRecord {
    /// The line.
    pub line: FileLineRow,
    /// The service as it stands.
    pub service: Service,
    /// Who served.
    pub who: Someone,
    /// Their year of birth, if known.
    pub birth_year: Option<i32>,
    /// Their phone number, if known.
    pub phone: String,
    /// Where they live, as far as the group.
    pub residence: String,
    /// The number under which an earlier line of the same service was taken.
    pub replaces: Option<String>,
}

/// A file with everything in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// The file.
    pub row: FileRow,
    /// Who organises the services.
    pub unit: String,
    /// Who is in charge there.
    pub in_charge: String,
    /// Its lines.
    pub lines: Vec<FileRecord>,
}

/// What the national system says to a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The place in the file.
    pub place: i64,
    /// Taken or not.
    pub answer: Answer,
    /// Under which number.
    pub foreign_no: String,
    /// Why not.
    pub reason: String,
}

impl Desk {
    /// How many services stand where.
    pub async fn time_queue(&self, by: &Recorder) -> ServiceResult<Queue> {
        let mut tx = self.db.begin_read().await?;
        let mut queue = Queue {
            counts: TransferState::ALL.iter().map(|state| (*state, 0)).collect(),
            ..Queue::default()
        };
        let mut after = 0;
        loop {
            let page = rows::services(&mut tx, by.book, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.root;
            for row in page {
                let Some(state) = record::state_of(&row)? else { continue };
                for (_, count) in queue.counts.iter_mut().filter(|(of, _)| *of == state) {
                    *count += 1;
                }
                if state.goes(true) {
                    queue.oldest = Some(queue.oldest.map_or(row.day(), |day| day.min(row.day())));
                }
            }
        }
        queue.due_on = queue.oldest.map(|day| record_by(&Calendar::shipped(), day));
        queue.late = queue.due_on.is_some_and(|day| day < self.today());
        Ok(queue)
    }

    /// Makes the next file of everything that waits, at most so many services; with those that were refused when asked
    /// to. The same key again gets the same file.
    pub async fn make_time_file(&self, by: &Clerk, key: &str, refused_too: bool) -> ServiceResult<FileRow> {
        if key.is_empty() || key.len() > KEY_BYTES_MAX {
            return Err(refuse("invalid_key").into());
        }
        let (book, me) = (by.book, by.actor().to_string());
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, book, Series::TimeFile, 1).await?;
        if let Some(first) = files::by_key(&mut tx, book, &me, key).await? {
            return Ok(first);
        }
        if rows::unit(&mut tx, book).await?.is_none() {
            return Err(refuse("time_unit_unsaid").into());
        }
        let mut lines: Vec<(i64, i64, i64)> = Vec::new();
        let mut after = 0;
        'whole: loop {
            let page = rows::services(&mut tx, book, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.root;
            for row in page {
                if record::state_of(&row)?.is_some_and(|state| state.goes(refused_too)) {
                    let (seq, minutes) = row.now().unwrap_or((0, 0));
                    lines.push((row.root, seq, minutes));
                }
                if i64::try_from(lines.len()).is_ok_and(|n| n >= FILE_LINES_MAX) {
                    break 'whole;
                }
            }
        }
        let count = i64::try_from(lines.len()).unwrap_or(FILE_LINES_MAX);
        if count == 0 {
            return Err(refuse("time_file_empty").into());
        }
        let row = FileRow { no, key: key.to_owned(), made_at: self.now(), made_by: me, lines: count };
        files::add(&mut tx, book, &row, &lines).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// A file with everything in it.
    pub async fn time_file(&self, by: &Clerk, no: i64) -> ServiceResult<Handover> {
        let mut tx = self.db.begin_read().await?;
        let row = files::one(&mut tx, by.book, no).await?.ok_or(ServiceError::NotFound("time_file"))?;
        let (unit, in_charge) = unit_of(&mut tx, by.book).await?;
        let mut lines = Vec::new();
        for line in files::lines(&mut tx, (by.book, no), 0, FILE_LINES_MAX).await? {
            lines.push(self.file_record(&mut tx, by.book, line).await?);
        }
        Ok(Handover { row, unit, in_charge, lines })
    }

    async fn file_record(&self, tx: &mut Tx, book: BookId, line: FileLineRow) -> ServiceResult<FileRecord> {
        let found: Option<ServiceRow> = rows::services(tx, book, line.root - 1, 1).await?.pop();
        let found =
            found.filter(|row| row.root == line.root).ok_or(ServiceError::NotFound("time_service"))?;
        let known =
            person::by_id(tx, book, found.person_id).await?.ok_or(ServiceError::NotFound("person"))?;
        let who = someone(tx, book, found.person_id, (self.today(), true)).await?;
        let replaces = files::taken(tx, book, line.root, line.file_no).await?.and_then(|l| l.foreign_no);
        let residence = match super::group_of(tx, book, found.person_id, self.today()).await {
            Ok(group) => record::place(tx, group).await?,
            // who has left lives nowhere here
            Err(ServiceError::NotFound(_)) => String::new(),
            Err(error) => return Err(error),
        };
        let service = record::service(tx, &Calendar::shipped(), found).await?;
        Ok(FileRecord {
            line,
            service,
            who,
            birth_year: known.birth_year,
            phone: known.phone.map(|p| p.to_string()).unwrap_or_default(),
            residence,
            replaces,
        })
    }

    /// Who organises the services, and is in charge of them.
    pub async fn time_unit(&self, by: &Recorder) -> ServiceResult<(String, String)> {
        let mut tx = self.db.begin_read().await?;
        unit_of(&mut tx, by.book).await
    }

    /// Files numbered below `before`, the latest first.
    pub async fn time_files(&self, by: &Recorder, before: i64) -> ServiceResult<Vec<FileRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(files::latest(&mut tx, by.book, before, FILES_PAGE).await?)
    }

    /// Enters what the national system says to lines of a file: all of it or nothing; how many lines got their answer
    /// now.
    pub async fn answer_time_file(&self, by: &Clerk, no: i64, replies: &[Reply]) -> ServiceResult<usize> {
        let (book, me, at) = (by.book, by.actor().to_string(), self.now());
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::TimeFile, 0).await?;
        files::one(&mut tx, book, no).await?.ok_or(ServiceError::NotFound("time_file"))?;
        let mut new = 0;
        for reply in replies {
            let line = files::line(&mut tx, book, no, reply.place).await?;
            let line = line.ok_or_else(|| refuse("time_file_line").with("place", reply.place))?;
            let (foreign_no, reason) = told(reply)?;
            if line.answer.is_some() {
                let same = line.answer.as_deref() == Some(reply.answer.as_str())
                    && (line.foreign_no.as_deref(), line.reason.as_deref()) == (foreign_no, reason);
                if same {
                    continue;
                }
                return Err(refuse("time_file_answered").with("place", reply.place).into());
            }
            let answer = NewAnswer { answer: reply.answer.as_str(), foreign_no, reason, at, by: &me };
            files::answer(&mut tx, (book, no, reply.place), &answer).await?;
            new += 1;
        }
        tx.commit().await?;
        Ok(new)
    }
}

/// What is kept of a reply: a number of what was taken, a reason of what was not.
fn told(reply: &Reply) -> ServiceResult<(Option<&str>, Option<&str>)> {
    match reply.answer {
        Answer::Accepted => {
            let number = required("number", &reply.foreign_no)?;
            if number.chars().count() > FOREIGN_CHARS_MAX {
                let limit = FOREIGN_CHARS_MAX;
                return Err(refuse("text_too_long").with("field", "number").with("limit", limit).into());
            }
            Ok((Some(number), None))
        }
        Answer::Refused => Ok((None, Some(required("reason", limited("reason", &reply.reason)?)?))),
    }
}

/// Reads answers from a file: place, answer, number, reason. A first line that names the columns is passed over.
pub fn read_replies(text: &str) -> ServiceResult<Vec<Reply>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut out = Vec::new();
    for (index, row) in reader.records().enumerate() {
        let wrong = || refuse("time_reply").with("line", index + 1);
        let row = row.map_err(|_| wrong())?;
        let cell = |at: usize| row.get(at).unwrap_or_default().trim();
        let Ok(place) = cell(0).parse::<i64>() else {
            if index == 0 || row.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            return Err(wrong().into());
        };
        let said = cell(1);
        let answer = Answer::ALL.iter().find(|a| [a.as_str(), a.words().zh].contains(&said));
        let answer = *answer.ok_or_else(wrong)?;
        out.push(Reply { place, answer, foreign_no: cell(2).to_owned(), reason: cell(3).to_owned() });
        if i64::try_from(out.len()).is_ok_and(|n| n > FILE_LINES_MAX) {
            return Err(wrong().into());
        }
    }
    if out.is_empty() { Err(refuse("time_reply").with("line", 1).into()) } else { Ok(out) }
}

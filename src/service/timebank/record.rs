//! A volunteer's record (志愿服务记录): posted services as they stand, trainings, commendations and ratings; who keeps it.
//! Entered beside the hours is only what a second person agreed to.

use super::{
    Desk, KEY_BYTES_MAX, ServiceError, ServiceResult, home_of,
    party::Party,
    people::Hours,
    refuse,
    view::{Someone, someone},
};
use crate::{
    domain::{
        calendar::Calendar,
        household::PersonNo,
        ids::{BookId, PersonId, TimeMeritId},
        lang::Lang,
        time::Day,
        timebank::{
            ServiceKind,
            certificate::CERTIFICATE_LINES_MAX,
            record::{self, MeritKind, MeritState},
            transfer::{self, Told, TransferState},
        },
    },
    service::{
        award::{limited, required, state_changed},
        caller::{Clerk, Recorder, Reviewer},
        recusal, rulesets,
    },
    store::{
        StoreError, Tx, org, person, programme,
        serial::{self, Series},
        timebank::{
            record::{self as rows, MeritRow, ServiceRow},
            volunteer as people,
        },
    },
};

/// Services of one person that are looked at, of orders and of awards each.
pub(super) const SERVICES_MAX: i64 = 5_000;
/// Trainings and commendations of one person, and that wait.
const MERITS_MAX: i64 = 500;
/// The longest training, in minutes.
const TRAINING_MINUTES_MAX: i64 = 60 * 1_000;

/// A posted service as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its rows.
    pub row: ServiceRow,
    /// What it was, in Chinese.
    pub content: String,
    /// Where.
    pub place: String,
    /// The day of the service.
    pub day: Day,
    /// The day it was written down.
    pub recorded_on: Day,
    /// Whether that was too late.
    pub late: bool,
    /// Minutes that count now; none when it was undone.
    pub minutes: i64,
    /// Where it stands with the national system.
    pub transfer: Option<TransferState>,
}

/// A volunteer's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Whose, with what the register has.
    pub hours: Hours,
    /// The year of birth, if known.
    pub birth_year: Option<i32>,
    /// The phone number, if known.
    pub phone: String,
    /// Where they live.
    pub group: String,
    /// What they offer.
    pub skills: Vec<ServiceKind>,
    /// Who keeps the record.
    pub unit: String,
    /// Who is in charge there.
    pub in_charge: String,
    /// The services, in the order of the log.
    pub services: Vec<Service>,
    /// Trainings and commendations.
    pub merits: Vec<MeritRow>,
}

impl Record {
    /// Minutes of everything that stands.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        self.services.iter().map(|s| s.minutes).sum()
    }
}

/// A training or commendation as it is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMerit {
    /// Which of the two.
    pub kind: MeritKind,
    /// What it is called.
    pub name: String,
    /// What it was about.
    pub content: String,
    /// How long, of a training.
    pub minutes: i64,
    /// Who held or granted it.
    pub grantor: String,
    /// The day.
    pub held_on: Day,
    /// The number of the paper.
    pub paper: String,
}

impl Desk {
    /// The record of somebody: for their household, and for the staff.
    pub async fn time_record(&self, by: &Party, no: &str) -> ServiceResult<Record> {
        // whoever only looks needs neither year of birth nor phone
        let (book, own) = (by.book(), by.side().is_ok());
        let mut tx = self.db.begin_read().await?;
        let id = self.record_person(&mut tx, by, no).await?;
        let hours = self.hours(&mut tx, book, id).await?;
        let found = person::by_id(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("person"))?;
        let group = match super::group_of(&mut tx, book, id, self.today()).await {
            Ok(group) => place(&mut tx, group).await?,
            // who has left lives nowhere here
            Err(ServiceError::NotFound(_)) => String::new(),
            Err(error) => return Err(error),
        };
        let mut skills: Vec<ServiceKind> = Vec::new();
        for offer in people::offers(&mut tx, book, id).await? {
            skills.extend(offer.kind.parse::<ServiceKind>().ok());
        }
        skills.sort();
        skills.dedup();
        let (unit, in_charge) = unit_of(&mut tx, book).await?;
        let services = services_of(&mut tx, book, id).await?;
        let merits = rows::merits_of(&mut tx, book, id, MERITS_MAX).await?;
        Ok(Record {
            hours,
            birth_year: found.birth_year.filter(|_| own),
            phone: found.phone.filter(|_| own).map(|p| p.to_string()).unwrap_or_default(),
            group,
            skills,
            unit,
            in_charge,
            services,
            merits,
        })
    }

    /// Who is meant by a number, for a household of their own or the staff.
    pub(super) async fn record_person(&self, tx: &mut Tx, by: &Party, no: &str) -> ServiceResult<PersonId> {
        let (book, today) = (by.book(), self.today());
        let no = PersonNo::parse(no).map_err(|_| ServiceError::NotFound("person"))?;
        let id = person::by_no(tx, book, &no).await?.ok_or(ServiceError::NotFound("person"))?.id;
        match by {
            Party::Household(own) if home_of(tx, book, id, today).await? != Some(own.household) => {
                Err(ServiceError::NotFound("person"))
            }
            _ => Ok(id),
        }
    }

    /// Says who organises the services of the village and is in charge of them.
    pub async fn say_time_unit(&self, by: &Clerk, unit: &str, in_charge: &str) -> ServiceResult<()> {
        let (unit, in_charge) = (required("unit", unit)?, required("in_charge", in_charge)?);
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, by.book, Series::TimeUnit, 1).await?;
        if rows::unit(&mut tx, by.book).await?.as_ref() == Some(&(unit.to_owned(), in_charge.to_owned())) {
            return Ok(());
        }
        let said = (self.now(), by.actor().to_string());
        rows::say_unit(&mut tx, (by.book, no), (unit, in_charge), (said.0, &said.1)).await?;
        Ok(tx.commit().await?)
    }

    /// Enters a training or a commendation of a volunteer. It waits for a second person.
    pub async fn enter_time_merit(
        &self,
        by: &Recorder,
        (key, who): (&str, PersonId),
        new: &NewMerit,
    ) -> ServiceResult<MeritRow> {
        if key.is_empty() || key.len() > KEY_BYTES_MAX {
            return Err(refuse("invalid_key").into());
        }
        if new.held_on > self.today() {
            let today = self.today();
            return Err(refuse("future_date").with("effective_on", new.held_on).with("today", today).into());
        }
        let minutes = if new.kind == MeritKind::Training { new.minutes } else { 0 };
        if !(0..=TRAINING_MINUTES_MAX).contains(&minutes) {
            return Err(refuse("quantity_out_of_range").with("field", "minutes").into());
        }
        let me = by.actor().to_string();
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, by.book, Series::TimeMerit, 1).await?;
        if let Some(first) = rows::merit_by_key(&mut tx, by.book, &me, key).await? {
            return Ok(first);
        }
        people::one(&mut tx, by.book, who).await?.ok_or_else(|| refuse("time_not_joined"))?;
        self.steps_back(&mut tx, by, who).await?;
        let row = MeritRow {
            id: self.id(),
            no,
            person_id: who,
            kind: new.kind.as_str().to_owned(),
            name: required("name", &new.name)?.to_owned(),
            content: limited("content", new.content.trim())?.to_owned(),
            minutes,
            grantor: required("grantor", &new.grantor)?.to_owned(),
            held_on: new.held_on,
            paper: required("paper", &new.paper)?.to_owned(),
            entered_at: self.now(),
            entered_by: me,
            state: MeritState::Waiting.as_str().to_owned(),
            decided_by: None,
            decision: None,
        };
        rows::enter(&mut tx, by.book, key, &row).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// A second person saw the paper and agrees, or does not.
    pub async fn settle_time_merit(
        &self,
        by: &Reviewer,
        id: TimeMeritId,
        agrees: bool,
        words: &str,
    ) -> ServiceResult<MeritRow> {
        let words = if agrees { limited("words", words.trim())? } else { required("words", words)? };
        let (me, state) =
            (by.actor().to_string(), if agrees { MeritState::Agreed } else { MeritState::Refused });
        let mut tx = self.db.begin_write().await?;
        let row = rows::merit(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("time_merit"))?;
        if row.state == state.as_str() && row.decided_by.as_ref() == Some(&me) {
            // the answer was lost
            return Ok(row);
        }
        if by.selves().are(&row.entered_by) {
            return Err(refuse("time_own_second").into());
        }
        self.steps_back(&mut tx, by, row.person_id).await?;
        let told = (self.now(), me.as_str(), words);
        rows::settle(&mut tx, (by.book, id), state.as_str(), told).await.map_err(state_changed)?;
        let row = rows::merit(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("time_merit"))?;
        tx.commit().await?;
        Ok(row)
    }

    /// One training or commendation.
    pub async fn time_merit(&self, by: &Reviewer, id: TimeMeritId) -> ServiceResult<MeritRow> {
        let mut tx = self.db.begin_read().await?;
        rows::merit(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("time_merit"))
    }

    /// Trainings and commendations that wait for a second person, with whose they are.
    pub async fn time_merits_waiting(&self, by: &Reviewer) -> ServiceResult<Vec<(MeritRow, Someone)>> {
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for row in rows::merits_waiting(&mut tx, by.book, MERITS_MAX).await? {
            let who = someone(&mut tx, by.book, row.person_id, (self.today(), true)).await?;
            out.push((row, who));
        }
        Ok(out)
    }

    /// Nobody of their own household or kin's.
    async fn steps_back(
        &self,
        tx: &mut Tx,
        by: &crate::service::caller::Staff,
        who: PersonId,
    ) -> ServiceResult<()> {
        recusal::known(by)?;
        match home_of(tx, by.book, who, self.today()).await? {
            Some(home) => recusal::check(tx, by, home, self.today()).await,
            None => Ok(()),
        }
    }
}

/// The services of a person.
pub(super) async fn services_of(tx: &mut Tx, book: BookId, who: PersonId) -> ServiceResult<Vec<Service>> {
    let calendar = Calendar::shipped();
    let mut out = Vec::new();
    for row in rows::services_of(tx, book, who, SERVICES_MAX).await? {
        out.push(service(tx, &calendar, row).await?);
    }
    if out.len() > CERTIFICATE_LINES_MAX * 5 {
        tracing::warn!(services = out.len(), "a record is longer than anybody reads");
    }
    Ok(out)
}

/// A service with its words.
pub(super) async fn service(tx: &mut Tx, calendar: &Calendar, row: ServiceRow) -> ServiceResult<Service> {
    let content = match row.kind.parse::<ServiceKind>() {
        Ok(kind) => kind.words().zh.to_owned(),
        Err(_) if row.ruleset.is_empty() => row.kind.clone(),
        Err(_) => {
            let set = rulesets::of_hash(tx, &row.ruleset).await?;
            set.item(&row.kind).map_or_else(|| row.kind.clone(), |item| item.name.get(Lang::Zh).to_owned())
        }
    };
    let (day, recorded_on) = (row.day(), row.recorded_at.day());
    Ok(Service {
        content,
        place: place(tx, row.group_id).await?,
        day,
        recorded_on,
        late: row.sheet.is_some() || record::is_late(calendar, day, recorded_on),
        minutes: row.now().map_or(0, |(_, minutes)| minutes),
        transfer: state_of(&row)?,
        row,
    })
}

/// Where a service stands with the national system.
pub(super) fn state_of(row: &ServiceRow) -> ServiceResult<Option<TransferState>> {
    let told = match row.told_seq {
        None => None,
        Some(seq) => {
            let wrong = |text: &String| StoreError::inconsistent("time_file_line", "answer", text);
            let answer = row.answer.as_ref().map(|text| text.parse().map_err(|_| wrong(text))).transpose()?;
            Some(Told { seq, answer })
        }
    };
    Ok(transfer::state(row.now().map_or(0, |(seq, _)| seq), told))
}

pub(super) async fn place(tx: &mut Tx, id: crate::domain::ids::OrgId) -> ServiceResult<String> {
    Ok(org::by_id(tx, id).await?.map_or_else(String::new, |place| place.name))
}

/// Who keeps the record, and who is in charge there: the village itself, as long as nobody said otherwise.
pub(super) async fn unit_of(tx: &mut Tx, book: BookId) -> ServiceResult<(String, String)> {
    if let Some(said) = rows::unit(tx, book).await? {
        return Ok(said);
    }
    let name = programme::by_book(tx, book).await?.map_or_else(String::new, |p| p.name);
    Ok((name, String::new()))
}

//! Papers of a volunteer's record (志愿服务记录证明): free, numbered without gaps, printed at home or handed out at the desk.
//! A paper fixes its list when it is issued; the digest goes into the log in the same posting that draws its number, and
//! whoever holds the paper can ask, without signing in, what the book says of it now.

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    Desk, KEY_BYTES_MAX, ServiceError, ServiceResult, Side, number_of,
    party::Party,
    record::{Service, services_of, unit_of},
    refuse,
    view::{Someone, someone},
};
use crate::{
    domain::{
        book::{MeterUse, Posted, TxnKind},
        canonical::hex,
        ids::{BookId, PersonId, TimeCertificateId, TxnId},
        time::Day,
        timebank::{
            certificate::{Agreement, CERTIFICATE_LINES_MAX, Contents, Line, Standing, agreement},
            transfer::TransferState,
        },
    },
    service::{
        Effect, Refusal,
        award::explain,
        books::{Order, facts},
    },
    store::{
        StoreError, StoreResult, Tx, WriteTx,
        ledger::read,
        person, programme,
        timebank::{
            record::certificate::{self as rows, CertificateRow},
            volunteer as people,
        },
    },
};

/// The meter of the numbers of these papers.
pub(crate) const CERTIFICATE_NUMBERS: &str = "time-certificate";
/// What the source of their transactions begins with.
pub(crate) const SOURCE: &str = "time_certificate:";
/// Papers a list shows at once.
pub const CERTIFICATES_PAGE: i64 = 50;

/// A paper as whoever may see all of it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateView {
    /// Its row.
    pub row: CertificateRow,
    /// What it says.
    pub contents: Contents,
    /// Whose record it is.
    pub who: Someone,
    /// The village's number, which is part of its public address.
    pub village: i64,
    /// What the book says of it now.
    pub agreement: Agreement,
    /// The transaction with its digest, for the proof.
    pub txn: TxnId,
}

/// A paper as anybody sees it who has its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicCertificate {
    /// Its number.
    pub no: i64,
    /// What it may be called.
    pub standing: Standing,
    /// The masked name.
    pub name: String,
    /// The volunteer number.
    pub volunteer: Option<i64>,
    /// Who keeps the record.
    pub unit: String,
    /// The day of issue.
    pub issued_on: Day,
    /// From the first day to the last.
    pub span: (Day, Day),
    /// How many services.
    pub services: usize,
    /// Minutes on the paper.
    pub minutes: i64,
    /// Minutes of the same services in the book now.
    pub minutes_now: i64,
    /// What the book says of it now.
    pub agreement: Agreement,
    /// Its digest.
    pub digest: String,
    /// The transaction with its digest.
    pub txn: TxnId,
}

impl Desk {
    /// Issues a paper of somebody's record, of all of it or of a span. The same key again gets the same paper.
    pub async fn issue_time_certificate(
        &self,
        by: &Side,
        (key, who): (&str, PersonId),
        (from, to): (Option<Day>, Option<Day>),
    ) -> ServiceResult<CertificateRow> {
        if key.is_empty() || key.len() > KEY_BYTES_MAX {
            return Err(refuse("invalid_key").into());
        }
        let (book, me) = (by.book(), by.actor().to_string());
        let mut tx = self.db.begin_read().await?;
        by.speaks_for(&mut tx, who, self.today()).await?;
        if let Some(first) = rows::by_key(&mut tx, book, &me, key).await? {
            return same_paper(first, who, (from, to));
        }
        let contents = self.paper_contents(&mut tx, by, who, (from, to)).await?;
        drop(tx);
        let body = facts([
            ("time_certificate", contents.id.to_string()),
            ("lines", contents.lines.len().to_string()),
            ("minutes", contents.minutes().to_string()),
            (crate::service::notice::seal::DIGEST_FIELD, hex(&contents.digest())),
        ]);
        let order = Order {
            key: &format!("time-certificate:{me}:{key}"),
            kind: TxnKind::Notice,
            effective_on: self.today(),
            source: Some(format!("{SOURCE}{}", contents.id)),
            body,
        };
        let mut command = self.command(&by.actor(), order, Vec::new())?;
        command.meters.push(MeterUse::next_number(CERTIFICATE_NUMBERS));
        let row = CertificateRow {
            id: contents.id,
            no: 0,
            key: key.to_owned(),
            person_id: who,
            token: contents.token.clone(),
            volunteer: contents.volunteer,
            unit: contents.unit.clone(),
            in_charge: contents.in_charge.clone(),
            handler: contents.handler.clone(),
            issued_on: contents.issued_on,
            issued_at: self.now(),
            issued_by: me.clone(),
            standing: contents.standing.as_str().to_owned(),
            from_on: contents.from_on,
            to_on: contents.to_on,
            minutes: contents.minutes(),
            digest: contents.digest(),
            seq: 0,
        };
        let effect = Issued { book, row, lines: contents.lines };
        let posted = self.posted(book, command, vec![Box::new(effect)]).await;
        let mut tx = self.db.begin_read().await?;
        match (posted, rows::by_key(&mut tx, book, &me, key).await?) {
            // the same form, sent twice at the same time
            (Err(ServiceError::Refused(Refusal { code: "idempotency_conflict", .. })) | Ok(_), Some(row)) => {
                same_paper(row, who, (from, to))
            }
            (Err(error), _) => Err(error),
            (Ok(_), None) => Err(ServiceError::Internal("a certificate was not kept".to_owned())),
        }
    }

    async fn paper_contents(
        &self,
        tx: &mut Tx,
        by: &Side,
        who: PersonId,
        (from, to): (Option<Day>, Option<Day>),
    ) -> ServiceResult<Contents> {
        let book = by.book();
        let within = |s: &&Service| {
            s.minutes > 0 && from.is_none_or(|from| from <= s.day) && to.is_none_or(|to| s.day <= to)
        };
        let all = services_of(tx, book, who).await?;
        let mut services: Vec<&Service> = all.iter().filter(within).collect();
        services.sort_by_key(|s| (s.day, s.row.root));
        let (Some(first), Some(last)) = (services.first(), services.last()) else {
            return Err(refuse("time_certificate_empty").into());
        };
        if services.len() > CERTIFICATE_LINES_MAX {
            return Err(refuse("time_certificate_long").with("limit", CERTIFICATE_LINES_MAX).into());
        }
        let known = services.iter().all(|s| s.transfer == Some(TransferState::Accepted));
        let (unit, in_charge) = unit_of(tx, book).await?;
        let handler = match by {
            Side::Household(_) => String::new(),
            Side::Desk(staff) => explain::name(tx, &staff.actor().to_string()).await?,
        };
        Ok(Contents {
            id: self.id(),
            token: self.random_hex(),
            person: number_of(tx, book, who).await?,
            volunteer: people::one(tx, book, who).await?.map(|row| row.no),
            unit,
            in_charge,
            handler,
            issued_on: self.today(),
            standing: if known { Standing::Proof } else { Standing::Platform },
            from_on: from.unwrap_or(first.day),
            to_on: to.unwrap_or(last.day),
            lines: services.iter().filter_map(|s| line(s)).collect(),
        })
    }

    /// A paper with all it says: for the household of whose record it is, and for the staff.
    pub async fn time_certificate(
        &self,
        by: &Party,
        id: TimeCertificateId,
    ) -> ServiceResult<CertificateView> {
        let book = by.book();
        let mut tx = self.db.begin_read().await?;
        let missing = || ServiceError::NotFound("time_certificate");
        let row = rows::one(&mut tx, book, id).await?.ok_or_else(missing)?;
        let no = number_of(&mut tx, book, row.person_id).await?;
        self.record_person(&mut tx, by, &no).await.map_err(|error| match error {
            ServiceError::NotFound(_) => missing(),
            other => other,
        })?;
        self.certificate_view(&mut tx, book, row).await
    }

    async fn certificate_view(
        &self,
        tx: &mut Tx,
        book: BookId,
        row: CertificateRow,
    ) -> ServiceResult<CertificateView> {
        let who = someone(tx, book, row.person_id, (self.today(), true)).await?;
        let contents = row.contents(who.no.as_str(), rows::lines(tx, book, row.id).await?)?;
        let village = programme::by_book(tx, book).await?.ok_or(ServiceError::NotFound("programme"))?.no;
        let (agreement, _) = now(tx, book, row.person_id, &contents.lines).await?;
        let txn = txn_of(tx, book, &row).await?;
        Ok(CertificateView { row, contents, who, village, agreement, txn })
    }

    /// What anybody may know of a paper whose address they have. Whoever guesses learns nothing.
    pub async fn check_time_certificate(
        &self,
        village: i64,
        token: &str,
    ) -> ServiceResult<PublicCertificate> {
        let missing = || ServiceError::NotFound("time_certificate");
        let book = self.public_book(village).await.map_err(|_| missing())?.book_id;
        let mut tx = self.db.begin_read().await?;
        let row = rows::by_token(&mut tx, book, token).await?.ok_or_else(missing)?;
        let lines = rows::lines(&mut tx, book, row.id).await?;
        let (agreement, minutes_now) = now(&mut tx, book, row.person_id, &lines).await?;
        let who = someone(&mut tx, book, row.person_id, (self.today(), false)).await?;
        let erased = person::by_id(&mut tx, book, row.person_id).await?.is_none_or(|p| p.name == "—");
        Ok(PublicCertificate {
            no: row.no,
            standing: row.standing()?,
            name: if erased { "—".to_owned() } else { who.name },
            volunteer: row.volunteer,
            unit: row.unit.clone(),
            issued_on: row.issued_on,
            span: (row.from_on, row.to_on),
            services: lines.len(),
            minutes: row.minutes,
            minutes_now,
            agreement,
            digest: hex(&row.digest),
            txn: txn_of(&mut tx, book, &row).await?,
        })
    }

    /// Papers numbered below `before`, the latest first: those of a household's people, or all of them for the staff.
    pub async fn time_certificates(&self, by: &Party, before: i64) -> ServiceResult<Vec<CertificateView>> {
        let book = by.book();
        let mut tx = self.db.begin_read().await?;
        let mut found = Vec::new();
        match by {
            Party::Staff(_) => {
                found = rows::latest(&mut tx, book, before, CERTIFICATES_PAGE).await?;
            }
            Party::Household(own) => {
                for member in person::members(&mut tx, book, own.household, self.today()).await? {
                    let page = rows::of_person(&mut tx, book, member.id, before, CERTIFICATES_PAGE).await?;
                    found.extend(page);
                }
                found.sort_by_key(|row| -row.no);
                found.truncate(usize::try_from(CERTIFICATES_PAGE).unwrap_or(0));
            }
        }
        let mut out = Vec::with_capacity(found.len());
        for row in found {
            out.push(self.certificate_view(&mut tx, book, row).await?);
        }
        Ok(out)
    }
}

/// A service as it stands on a paper; nothing when it was undone.
fn line(s: &Service) -> Option<Line> {
    let (seq, minutes) = s.row.now()?;
    Some(Line {
        root: s.row.root,
        seq,
        served_on: s.day,
        kind: s.row.kind.clone(),
        content: s.content.clone(),
        place: s.place.clone(),
        minutes,
        rating: s.row.rating.map(i64::from),
        late: s.late,
    })
}

/// What the book says of the services of a paper now, and how many minutes they are.
async fn now(tx: &mut Tx, book: BookId, who: PersonId, lines: &[Line]) -> ServiceResult<(Agreement, i64)> {
    let services = services_of(tx, book, who).await?;
    let stands = |root: i64| services.iter().find(|s| s.row.root == root).and_then(|s| s.row.now());
    let minutes = lines.iter().filter_map(|l| stands(l.root)).map(|(_, minutes)| minutes).sum();
    Ok((agreement(lines, stands), minutes))
}

async fn txn_of(tx: &mut Tx, book: BookId, row: &CertificateRow) -> ServiceResult<TxnId> {
    let txn = read::txn(tx, book, row.seq).await?;
    let wrong = || StoreError::inconsistent("time_certificate", "seq", row.seq.to_string());
    Ok(txn.ok_or_else(wrong)?.id)
}

/// The paper that came of the same form; a form that asks for another is not the same.
fn same_paper(
    row: CertificateRow,
    who: PersonId,
    (from, to): (Option<Day>, Option<Day>),
) -> ServiceResult<CertificateRow> {
    let same = row.person_id == who
        && from.is_none_or(|from| from == row.from_on)
        && to.is_none_or(|to| to == row.to_on);
    if same { Ok(row) } else { Err(refuse("idempotency_conflict").with("fields", "person, from, to").into()) }
}

/// The paper's side of its posting, in the same transaction.
struct Issued {
    book: BookId,
    row: CertificateRow,
    lines: Vec<Line>,
}

impl Effect for Issued {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        async move {
            let number = posted.meters.iter().find(|m| m.meter == CERTIFICATE_NUMBERS);
            let no = number
                .map(|m| m.used_after)
                .ok_or_else(|| StoreError::inconsistent("time_certificate", "no", self.row.id.to_string()))?;
            let row = CertificateRow { no, seq: posted.seq, ..self.row.clone() };
            rows::add(tx, self.book, &row, &self.lines).await
        }
        .boxed()
    }
}

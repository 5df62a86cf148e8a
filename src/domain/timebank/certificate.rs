//! The certificate of a volunteer's record (志愿服务记录证明): the list it fixes when it is issued, the digest that goes into
//! the log, and whether the book still says the same. Holds no wording of the paper.

use sha2::{Digest as _, Sha256};

use crate::domain::{canonical::Encoder, ids::TimeCertificateId, time::Day, wording::vocabulary};

/// The most services on one paper.
pub const CERTIFICATE_LINES_MAX: usize = 1_000;

vocabulary! {
    /// What the paper may be called.
    Standing {
        /// The national system does not know all of it yet.
        Platform = "platform", "平台记录", "platform record";
        /// Every service on it was accepted there.
        Proof = "proof", "证明", "certificate";
    }
}

vocabulary! {
    /// What the book says of a paper now.
    Agreement {
        /// The same.
        Agrees = "agrees", "与账簿一致", "agrees with the book";
        /// Something on it was put right since.
        Corrected = "corrected", "出具后已更正", "corrected since it was issued";
        /// Nothing on it stands any more.
        Revoked = "revoked", "所列时长已全部冲正", "nothing on it stands any more";
    }
}

/// One service as it stands on the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The transaction that first put it into the book.
    pub root: i64,
    /// The transaction that said the minutes when the paper was issued.
    pub seq: i64,
    /// The day of the service.
    pub served_on: Day,
    /// The code of its kind, or of the item of the rules.
    pub kind: String,
    /// What it was.
    pub content: String,
    /// Where.
    pub place: String,
    /// How long.
    pub minutes: i64,
    /// One to five, where whoever was served said so.
    pub rating: Option<i64>,
    /// Whether it was written down too late.
    pub late: bool,
}

/// What a paper says: of whom, from when to when, and every service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// Its name.
    pub id: TimeCertificateId,
    /// The unguessable part of its address.
    pub token: String,
    /// The number of whoever served.
    pub person: String,
    /// The volunteer number.
    pub volunteer: Option<i64>,
    /// Who keeps the record.
    pub unit: String,
    /// Who is in charge there.
    pub in_charge: String,
    /// Who handed it out.
    pub handler: String,
    /// The day of issue.
    pub issued_on: Day,
    /// What it may be called.
    pub standing: Standing,
    /// The first day.
    pub from_on: Day,
    /// The last day.
    pub to_on: Day,
    /// The services.
    pub lines: Vec<Line>,
}

impl Contents {
    /// Minutes of all services.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        self.lines.iter().map(|line| line.minutes).sum()
    }

    /// The digest that goes into the log.
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        let mut out = Encoder::new("time-certificate");
        out.bytes(self.id.0.as_bytes()).text(&self.token).text(&self.person).optional_integer(self.volunteer);
        out.text(&self.unit).text(&self.in_charge).text(&self.handler).text(self.standing.as_str());
        for day in [self.issued_on, self.from_on, self.to_on] {
            out.text(&day.to_string());
        }
        out.integer(self.minutes()).list(self.lines.len());
        for line in &self.lines {
            out.integer(line.root).integer(line.seq).text(&line.served_on.to_string()).text(&line.kind);
            out.text(&line.content).text(&line.place).integer(line.minutes);
            out.optional_integer(line.rating).integer(i64::from(line.late));
        }
        Sha256::digest(out.finish()).to_vec()
    }
}

/// What the book says of a paper now: `now` knows of a service which transaction says its minutes, and how many; nothing
/// where it was undone.
pub fn agreement(lines: &[Line], now: impl Fn(i64) -> Option<(i64, i64)>) -> Agreement {
    let stands = |line: &Line| now(line.root) == Some((line.seq, line.minutes));
    if lines.iter().all(stands) {
        return Agreement::Agrees;
    }
    let gone = lines.iter().all(|line| now(line.root).is_none_or(|(_, minutes)| minutes == 0));
    if gone { Agreement::Revoked } else { Agreement::Corrected }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents() -> Contents {
        let day: Day = "2026-10-09".parse().unwrap();
        let line = |root: i64, minutes: i64| Line {
            root,
            seq: root,
            served_on: day,
            kind: "cleaning".to_owned(),
            content: "助洁".to_owned(),
            place: "一组".to_owned(),
            minutes,
            rating: Some(5),
            late: false,
        };
        Contents {
            id: uuid::Uuid::from_u128(7).into(),
            token: "t".to_owned(),
            person: "P001".to_owned(),
            volunteer: Some(1),
            unit: "龙泉村".to_owned(),
            in_charge: "李文书".to_owned(),
            handler: String::new(),
            issued_on: day,
            standing: Standing::Platform,
            from_on: day,
            to_on: day,
            lines: vec![line(3, 60), line(9, 90)],
        }
    }

    #[test]
    fn the_digest_covers_every_word_of_the_paper() {
        let first = contents();
        let mut others = Vec::new();
        let mut change = |f: &dyn Fn(&mut Contents)| {
            let mut other = contents();
            f(&mut other);
            others.push(other.digest());
        };
        change(&|c| c.id = uuid::Uuid::from_u128(8).into());
        change(&|c| c.token.push('x'));
        change(&|c| c.person.push('x'));
        change(&|c| c.volunteer = None);
        change(&|c| c.unit.push('x'));
        change(&|c| c.in_charge.push('x'));
        change(&|c| c.handler.push('x'));
        change(&|c| c.issued_on = c.issued_on.plus(1));
        change(&|c| c.standing = Standing::Proof);
        change(&|c| c.from_on = c.from_on.plus(-1));
        change(&|c| c.to_on = c.to_on.plus(1));
        change(&|c| c.lines.truncate(1));
        change(&|c| c.lines[0].root += 1);
        change(&|c| c.lines[0].seq += 1);
        change(&|c| c.lines[0].served_on = c.lines[0].served_on.plus(1));
        change(&|c| c.lines[0].kind.push('x'));
        change(&|c| c.lines[0].content.push('x'));
        change(&|c| c.lines[0].place.push('x'));
        change(&|c| c.lines[0].minutes += 15);
        change(&|c| c.lines[0].rating = None);
        change(&|c| c.lines[0].late = true);
        others.push(first.digest());
        let all = others.len();
        others.sort();
        others.dedup();
        assert_eq!(others.len(), all);
    }

    #[test]
    fn a_paper_agrees_until_one_of_its_services_is_put_right() {
        let lines = contents().lines;
        let book = |of: &[(i64, i64, i64)]| {
            let of = of.to_vec();
            agreement(&lines, move |root| of.iter().find(|l| l.0 == root).map(|l| (l.1, l.2)))
        };
        assert_eq!(book(&[(3, 3, 60), (9, 9, 90)]), Agreement::Agrees);
        // what came later is on the next paper
        assert_eq!(book(&[(3, 3, 60), (9, 9, 90), (12, 12, 30)]), Agreement::Agrees);
        assert_eq!(book(&[(3, 3, 60), (9, 14, 75)]), Agreement::Corrected);
        assert_eq!(book(&[(3, 3, 60)]), Agreement::Corrected);
        assert_eq!(book(&[]), Agreement::Revoked);
    }
}

//! At the sitting: coming in, voting line by line, watching. Everybody for themselves, under their own sign-in.

use super::{Desk, ServiceError, ServiceResult, begun, hall::Hall, lock, refuse};
use crate::{
    domain::{
        ids::SittingId,
        panel::{Post, Vote},
    },
    service::{award::limited, caller::Reviewer, recusal},
    store::{
        award as awards,
        sitting::{
            self,
            votes::{self, BallotRow},
        },
    },
};

impl Desk {
    /// Somebody of the panel is there. Coming in twice is no error.
    pub async fn attend(&self, by: &Reviewer, id: SittingId) -> ServiceResult<Post> {
        let mut tx = self.db.begin_write().await?;
        let row = lock(&mut tx, by, id).await?;
        begun(&row, self.today())?;
        let hall = Hall::of(&mut tx, by.book, &row).await?;
        let post = hall.post(by.user).ok_or_else(|| refuse("not_seated").with("body", "panel"))?;
        sitting::arrive(&mut tx, by.book, id, by.user, self.now()).await?;
        if post != Post::Observer && !hall.present.contains(&by.user) {
            sitting::unsign(&mut tx, by.book, id).await?;
        }
        tx.commit().await?;
        Ok(post)
    }

    /// Casts a ballot on a line, or changes it while the sitting is open. Whoever must step back cannot; a substitute
    /// can when a member is missing on this line; an observer never.
    pub async fn cast_vote(&self, by: &Reviewer, id: SittingId, line: i32, vote: Vote) -> ServiceResult<()> {
        recusal::known(by)?;
        let mut tx = self.db.begin_write().await?;
        let row = lock(&mut tx, by, id).await?;
        begun(&row, self.today())?;
        let hall = Hall::of(&mut tx, by.book, &row).await?;
        let post = hall.post(by.user).ok_or_else(|| refuse("not_seated").with("body", "panel"))?;
        if post == Post::Observer {
            return Err(refuse("observer_only").into());
        }
        if !hall.present.contains(&by.user) {
            return Err(refuse("not_present").into());
        }
        let lines = sitting::lines(&mut tx, by.book, id).await?;
        let found = lines.iter().find(|l| l.line == line).ok_or(ServiceError::NotFound("line"))?;
        let award = awards::one(&mut tx, by.book, found.award_id).await?;
        let award = award.ok_or(ServiceError::NotFound("award"))?;
        let heard = hall.hear(&mut tx, by.book, line, &award, self.today()).await?;
        if let Some(why) = heard.barred.get(&by.user) {
            return Err(why.clone().into());
        }
        if !heard.voters.contains(&by.user) {
            return Err(refuse("substitute_not_needed").into());
        }
        let ballot = BallotRow { line, user_id: by.user, vote: vote.as_str().to_owned() };
        votes::cast(&mut tx, by.book, id, &ballot, self.now()).await?;
        sitting::unsign(&mut tx, by.book, id).await?;
        Ok(tx.commit().await?)
    }

    /// The observer of the supervision committee signs that it went by the rules, with remarks for the minutes: as far
    /// as it went by then. Whoever comes or votes later makes another signature necessary.
    pub async fn observe_sitting(&self, by: &Reviewer, id: SittingId, remarks: &str) -> ServiceResult<()> {
        let remarks = limited("remarks", remarks.trim())?;
        let mut tx = self.db.begin_write().await?;
        let row = lock(&mut tx, by, id).await?;
        begun(&row, self.today())?;
        let hall = Hall::of(&mut tx, by.book, &row).await?;
        if hall.post(by.user) != Some(Post::Observer) {
            return Err(refuse("not_observer").into());
        }
        if !hall.present.contains(&by.user) {
            return Err(refuse("not_present").into());
        }
        let me = by.actor().to_string();
        sitting::observe(&mut tx, by.book, id, remarks, self.now(), &me).await?;
        Ok(tx.commit().await?)
    }
}

//! One step of an order, for whoever may take it: what a page or the API says, and the use case behind it. What is
//! settled by it is posted at once; what cannot be yet is posted by the clock.

use super::{
    Desk, OrderState, ServiceError, ServiceResult, party::Party, refuse, rows, serve::Proof, settle::Confirms,
};
use crate::{
    domain::{
        household::PersonNo,
        ids::{BookId, PersonId, TimeOrderId},
        timebank::order::{CallBack, Rating, Verdict},
        wording::vocabulary,
    },
    store::person,
};

vocabulary! {
    /// What somebody does about an order.
    StepKind {
        /// A volunteer takes it.
        Accept = "accept", "接单", "accept";
        /// A volunteer who was asked says no.
        Decline = "decline", "婉拒", "decline";
        /// The volunteer gives it back.
        GiveBack = "give_back", "退单", "give back";
        /// Another volunteer goes instead.
        Substitute = "substitute", "换人", "substitute";
        /// The volunteer did not come.
        Missed = "missed", "志愿者爽约", "the volunteer did not come";
        /// Whoever was to be served was not there.
        Away = "away", "服务对象不在", "nobody was there";
        /// On the board again.
        Reopen = "reopen", "重新发布", "open again";
        /// Called off.
        Cancel = "cancel", "取消", "call off";
        /// The volunteer arrives.
        CheckIn = "check_in", "签到", "check in";
        /// The volunteer leaves.
        CheckOut = "check_out", "签退", "check out";
        /// The check-out was forgotten.
        Forget = "forget", "漏签退", "drop the open pair";
        /// The volunteer confirms.
        ConfirmDone = "confirm_done", "志愿者确认", "confirm for the volunteer";
        /// Whoever was served confirms, with a rating.
        ConfirmServed = "confirm_served", "服务对象确认", "confirm for whoever was served";
        /// What a call-back found.
        Call = "call", "回访", "call back";
        /// One side disputes it.
        Dispute = "dispute", "有争议", "dispute";
        /// The arbiters decide.
        Decide = "decide", "裁定", "decide";
        /// A second person signs under a late entry.
        Countersign = "countersign", "复核签字", "countersign";
        /// The second person does not sign.
        Reject = "reject", "不予补录", "reject";
        /// The township answers for a long day.
        Allow = "allow", "同意超时", "allow a long day";
    }
}

/// A step, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed {
    /// The number of the person it is about, where it is about one.
    pub person: String,
    /// Why, or what there is to say.
    pub words: String,
    /// What was scanned or typed to show that both are there; nothing when the network point writes it down.
    pub shown: String,
    /// One to five.
    pub rating: Option<i64>,
    /// What the call-back found.
    pub found: String,
    /// The verdict.
    pub verdict: String,
    /// Minutes that count, where a part does.
    pub part: Option<i64>,
}

impl Typed {
    fn proof(&self) -> Proof {
        match self.shown.trim() {
            "" => Proof::Word,
            shown => Proof::Shown(shown.to_owned()),
        }
    }
}

impl Desk {
    /// Takes a step; where the order stands then.
    pub async fn take_time_step(
        &self,
        by: &Party,
        id: TimeOrderId,
        kind: StepKind,
        typed: &Typed,
    ) -> ServiceResult<OrderState> {
        let words = typed.words.as_str();
        match kind {
            StepKind::Accept => {
                let who = self.time_person_id(by.book(), &typed.person).await?;
                self.accept_order(&by.side()?, id, who).await?;
            }
            StepKind::Decline => {
                let who = self.time_person_id(by.book(), &typed.person).await?;
                self.decline_order(&by.side()?, id, who, words).await?;
            }
            StepKind::Substitute => {
                let who = self.time_person_id(by.book(), &typed.person).await?;
                self.substitute(&by.side()?, id, who, words).await?;
            }
            StepKind::GiveBack => self.give_order_back(&by.side()?, id, words).await?,
            StepKind::Missed => self.report_no_show(&by.desk()?, id, true, words).await?,
            StepKind::Away => self.report_no_show(&by.desk()?, id, false, words).await?,
            StepKind::Reopen => self.reopen_order(&by.desk()?, id).await?,
            StepKind::Cancel => self.cancel_time_order(&by.side()?, id, words).await?,
            StepKind::CheckIn => self.check_in(&by.side()?, id, &typed.proof()).await?,
            StepKind::CheckOut => self.check_out(&by.side()?, id, &typed.proof()).await?,
            StepKind::Forget => self.drop_open_pair(&by.desk()?, id, words).await?,
            _ => return self.take_closing_step(by, id, kind, typed).await,
        }
        self.time_order(by.book(), id).await?.state().map_err(Into::into)
    }

    /// The steps that settle an order.
    async fn take_closing_step(
        &self,
        by: &Party,
        id: TimeOrderId,
        kind: StepKind,
        typed: &Typed,
    ) -> ServiceResult<OrderState> {
        let words = typed.words.as_str();
        let state = match kind {
            StepKind::ConfirmDone => self.confirm_order(&by.side()?, id, &Confirms::Volunteer).await?,
            StepKind::ConfirmServed => {
                let rating = typed.rating.and_then(|number| Rating::try_from(number).ok());
                let rating = rating.ok_or_else(|| refuse("time_rating"))?;
                let how = Confirms::Served { rating, remark: words.to_owned() };
                self.confirm_order(&by.side()?, id, &how).await?
            }
            StepKind::Call => {
                let found: CallBack = typed.found.parse().map_err(|_| missing("found"))?;
                self.call_about_order(&by.desk()?, id, found, words).await?
            }
            StepKind::Dispute => {
                self.dispute_order(&by.side()?, id, words).await?;
                OrderState::Disputed
            }
            StepKind::Decide => {
                let verdict: Verdict = typed.verdict.parse().map_err(|_| missing("verdict"))?;
                self.decide_order(&by.arbiter()?, id, (verdict, typed.part), words).await?
            }
            StepKind::Countersign | StepKind::Reject => {
                self.countersign(&by.arbiter()?, id, kind == StepKind::Countersign, words).await?;
                self.time_order(by.book(), id).await?.state()?
            }
            StepKind::Allow => {
                self.allow_long_day(&by.township()?, id, words).await?;
                self.time_order(by.book(), id).await?.state()?
            }
            _ => return Err(refuse("bad_form").with("reason", "step").into()),
        };
        if !matches!(state, OrderState::Rated | OrderState::Cleared) {
            return Ok(state);
        }
        match self.post_order(by.book(), id).await {
            Ok(_) => Ok(OrderState::Posted),
            // it waits for a higher hand, or for a word about the brim: the page of the order says so
            Err(ServiceError::Refused(_)) => Ok(state),
            Err(error) => Err(error),
        }
    }

    /// Why settled hours are not in the account yet; nothing when they could be.
    pub(super) async fn held_up(
        &self,
        book: BookId,
        id: TimeOrderId,
    ) -> ServiceResult<Option<crate::service::Refusal>> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("time_order"))?;
        if !matches!(row.state()?, OrderState::Rated | OrderState::Cleared) {
            return Ok(None);
        }
        drop(tx);
        match self.may_post(book, &row).await {
            Err(ServiceError::Refused(refusal)) => Ok(Some(refusal)),
            Err(error) => Err(error),
            Ok(()) => Ok(None),
        }
    }

    /// Who is meant by a number of the register.
    pub async fn time_person_id(&self, book: BookId, no: &str) -> ServiceResult<PersonId> {
        let no = PersonNo::parse(no.trim()).map_err(|_| refuse("invalid_person_no"))?;
        let mut tx = self.db.begin_read().await?;
        let found = person::by_no(&mut tx, book, &no).await?;
        Ok(found.ok_or_else(|| refuse("invalid_person_no"))?.id)
    }
}

fn missing(field: &str) -> crate::service::Refusal {
    refuse("text_missing").with("field", field)
}

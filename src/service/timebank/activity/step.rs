//! One step of an activity, for whoever may take it: what a page or the API says, and the use case behind it.

use super::{ActivityState, Desk, ServiceError, ServiceResult, TimeActivityId, refuse, rows};
use crate::{
    domain::{time::Timestamp, wording::vocabulary},
    service::timebank::party::Party,
};

vocabulary! {
    /// What somebody does about an activity.
    ActivityStep {
        /// Another person agrees to it.
        Approve = "approve", "批准", "approve";
        /// Another person does not.
        Decline = "decline", "不批准", "decline";
        /// It is called off.
        Cancel = "cancel", "取消活动", "call off";
        /// Somebody signs up.
        Join = "join", "报名", "sign up";
        /// Somebody withdraws in time.
        Withdraw = "withdraw", "退出", "withdraw";
        /// Somebody signs in with the code that is shown.
        Arrive = "arrive", "签到", "sign in";
        /// Somebody signs out with it.
        Leave = "leave", "签退", "sign out";
        /// The network point writes down when somebody was there.
        Times = "times", "登记到场时间", "write down the time";
        /// The network point saw the guardian.
        Guardian = "guardian", "监护人已到", "the guardian is here";
        /// The list is drawn up.
        Close = "close", "结束并出名单", "close the list";
        /// Somebody saw a person the sample drew.
        Saw = "saw", "见到本人", "seen";
        /// Nobody saw them.
        Unseen = "unseen", "没有见到", "not seen";
        /// A second person signs the list.
        Sign = "sign", "签字记入", "sign";
        /// A second person does not.
        Refuse = "refuse", "不签字", "do not sign";
        /// The township answers for a long day.
        Allow = "allow", "同意超时", "allow a long day";
    }
}

/// A step, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActivityTyped {
    /// The number of the person it is about, where it is about one.
    pub person: String,
    /// Why, or what there is to say.
    pub words: String,
    /// The code that is shown there.
    pub code: String,
    /// From when somebody was there.
    pub from: Option<Timestamp>,
    /// Until when.
    pub until: Option<Timestamp>,
    /// The number of the sheet of a list that is late.
    pub sheet: String,
}

impl Desk {
    /// Takes a step; where the activity stands then.
    pub async fn take_activity_step(
        &self,
        by: &Party,
        id: TimeActivityId,
        step: ActivityStep,
        typed: &ActivityTyped,
    ) -> ServiceResult<ActivityState> {
        use ActivityStep as S;
        let words = typed.words.as_str();
        match step {
            S::Approve | S::Decline => {
                self.approve_activity(&by.arbiter()?, id, step == S::Approve, words).await?;
            }
            S::Cancel => self.cancel_activity(&by.desk()?, id, words).await?,
            S::Close => self.close_activity_list(&by.desk()?, id, &typed.sheet).await?,
            S::Sign | S::Refuse => {
                self.sign_activity_list(&by.arbiter()?, id, step == S::Sign, words).await?;
            }
            _ => self.take_line_step(by, id, step, typed).await?,
        }
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, by.book(), id).await?.ok_or(ServiceError::NotFound("time_activity"))?;
        Ok(row.state()?)
    }

    /// The steps that are about one person.
    async fn take_line_step(
        &self,
        by: &Party,
        id: TimeActivityId,
        step: ActivityStep,
        typed: &ActivityTyped,
    ) -> ServiceResult<()> {
        use ActivityStep as S;
        let who = self.time_person_id(by.book(), &typed.person).await?;
        match step {
            S::Join => self.sign_up_for_activity(&by.side()?, id, who).await.map(drop),
            S::Withdraw => self.withdraw_from_activity(&by.side()?, id, who).await,
            S::Arrive => self.sign_in_to_activity(&by.side()?, id, who, &typed.code).await,
            S::Leave => self.sign_out_of_activity(&by.side()?, id, who, &typed.code).await,
            S::Times => {
                let until = typed.until.ok_or_else(|| refuse("text_missing").with("field", "until"))?;
                self.write_activity_times(&by.desk()?, id, who, (typed.from, until)).await
            }
            S::Guardian => self.guardian_was_there(&by.desk()?, id, who).await,
            S::Saw | S::Unseen => {
                let staff = by.staff()?;
                if by.desk().is_err() && by.arbiter().is_err() {
                    return Err(ServiceError::NotAllowed);
                }
                self.saw_at_activity(staff, id, who, step == S::Saw).await
            }
            S::Allow => self.allow_activity_day(&by.township()?, id, who).await,
            _ => Err(refuse("bad_form").with("reason", "step").into()),
        }
    }
}

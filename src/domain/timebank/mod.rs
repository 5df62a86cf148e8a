//! The time bank (时间银行): minutes of service that a person gives, saves and draws. Pure: what an order may become,
//! what an interval counts, who pays, who is asked. The minutes themselves stand in the ledger; a policy of the place
//! ([`policy`]) decides every figure here.
//!
//! * [`policy`] — local policies as data
//! * [`order`] — an order from asking to posted hours
//! * [`interval`] — check-in and check-out, and what they count
//! * [`late`] — what is entered afterwards from a sheet
//! * [`joining`] — who may serve
//! * [`matching`] — whom the desk asks first, and why
//! * [`drawing`] — whose minutes pay, the cap, gifts
//! * [`estate`] — inheritance
//! * [`ageing`] — how old outstanding hours are
//! * [`cover`] — promised hours against what can be served
//! * [`positions`] — what villages keep open with each other in a month
//! * [`need`] — the public pool's queue
//! * [`stars`] — stars from hours

pub mod ageing;
pub mod cover;
pub mod drawing;
pub mod estate;
pub mod interval;
pub mod joining;
pub mod late;
pub mod matching;
pub mod need;
pub mod order;
pub mod policy;
pub mod positions;
pub mod stars;

#[cfg(test)]
mod properties;

use super::wording::vocabulary;

vocabulary! {
    /// What is done for somebody: the eight kinds of Beijing, the five helps of Nanjing.
    ServiceKind {
        /// Talking, listening, keeping company.
        Company = "company", "情感慰藉", "company";
        /// Help about the house and with papers.
        Assistance = "assistance", "协助服务", "assistance";
        /// Going along.
        Outing = "outing", "出行陪伴", "going along";
        /// Reading, music, sport.
        Culture = "culture", "文体活动", "culture and sport";
        /// Health talks.
        Health = "health", "健康科普", "health talks";
        /// Legal advice.
        Law = "law", "法律援助", "legal advice";
        /// Lessons and lectures.
        Lessons = "lessons", "培训讲座", "lessons";
        /// Against fraud by phone and purse.
        Fraud = "fraud", "防范金融和网络风险", "fraud prevention";
        /// Bringing and cooking meals.
        Meals = "meals", "助餐", "meals";
        /// Cleaning.
        Cleaning = "cleaning", "助洁", "cleaning";
        /// Help in an emergency.
        Urgent = "urgent", "助急", "urgent help";
        /// Going along to the doctor.
        Clinic = "clinic", "助医", "to the doctor";
        /// Walks and errands.
        Errands = "errands", "助行", "walks and errands";
    }
}

vocabulary! {
    /// What volunteers do not do here, whatever a policy says.
    Excluded {
        /// Nursing that needs a licence.
        Nursing = "nursing", "须执业资格的护理", "nursing that needs a licence";
        /// Handling other people's money.
        Cash = "cash", "经手现金", "handling cash";
        /// Giving medicine.
        Medication = "medication", "给药", "giving medicine";
        /// Bathing somebody alone.
        Bathing = "bathing", "单人助浴", "bathing somebody alone";
        /// Work that is paid for.
        Paid = "paid", "有报酬的劳动", "paid work";
        /// Keeping one's own house clean.
        Own = "own", "自家卫生", "one's own housework";
        /// Meetings one has to attend.
        Compulsory = "compulsory", "应当参加的会议", "compulsory meetings";
    }
}

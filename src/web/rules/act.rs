//! The forms of a proposal's page: one step, one change, one answer, each by whoever may.

use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;

use super::file::build;
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{ProposalId, VoiceId},
        proposal::{Meeting, Tally},
        ruleset::overrides::Override,
        time::Day,
    },
    http::{As, HttpResult, Path, Visitor},
    service::{
        Desk, Refusal, ServiceError, ServiceResult,
        caller::{Clerk, Reviewer, Staff, Township},
        objection::Objector,
        proposal::{Minutes, voices::Answer},
        refuse,
    },
    web::{
        clerk::record::refused,
        form::{ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Whatever a form of the page sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ActInput {
    action: String,
    days: String,
    day: String,
    words: String,
    text: String,
    target: String,
    key: String,
    value: String,
    body: String,
    entitled: String,
    present: String,
    yes: String,
    no: String,
    abstain: String,
    household: String,
    filing_no: String,
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, Refusal> {
    text.trim().parse().map_err(|_| refuse("bad_number").with("text", text))
}

fn day(text: &str) -> Result<Day, Refusal> {
    text.trim().parse().map_err(|_| refuse("bad_day").with("text", text))
}

fn clerk(by: &Staff) -> ServiceResult<Clerk> {
    Clerk::of(by).ok_or(ServiceError::NotAllowed)
}

fn reviewer(by: &Staff) -> ServiceResult<Reviewer> {
    Reviewer::of(by).ok_or(ServiceError::NotAllowed)
}

fn township(by: &Staff) -> ServiceResult<Township> {
    Township::of(by).ok_or(ServiceError::NotAllowed)
}

impl ActInput {
    fn minutes(&self, meeting: Meeting) -> ServiceResult<Minutes> {
        let body = match self.body.as_str() {
            "" => None,
            body => Some(body.parse().map_err(|_| refuse("which_body"))?),
        };
        let tally = Tally {
            body,
            entitled: number(&self.entitled)?,
            present: number(&self.present)?,
            yes: number(&self.yes)?,
            no: number(&self.no)?,
            abstain: number(&self.abstain)?,
        };
        Ok(Minutes { meeting, held_on: day(&self.day)?, tally, text: self.words.clone() })
    }

    fn change(&self) -> Override {
        let value = Some(self.value.clone()).filter(|v| !v.trim().is_empty());
        Override { target: self.target.clone(), key: self.key.trim().to_owned(), value }
    }

    async fn speaker(&self, desk: &Desk, by: &Staff) -> ServiceResult<Objector> {
        let clerk = clerk(by)?;
        if self.household.trim().is_empty() {
            return Ok(Objector::Anonymous { clerk });
        }
        let no: HouseholdNo = self.household.trim().parse().map_err(|_| refuse("household_missing"))?;
        let household = desk.household_file(&clerk, &no).await?.household.id;
        Ok(Objector::Proxy { clerk, household })
    }
}

async fn take(desk: &Desk, by: &Staff, id: ProposalId, input: &ActInput) -> ServiceResult<()> {
    let words = input.words.as_str();
    let done = match input.action.as_str() {
        "text" => desk.change_text(&clerk(by)?, id, &input.text, words).await,
        "put" => desk.override_rule(&clerk(by)?, id, &input.change(), words).await,
        "comment" => desk.open_comment(&clerk(by)?, id, number(&input.days)?).await,
        "check" => desk.check_proposal(&reviewer(by)?, id, words).await,
        "disclose" => desk.disclose_decision(&reviewer(by)?, id, number(&input.days)?, words).await,
        "file" => desk.file_proposal(&clerk(by)?, id).await,
        "accept" => desk.accept_filing(&township(by)?, id, &input.filing_no, words).await,
        "return" => desk.return_filing(&township(by)?, id, words).await,
        "announce" => desk.announce_result(&clerk(by)?, id, day(&input.day)?, words).await,
        "withdraw" => desk.withdraw_proposal(&clerk(by)?, id, words).await,
        "speak" => {
            let speaker = input.speaker(desk, by).await?;
            return desk.speak(&speaker, id, words).await.map(|_| ());
        }
        meeting => match meeting.parse::<Meeting>() {
            Ok(meeting) => desk.enter_meeting(&clerk(by)?, id, &input.minutes(meeting)?).await,
            Err(_) => Err(refuse("bad_form").with("reason", "action").into()),
        },
    };
    done.map(|_| ())
}

/// Takes the step that the form names.
pub async fn act(
    State(desk): State<Desk>,
    As(by): As<Staff>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<ProposalId>,
    ProtectedForm(input, form): ProtectedForm<ActInput>,
) -> HttpResult<Response> {
    // of another village there is no such proposal, whatever is asked of it
    desk.proposal(by.book, id).await?;
    match take(&desk, &by, id, &input).await {
        Ok(()) => {
            Ok(see_other(&visitor, &format!("/rules/{id}"), Tone::Good, chrome.t.proposal_step_taken()))
        }
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, id, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// An answer.
#[derive(Debug, Deserialize)]
pub struct AnswerInput {
    #[serde(default)]
    taken: String,
    #[serde(default)]
    words: String,
}

/// Answers a comment or decides an objection.
pub async fn answer(
    State(desk): State<Desk>,
    As(by): As<Staff>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<VoiceId>,
    ProtectedForm(input, form): ProtectedForm<AnswerInput>,
) -> HttpResult<Response> {
    let proposal = desk.voice(by.book, id).await?.proposal_id;
    let given = Answer { taken: input.taken == "yes", words: input.words };
    match desk.answer_voice(&by, id, &given).await {
        Ok(_) => {
            Ok(see_other(&visitor, &format!("/rules/{proposal}"), Tone::Good, chrome.t.voice_answered()))
        }
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, proposal, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

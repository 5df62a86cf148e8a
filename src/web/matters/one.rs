//! One matter with what can be done with it now, by whoever looks.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::{
        ids::MatterId,
        matter::{MatterGrade, MatterManner, MatterMove},
        time::Timestamp,
    },
    http::{As, HttpResult, Path, Visitor},
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{Clerk, Handler, Recorder, Role},
        matter::{
            handlers::Candidate,
            photo::{AlikeReport, Other},
            view::MatterView,
        },
        refuse,
    },
    store::person::Member,
    text::T,
    web::{
        clerk::record::refused,
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        resident::matters::points,
    },
};

/// One step of a matter's life.
struct Happened {
    at: String,
    what: &'static str,
    who: String,
}

#[derive(Template)]
#[template(path = "matters/one.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    m: MatterView,
    manner: &'static str,
    points: Option<String>,
    alike: Vec<(String, String)>,
    before: Vec<MatterView>,
    members: Vec<Member>,
    candidates: Vec<Candidate>,
    grades: &'static [MatterGrade],
    life: Vec<Happened>,
    records: bool,
    clerk: bool,
    /// Whether whoever looks did it themselves.
    own: bool,
    /// Whether it was given to whoever looks.
    mine: bool,
}

impl OnePage {
    fn saw(&self, member: &Member) -> bool {
        self.m.row.person_id == Some(member.id)
    }

    fn has_it(&self, candidate: &Candidate) -> bool {
        self.m.row.assignee == Some(candidate.0)
    }

    fn can(&self, step: MatterMove) -> bool {
        self.m.state.after(step).is_ok()
    }

    fn may_check(&self) -> bool {
        self.records && self.can(MatterMove::Accept)
    }

    fn may_assign(&self) -> bool {
        self.clerk && self.can(MatterMove::Assign)
    }

    fn may_finish(&self) -> bool {
        (self.mine || self.clerk) && self.can(MatterMove::Finish)
    }

    fn may_look(&self) -> bool {
        !self.own && self.can(MatterMove::Verify)
    }

    fn may_close(&self) -> bool {
        self.clerk && self.can(MatterMove::Close)
    }
}

pub(super) async fn page(
    State(desk): State<Desk>,
    As(by): As<Handler>,
    chrome: Chrome,
    Path(id): Path<MatterId>,
) -> HttpResult<impl IntoResponse> {
    let t = chrome.t;
    let m = desk.matter_file(&by, id).await?;
    let mut life = Vec::new();
    for event in desk.matter_life(&by, id).await? {
        // whoever may not know which household it was does not read it here
        let who = if event.verb == "report" { String::new() } else { desk.actor_name(&event.actor).await? };
        life.push(Happened { at: Timestamp::minute(event.at), what: t.matter_verb(&event.verb), who });
    }
    let recorder = Recorder::of(&by);
    let (mut before, mut members) = (Vec::new(), Vec::new());
    if let Some(recorder) = &recorder
        && m.state.after(MatterMove::Accept).is_ok()
    {
        before = desk.matters_before(recorder, id).await?;
        if let Some((no, _)) = &m.reporter {
            members = desk.household_file(recorder, no).await?.members;
        }
    }
    let candidates = match Clerk::of(&by) {
        Some(clerk) if m.state.after(MatterMove::Assign).is_ok() => {
            desk.matter_candidates(&clerk, id).await?
        }
        _ => Vec::new(),
    };
    let alike = desk.photos_like_matter(by.book, id).await?;
    let mine = m.row.assignee == Some(by.user);
    let manner = m.row.manner.parse().unwrap_or(MatterManner::Own);
    Ok(Page(OnePage {
        manner: t.matter_manner_name(&manner),
        points: points(t, &m),
        alike: alike.iter().map(|a| warning(t, a)).collect(),
        before,
        members,
        candidates,
        grades: MatterGrade::ALL,
        life,
        records: recorder.is_some(),
        clerk: by.holds(Role::Clerk),
        own: mine || m.row.finished_by == Some(by.actor().to_string()),
        mine,
        chrome: chrome.titled(t.matter_no(m.row.no)),
        m,
    }))
}

/// What is to be said of another photo, and where it is.
pub(in crate::web) fn warning(t: T, a: &AlikeReport) -> (String, String) {
    let (what, at) = match a.other {
        Other::Matter(id) => (t.matter_no(a.no), format!("/matters/{id}")),
        Other::Claim(id) => (t.claim_no(a.no), format!("/clerk/claims/{id}")),
    };
    let said = if a.same { t.matter_same_photo(what) } else { t.matter_like_photo(what) };
    (said, at)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StepInput {
    step: String,
    grade: String,
    person: String,
    first: String,
    user: String,
    remark: String,
    /// Ticked when whoever reported it mended it.
    mended: String,
    /// Ticked when it was said in bad faith.
    malicious: String,
}

pub(super) async fn step(
    State(desk): State<Desk>,
    As(by): As<Handler>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<MatterId>,
    ProtectedForm(input, _): ProtectedForm<StepInput>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let to = format!("/matters/{id}");
    // whoever may not see it does not learn that there is one
    desk.matter_file(&by, id).await?;
    match take(&desk, &by, t, id, &input).await {
        Ok(said) => Ok(see_other(&visitor, &to, Tone::Good, &said)),
        Err(error) => {
            let form = refused(FormState::default(), t, error)?;
            Ok(see_other(&visitor, &to, Tone::Bad, form.message.as_deref().unwrap_or_default()))
        }
    }
}

/// Takes a step; what is to be said of it.
async fn take(desk: &Desk, by: &Handler, t: T, id: MatterId, input: &StepInput) -> ServiceResult<String> {
    let recorder = || Recorder::of(by).ok_or(ServiceError::NotAllowed);
    let clerk = || Clerk::of(by).ok_or(ServiceError::NotAllowed);
    match input.step.as_str() {
        "accept" => {
            let grade: MatterGrade = input.grade.parse().map_err(|_| refuse("matter_no_grade"))?;
            let (by, person) = (recorder()?, input.person.parse().ok());
            let row = match input.mended.as_str() {
                "" => desk.accept_matter(&by, id, grade, person).await?,
                _ => desk.accept_mended_matter(&by, id, grade, person).await?,
            };
            return match row.award_id {
                Some(award) => Ok(t.matter_accepted(desk.award_file(by.book, award).await?.award.no)),
                None => Ok(t.matter_accepted_unpaid().to_owned()),
            };
        }
        "duplicate" => {
            let first = input.first.trim().parse().map_err(|_| refuse("matter_not_first"))?;
            desk.mark_duplicate(&recorder()?, id, first).await?;
        }
        "refuse" if input.malicious.is_empty() => {
            desk.refuse_matter(&recorder()?, id, &input.remark).await?;
        }
        "refuse" => drop(desk.refuse_malicious_matter(&recorder()?, id, &input.remark).await?),
        "assign" => {
            let user = input.user.parse().map_err(|_| refuse("matter_not_theirs"))?;
            desk.assign_matter(&clerk()?, id, user).await?;
        }
        "finish" => drop(desk.finish_matter(by, id, &input.remark).await?),
        "send-back" => drop(desk.send_matter_back(by, id, &input.remark).await?),
        "verify" => drop(desk.verify_matter(by, id).await?),
        "close" => drop(desk.close_matter(&clerk()?, id).await?),
        "erase" => {
            desk.erase_matter_papers(&recorder()?, id, &input.remark).await?;
            return Ok(t.matter_erased_said().to_owned());
        }
        _ => return Err(refuse("bad_form").with("reason", "step").into()),
    }
    Ok(t.matter_saved().to_owned())
}

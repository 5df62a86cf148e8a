//! Snap and report (随手拍) on the phone: what is wrong, a photo, sent; and how far each report is.

use askama::Template;
use axum::{
    extract::{Multipart, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::claims::Before;
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{MatterId, OrgId},
        matter::{MatterKind, MatterManner, MatterMove},
    },
    http::{As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceResult,
        caller::Resident,
        claim::Claimant,
        matter::{MATTERS_PAGE, report::NewMatter, view::MatterView},
        refuse,
    },
    store::person::Member,
    web::{
        clerk::record,
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        upload::Upload,
    },
};

#[derive(Template)]
#[template(path = "my/matters.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    matters: Vec<MatterView>,
    next: Option<i64>,
}

impl ListPage {
    fn told(&self, m: &MatterView) -> String {
        self.chrome.t.matter_told(m.state, m.look_by, m.late, m.first, m.grade)
    }
}

pub(super) async fn list(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
    Query(query): Query<Before>,
) -> HttpResult<impl IntoResponse> {
    let matters = desk.own_matters(&by, query.before.unwrap_or(i64::MAX)).await?;
    let full = i64::try_from(matters.len()).is_ok_and(|n| n == MATTERS_PAGE);
    let next = matters.last().filter(|_| full).map(|m| m.row.no);
    let title = chrome.t.matter_mine();
    Ok(Page(ListPage { chrome: chrome.titled(title), matters, next }))
}

#[derive(Template)]
#[template(path = "my/matter_new.html", config = ".askama.toml")]
struct NewPage {
    chrome: Chrome,
    form: FormState,
    kinds: &'static [MatterKind],
    groups: Vec<(OrgId, String)>,
    members: Vec<Member>,
    /// Makes the form count once.
    key: String,
}

pub(super) async fn form(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(build(&desk, &by, chrome, FormState::default()).await?))
}

async fn build(desk: &Desk, by: &Resident, chrome: Chrome, form: FormState) -> HttpResult<NewPage> {
    let groups = desk.matter_groups(by.book).await?;
    let members = desk.own_members(by).await?;
    let key = key(desk, &form);
    let title = chrome.t.matter_new();
    Ok(NewPage { chrome: chrome.titled(title), form, kinds: MatterKind::ALL, groups, members, key })
}

/// The key of a form: the one it came with, or a new one.
pub(in crate::web) fn key(desk: &Desk, form: &FormState) -> String {
    match form.value("key") {
        "" => desk.random_hex(),
        typed => typed.to_owned(),
    }
}

pub(super) async fn report(
    State(desk): State<Desk>,
    by: As<Resident>,
    visitor: Visitor,
    chrome: Chrome,
    body: Multipart,
) -> HttpResult<Response> {
    let mut upload = Upload::read(&visitor, body).await?;
    let key = upload.form.value("key").to_owned();
    let done = match new_matter(&mut upload) {
        Ok(new) => desk.report_matter(&Claimant::Household(*by), new, &key).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(row) => Ok(see_other(&visitor, "/my/matters", Tone::Good, &chrome.t.matter_taken(row.no))),
        Err(error) => {
            let form = record::refused(upload.form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// A report as it was typed, on the phone or at the office.
pub(in crate::web) fn new_matter(upload: &mut Upload) -> ServiceResult<NewMatter> {
    let photo = upload.take("photo");
    let form = &upload.form;
    let household = match form.value("household").trim() {
        "" => None,
        no => Some(no.parse::<HouseholdNo>().map_err(|_| refuse("household_missing"))?),
    };
    let group = match form.value("group") {
        "" => None,
        id => Some(id.parse().map_err(|_| refuse("matter_no_group"))?),
    };
    Ok(NewMatter {
        household,
        person: form.value("person").parse().ok(),
        group,
        kind: form.value("kind").parse().map_err(|_| refuse("matter_no_kind"))?,
        manner: form.value("manner").parse().unwrap_or(MatterManner::Paper),
        words: form.value("words").to_owned(),
        photo,
    })
}

#[derive(Template)]
#[template(path = "my/matter.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    m: MatterView,
    /// Whether it can still be taken back.
    open: bool,
}

impl OnePage {
    fn told(&self) -> String {
        let m = &self.m;
        self.chrome.t.matter_told(m.state, m.look_by, m.late, m.first, m.grade)
    }

    /// How far the points are, or why there are none.
    fn points(&self) -> Option<String> {
        points(self.chrome.t, &self.m)
    }
}

/// How far the points of a matter are, or why there are none.
pub(in crate::web) fn points(t: crate::text::T, m: &MatterView) -> Option<String> {
    match (&m.points, &m.row.unpaid) {
        (Some(progress), _) => Some(t.progress(progress)),
        (None, Some(code)) => Some(t.matter_unpaid(code).to_owned()),
        (None, None) => None,
    }
}

pub(super) async fn one(
    State(desk): State<Desk>,
    by: As<Resident>,
    chrome: Chrome,
    Path(id): Path<MatterId>,
) -> HttpResult<impl IntoResponse> {
    let m = desk.own_matter(&by, id).await?;
    let open = m.state.after(MatterMove::Withdraw).is_ok();
    let title = chrome.t.matter_no(m.row.no);
    Ok(Page(OnePage { chrome: chrome.titled(title), m, open }))
}

pub(super) async fn withdraw(
    State(desk): State<Desk>,
    by: As<Resident>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<MatterId>,
    ProtectedForm(_, _): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    desk.withdraw_matter(&by, id).await?;
    Ok(see_other(&visitor, "/my/matters", Tone::Info, chrome.t.matter_withdrawn_said()))
}

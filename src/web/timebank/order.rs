//! One order with what can be done about it now, by whoever looks.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::{
        ids::TimeOrderId,
        time::Timestamp,
        timebank::{
            interval::CheckMeans,
            order::{CallBack, Ending, OrderMove, OrderState, Verdict},
        },
    },
    http::{As, HttpResult, Path, Visitor},
    service::{
        Desk, ServiceError, ServiceResult, refuse,
        timebank::{
            party::Party,
            step::{StepKind, Typed},
            view::{Happening, OrderFile, Sides},
        },
    },
    store::timebank::pair::PairRow,
    text::{T, refusal::refusal_words},
    web::{
        clerk::record::refused,
        form::{FormState, ProtectedForm, see_other},
        kit::ScanBox,
        page::{Chrome, Page, Tone},
    },
};

#[derive(Template)]
#[template(path = "time/order.html", config = ".askama.toml")]
struct OrderPage {
    chrome: Chrome,
    file: OrderFile,
    sides: Sides,
    /// The box that takes the card or code of whoever is served.
    scan: String,
    pairs: Vec<String>,
    life: Vec<(String, String, String, String)>,
    held_up: Option<String>,
    calls: &'static [CallBack],
    verdicts: &'static [Verdict],
}

impl OrderPage {
    fn is(&self, state: &str) -> bool {
        self.file.order.state.as_str() == state
    }

    fn can(&self, step: OrderMove) -> bool {
        self.file.order.state.after(step, Ending::Counted).is_ok()
    }

    /// Whether whoever looks has a part in it.
    fn part(&self) -> bool {
        self.sides != Sides::default()
    }

    fn may_check_in(&self) -> bool {
        self.sides.volunteer && self.is("accepted")
    }

    fn may_check_out(&self) -> bool {
        self.sides.volunteer && self.can(OrderMove::CheckOut)
    }

    fn waits_for_volunteer(&self) -> bool {
        self.file.order.row.volunteer_by.is_none()
    }

    fn waits_for_served(&self) -> bool {
        self.file.order.row.served_by.is_none()
    }

    fn may_decide(&self) -> bool {
        self.can(OrderMove::Decide)
    }

    fn may_allow(&self) -> bool {
        self.held_up.is_some() && self.can(OrderMove::Post)
    }

    fn may_substitute(&self) -> bool {
        self.can(OrderMove::Substitute)
    }

    fn may_dispute(&self) -> bool {
        (self.sides.served || self.sides.volunteer) && self.can(OrderMove::Dispute)
    }

    fn may_cancel(&self) -> bool {
        self.can(OrderMove::Cancel)
    }
}

pub(super) async fn page(
    State(desk): State<Desk>,
    As(by): As<Party>,
    chrome: Chrome,
    Path(id): Path<TimeOrderId>,
) -> HttpResult<impl IntoResponse> {
    let t = chrome.t;
    let file = desk.time_order_file(&by, id).await?;
    let step = match file.order.state {
        OrderState::Accepted if file.sides.volunteer => Some(StepKind::CheckIn),
        OrderState::Serving if file.sides.volunteer => Some(StepKind::CheckOut),
        _ => None,
    };
    let scan = match step {
        Some(step) => scan_box(&chrome, id, step)?,
        None => String::new(),
    };
    let said = |refusal: &crate::service::Refusal| refusal_words(t.lang(), refusal.code, &refusal.facts).1;
    Ok(Page(OrderPage {
        sides: file.sides,
        scan,
        pairs: file.pairs.iter().map(|pair| pair_words(t, pair)).collect(),
        life: file.life.iter().map(|happened| life(t, happened)).collect(),
        held_up: file.held_up.as_ref().map(said),
        calls: CallBack::ALL,
        verdicts: Verdict::ALL,
        chrome: chrome.titled(t.time_order_no(file.order.row.no)),
        file,
    }))
}

fn scan_box(chrome: &Chrome, id: TimeOrderId, step: StepKind) -> ServiceResult<String> {
    let t = chrome.t;
    let submit = if step == StepKind::CheckIn { t.time_check_in() } else { t.time_check_out() };
    let mut carried = vec![("step".to_owned(), step.to_string())];
    if !chrome.once.is_empty() {
        carried.push(("once".to_owned(), chrome.once.clone()));
    }
    let scan = ScanBox {
        t,
        csrf: chrome.csrf.clone(),
        action: format!("/time/orders/{id}/step"),
        decode: "/time/scan".to_owned(),
        submit: submit.to_owned(),
        carried,
    };
    scan.render().map_err(|e| ServiceError::Internal(e.to_string()))
}

fn pair_words(t: T, pair: &PairRow) -> String {
    let means = |code: &str| code.parse().map_or("", |means: CheckMeans| means.words().text(t.lang()));
    let from = format!("{}（{}）", pair.in_at.minute(), means(&pair.in_means));
    match (pair.out_at, &pair.out_means) {
        (Some(out), _) if out == pair.in_at => format!("{from} {}", t.time_pair_dropped()),
        (Some(out), Some(how)) => format!("{from} — {}（{}）", out.minute(), means(how)),
        _ => format!("{from} — {}", t.time_pair_open()),
    }
}

fn life(t: T, happened: &Happening) -> (String, String, String, String) {
    let verb = match happened.verb.as_str() {
        "ask" => t.time_ask(),
        "decline" => t.time_decline(),
        "allow" => t.time_allow(),
        verb => verb.parse().map_or("", |step: OrderMove| step.words().text(t.lang())),
    };
    (Timestamp::minute(happened.at), verb.to_owned(), happened.by.clone(), happened.words.clone())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StepInput {
    step: String,
    person: String,
    words: String,
    code: String,
    rating: String,
    found: String,
    verdict: String,
    part: String,
}

pub(super) async fn step(
    State(desk): State<Desk>,
    As(by): As<Party>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<TimeOrderId>,
    ProtectedForm(input, _): ProtectedForm<StepInput>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let to = format!("/time/orders/{id}");
    // whoever may not see it does not learn that there is one
    desk.time_order_file(&by, id).await?;
    match take(&desk, &by, id, input).await {
        Ok(state) => {
            let said = t.time_done_said(state.words().text(t.lang()));
            Ok(see_other(&visitor, &to, Tone::Good, &said))
        }
        Err(error) => {
            let form = refused(FormState::default(), t, error)?;
            Ok(see_other(&visitor, &to, Tone::Bad, form.message.as_deref().unwrap_or_default()))
        }
    }
}

async fn take(desk: &Desk, by: &Party, id: TimeOrderId, input: StepInput) -> ServiceResult<OrderState> {
    let kind: StepKind = input.step.parse().map_err(|_| refuse("bad_form").with("reason", "step"))?;
    let StepInput { person, words, code, rating, found, verdict, part, .. } = input;
    let (rating, part) = (rating.trim().parse().ok(), part.trim().parse().ok());
    let typed = Typed { person, words, shown: code, rating, found, verdict, part };
    desk.take_time_step(by, id, kind, &typed).await
}

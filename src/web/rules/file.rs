//! One proposal with its whole life: what it changes, what is wrong with it, what people said, who did what on which
//! day; and the form of the step whose turn it is, to whoever may take it.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

use super::list::tone;
use crate::{
    domain::{
        ids::ProposalId,
        proposal::{
            Body, COMMENT_DAYS_MIN, DISCLOSE_DAYS_MIN, EFFECT_AFTER_DAYS, Meeting, Paper, ProposalState, Step,
        },
        time::Day,
    },
    http::{As, HttpResult, Path},
    service::{
        Desk,
        caller::{Role, Staff},
        proposal::view::ProposalFile,
    },
    store::{proposal::StepRow, voice::VoiceRow},
    text::T,
    web::{
        form::FormState,
        page::{Chrome, Page},
    },
};

/// The keys of an item or of the header that are offered to be said otherwise.
const KEYS: [&str; 16] = [
    "points",
    "rate",
    "caps",
    "quota",
    "enabled",
    "name",
    "name_en",
    "notice_days",
    "basis",
    "conditions",
    "cap_month",
    "cap_year",
    "annual_ceiling",
    "rate_fen",
    "redeem_days",
    "version",
];

/// One stage of the way, for the line of stages.
pub struct Stage {
    /// What it is called.
    pub name: &'static str,
    /// `done`, `now` or nothing.
    pub state: &'static str,
}

/// A step that was taken, as text.
pub struct Taken {
    /// The day.
    pub day: Day,
    /// What.
    pub name: &'static str,
    /// Who entered it.
    pub who: String,
    /// Who came and how they voted; until when it is open.
    pub figures: String,
    /// Minutes, reason, place.
    pub words: String,
    /// In which round.
    pub round: i32,
    /// The head of the digest of its text.
    pub digest: String,
}

/// A voice, as text.
pub struct Said {
    /// Its id.
    pub id: String,
    /// Comment or objection, how it came and when.
    pub head: String,
    /// What was said.
    pub content: String,
    /// What was found, empty before.
    pub outcome: &'static str,
    /// The answer.
    pub answer: String,
}

/// What the village says otherwise, as text.
pub struct Put {
    target: String,
    key: String,
    value: String,
    ground: String,
    origin: String,
}

/// What is shown to everybody who may see a proposal at all.
pub struct Shown {
    /// The stages of the way.
    pub stages: Vec<Stage>,
    /// Where it stands.
    pub state: &'static str,
    /// The colour of that.
    pub tone: &'static str,
    /// What is to be adopted.
    pub paper: &'static str,
    /// What it changes, in plain words.
    pub changes: Vec<String>,
    /// The steps, latest first.
    pub steps: Vec<Taken>,
    /// What people said.
    pub voices: Vec<Said>,
}

/// A proposal in the reader's language.
#[must_use]
pub fn shown(t: T, file: &ProposalFile) -> Shown {
    let lang = t.lang();
    Shown {
        stages: stages(t, file.state),
        state: file.state.words().text(lang),
        tone: tone(file.state),
        paper: file.paper.words().text(lang),
        changes: file.changes.iter().map(|c| c.sentence(lang)).collect(),
        steps: file.steps.iter().rev().map(|(step, who)| taken(t, step, who)).collect(),
        voices: file.voices.iter().map(|v| said(t, v)).collect(),
    }
}

fn stages(t: T, state: ProposalState) -> Vec<Stage> {
    use ProposalState as S;
    let way: [S; 10] = [
        S::Draft,
        S::Comment,
        S::Checked,
        S::Proposed,
        S::Consulted,
        S::Examined,
        S::Resolved,
        S::Disclosed,
        S::Filed,
        S::Accepted,
    ];
    let here = way.iter().position(|s| *s == state);
    let over = matches!(state, S::Announced | S::Repealed);
    let mut out: Vec<Stage> = Vec::new();
    for (n, stage) in way.iter().enumerate() {
        let name = stage.words().text(t.lang());
        let state = match here {
            Some(now) if n == now => "now",
            Some(now) if n < now => "done",
            None if over => "done",
            _ => "",
        };
        out.push(Stage { name, state });
    }
    out.push(Stage { name: S::Announced.words().text(t.lang()), state: if over { "done" } else { "" } });
    out
}

fn taken(t: T, s: &StepRow, who: &str) -> Taken {
    let step: Option<Step> = s.step.parse().ok();
    let body: Option<Body> = s.body.as_deref().and_then(|b| b.parse().ok());
    let mut figures = body.map_or(String::new(), |b| format!("{} ", b.words().text(t.lang())));
    if let (Some(entitled), Some(present), Some(yes), Some(no), Some(abstain)) =
        (s.entitled, s.present, s.yes, s.no, s.abstain)
    {
        figures.push_str(&t.meeting_figures(entitled, present, yes, no, abstain));
    }
    if let Some(until) = s.open_until {
        figures.push_str(&t.proposal_until(until));
    }
    Taken {
        day: s.held_on,
        name: step.map_or("", |step| step.words().text(t.lang())),
        who: t.who(who),
        figures,
        words: s.words.clone(),
        round: s.round,
        digest: s.hash.chars().take(12).collect(),
    }
}

fn said(t: T, v: &VoiceRow) -> Said {
    let kind = if v.kind == "comment" { t.voice_comment() } else { t.objection_word() };
    let manner = match v.manner.as_str() {
        "self" => t.voice_self(),
        "proxy" => t.voice_proxy(),
        _ => t.voice_anonymous(),
    };
    Said {
        id: v.id.to_string(),
        head: format!("{kind} · {manner} · {}", v.raised_at.minute()),
        content: v.content.clone(),
        outcome: match (v.outcome.as_str(), v.kind.as_str()) {
            ("taken", "comment") => t.voice_taken(),
            ("taken", _) => t.voice_right(),
            ("not_taken", "comment") => t.voice_not_taken(),
            ("not_taken", _) => t.voice_groundless(),
            _ => "",
        },
        answer: v.answer.clone().unwrap_or_default(),
    }
}

/// Which forms the page offers.
#[derive(Default)]
pub(super) struct Turn {
    change_text: bool,
    put: bool,
    comment: bool,
    check: bool,
    meeting: Option<Meeting>,
    disclose: bool,
    file: bool,
    filing: bool,
    announce: bool,
    withdraw: bool,
    speak: bool,
    answer: bool,
}

fn turn(file: &ProposalFile, by: &Staff, today: Day) -> Turn {
    use ProposalState as S;
    let (clerk, reviewer) = (by.holds(Role::Clerk), by.holds(Role::Reviewer));
    let (state, open) = (file.state, file.is_open(today));
    let writing = clerk && (state == S::Draft || (state == S::Comment && !open));
    Turn {
        change_text: writing && file.row.template.is_none(),
        put: writing && file.row.template.is_some(),
        comment: clerk && state == S::Draft,
        check: reviewer && state == S::Comment && !open,
        meeting: Meeting::of_turn(state).filter(|_| clerk),
        disclose: reviewer && state == S::Resolved,
        file: clerk && state == S::Disclosed && !open,
        filing: by.holds(Role::Township) && state == S::Filed,
        announce: clerk && state == S::Accepted,
        withdraw: clerk
            && matches!(state, S::Draft | S::Comment | S::Checked | S::Proposed | S::Consulted | S::Examined),
        speak: clerk && open,
        answer: (state == S::Comment && (clerk || reviewer)) || (state == S::Disclosed && reviewer),
    }
}

#[derive(Template)]
#[template(path = "rules/file.html", config = ".askama.toml")]
pub(super) struct FilePage {
    chrome: Chrome,
    form: FormState,
    file: ProposalFile,
    shown: Shown,
    turn: Turn,
    faults: Vec<String>,
    puts: Vec<Put>,
    targets: Vec<(String, String)>,
    /// Whether the draft can be read and so tried out.
    can_be_tried: bool,
    today: Day,
    earliest: Day,
}

impl FilePage {
    fn keys() -> [&'static str; 16] {
        KEYS
    }

    const fn least(&self) -> (i32, i32) {
        (COMMENT_DAYS_MIN, DISCLOSE_DAYS_MIN)
    }

    fn bodies(&self) -> Vec<(&'static str, &'static str)> {
        let lang = self.chrome.t.lang();
        let may = |b: &&Body| self.file.paper != Paper::Compact || **b != Body::Representatives;
        Body::ALL.iter().filter(may).map(|b| (b.as_str(), b.words().text(lang))).collect()
    }
}

/// A proposal for those who work on it.
pub async fn page(
    State(desk): State<Desk>,
    As(by): As<Staff>,
    chrome: Chrome,
    Path(id): Path<ProposalId>,
) -> HttpResult<Response> {
    Ok(Page(build(&desk, &by, chrome, id, FormState::default()).await?).into_response())
}

pub(super) async fn build(
    desk: &Desk,
    by: &Staff,
    chrome: Chrome,
    id: ProposalId,
    form: FormState,
) -> HttpResult<FilePage> {
    super::list::insider(by)?;
    let t = chrome.t;
    let file = desk.proposal(by.book, id).await?;
    let puts = file.overrides.iter().map(|(o, who)| Put {
        target: t.override_target_name(&o.target),
        key: t.override_key_name(&o.name),
        value: o.value.clone().unwrap_or_else(|| t.override_as_template().to_owned()),
        ground: o.ground.clone(),
        origin: t.override_origin(o.first_no, o.set_at.day(), t.who(who)),
    });
    let puts = puts.collect();
    let today = desk.today();
    let earliest = file.row.accepted_on.map_or(today, |day| day.plus(EFFECT_AFTER_DAYS)).max(today.plus(1));
    Ok(FilePage {
        shown: shown(t, &file),
        turn: turn(&file, by, today),
        faults: file.faults.iter().map(|f| t.rule_fault_line(f)).collect(),
        puts,
        targets: targets(t, &file),
        can_be_tried: can_be_tried(&file),
        chrome: chrome.titled(format!("{} {}", t.proposal_no(file.row.no), file.row.title)),
        form,
        file,
        today,
        earliest,
    })
}

/// A clause that is not in force yet does not hinder it.
fn can_be_tried(file: &ProposalFile) -> bool {
    let rules = file.paper == Paper::Rules && !file.state.is_over();
    rules && crate::domain::ruleset::check(&file.row.content, "").is_empty()
}

/// What can be said otherwise: the header and each item, by what people call them.
fn targets(t: T, file: &ProposalFile) -> Vec<(String, String)> {
    if file.row.template.is_none() {
        return Vec::new();
    }
    let mut out = vec![("programme".to_owned(), t.override_programme().to_owned())];
    if let Ok(set) = crate::domain::ruleset::parse(&file.row.content, "") {
        let items = set.items.iter().map(|i| {
            (
                format!("item {}", i.code),
                format!("{} {} {}", i.code, i.name.get(t.lang()), i.worth_words(t.lang())),
            )
        });
        out.extend(items);
    }
    out
}

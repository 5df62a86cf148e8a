//! One person's page: hours, joining, what they offer, need, gifts, the services of late.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

use super::field;
use crate::{
    domain::{
        ids::TimeOfferId,
        time::Day,
        timebank::{ServiceKind, need::NeedGround, policy::Brim},
    },
    http::{As, HttpResult, Path, Visitor},
    service::{
        Desk, ServiceResult, refuse,
        timebank::{
            party::Party,
            people::PersonFile,
            volunteer::{Fitness, NewOffer},
        },
    },
    store::timebank::volunteer::OfferRow,
    text::T,
    web::{
        clerk::record::refused,
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        show,
    },
};

#[derive(Template)]
#[template(path = "time/person.html", config = ".askama.toml")]
struct PersonPage {
    chrome: Chrome,
    file: PersonFile,
    /// Whether whoever looks may act for this person.
    acts: bool,
    desk: bool,
    services: Vec<ServiceKind>,
    brims: Vec<Brim>,
    grounds: Vec<NeedGround>,
    weekdays: Vec<(u8, &'static str)>,
    /// Offers: the id, and the words.
    offers: Vec<(TimeOfferId, String)>,
    /// Gifts: the id, the words, whether one can be taken back.
    gifts: Vec<(String, String, bool)>,
    cooling: u32,
    key: String,
}

impl PersonPage {
    fn well(&self) -> bool {
        self.file.hours.volunteer.as_ref().is_some_and(|v| v.well_on.is_some())
    }

    fn insured(&self) -> String {
        day(self.file.hours.volunteer.as_ref().and_then(|v| v.insured_until))
    }

    fn trained(&self) -> String {
        day(self.file.hours.volunteer.as_ref().and_then(|v| v.trained_on))
    }

    fn is_brim(&self, brim: &Brim) -> bool {
        let chosen = self.file.hours.volunteer.as_ref().and_then(|v| v.brim.as_deref());
        chosen == Some(brim.as_str())
    }
}

fn day(day: Option<Day>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

/// The days of the week, the first bit first.
fn weekdays(t: T) -> Vec<(u8, &'static str)> {
    let names = [
        t.weekday_1(),
        t.weekday_2(),
        t.weekday_3(),
        t.weekday_4(),
        t.weekday_5(),
        t.weekday_6(),
        t.weekday_7(),
    ];
    (0..7).map(|bit| 1 << bit).zip(names).collect()
}

fn clock(minute: i32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn offer_words(t: T, offer: &OfferRow) -> String {
    let kind = offer.kind.parse().map_or("", |kind: ServiceKind| kind.words().text(t.lang()));
    let on = weekdays(t).into_iter().filter(|(bit, _)| offer.weekdays & i32::from(*bit) != 0);
    let days: Vec<&str> = on.map(|(_, name)| name).collect();
    format!("{kind} · {} {}—{}", days.join(" "), clock(offer.from_minute), clock(offer.until_minute))
}

pub(super) async fn page(
    State(desk): State<Desk>,
    As(by): As<Party>,
    chrome: Chrome,
    Path(no): Path<String>,
) -> HttpResult<impl IntoResponse> {
    let t = chrome.t;
    let file = desk.time_person(&by, &no).await?;
    let policy = desk.time_policy(by.book()).await?;
    let gifts = file.gifts.iter().map(|(gift, to)| {
        let state = gift.state().map_or("", |state| state.words().text(t.lang()));
        let words = format!("{} → {} · {state}", show::hours(t, i64::from(gift.minutes)), to.name);
        (gift.id.to_string(), words, gift.state == "cooling" && gift.due_at > desk.now())
    });
    Ok(Page(PersonPage {
        gifts: gifts.collect(),
        offers: file.offers.iter().map(|o| (o.id, offer_words(t, o))).collect(),
        acts: by.side().is_ok() && policy.is_some(),
        desk: by.desk().is_ok(),
        services: policy.as_ref().map_or_else(Vec::new, |(p, _)| p.services.clone()),
        brims: policy.as_ref().map_or_else(Vec::new, |(p, _)| p.saving.brim.clone()),
        cooling: policy.as_ref().map_or(0, |(p, _)| p.gifts.cooling_days),
        grounds: NeedGround::ALL.iter().copied().filter(|g| !g.is_age()).collect(),
        weekdays: weekdays(t),
        key: desk.random_hex(),
        chrome: chrome.titled(t.time_person_title(&file.hours.who.name)),
        file,
    }))
}

type Fields = Vec<(String, String)>;

pub(super) async fn step(
    State(desk): State<Desk>,
    As(by): As<Party>,
    visitor: Visitor,
    chrome: Chrome,
    Path(no): Path<String>,
    ProtectedForm(fields, _): ProtectedForm<Fields>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let to = format!("/time/people/{no}");
    // whoever may not see them does not learn that they are there
    desk.time_person(&by, &no).await?;
    match take(&desk, &by, &no, &fields).await {
        Ok(()) => Ok(see_other(&visitor, &to, Tone::Good, t.time_person_saved())),
        Err(error) => {
            let form = refused(FormState::default(), t, error)?;
            Ok(see_other(&visitor, &to, Tone::Bad, form.message.as_deref().unwrap_or_default()))
        }
    }
}

async fn take(desk: &Desk, by: &Party, no: &str, fields: &Fields) -> ServiceResult<()> {
    let who = desk.time_person_id(by.book(), no).await?;
    let (value, key) = (|name| field(fields, name), field(fields, "key"));
    match value("step") {
        "join" => {
            let fit = fitness(desk, by, fields).await?;
            desk.join_time_bank(&by.side()?, who, &fit).await.map(drop)
        }
        "offer" => desk.offer_service(&by.side()?, who, &offer(fields)?).await.map(drop),
        "end-offer" => {
            let offer = value("offer").parse().map_err(|_| refuse("bad_form").with("reason", "offer"))?;
            desk.end_offer(&by.side()?, who, offer).await
        }
        "need" => {
            let seen = fields.iter().filter(|(name, _)| name == "ground");
            let seen: Vec<NeedGround> = seen.filter_map(|(_, ground)| ground.parse().ok()).collect();
            desk.see_need(&by.desk()?, who, &seen).await.map(drop)
        }
        "give" => {
            let to = desk.time_person_id(by.book(), value("to")).await?;
            desk.give_minutes(&by.side()?, key, (who, to), minutes(fields)?).await.map(drop)
        }
        "take-back" => {
            let gift = value("gift").parse().map_err(|_| refuse("bad_form").with("reason", "gift"))?;
            desk.take_gift_back(&by.side()?, gift).await
        }
        "donate" => desk.donate_minutes(&by.side()?, key, who, minutes(fields)?).await.map(drop),
        _ => Err(refuse("bad_form").with("reason", "step").into()),
    }
}

fn minutes(fields: &Fields) -> ServiceResult<i64> {
    let text = field(fields, "minutes");
    text.parse().map_err(|_| refuse("bad_number").with("text", text).into())
}

/// A day that may be left out.
fn maybe_day(text: &str) -> ServiceResult<Option<Day>> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| refuse("bad_day").with("text", text).into())
}

async fn fitness(desk: &Desk, by: &Party, fields: &Fields) -> ServiceResult<Fitness> {
    let guardian = match field(fields, "guardian") {
        "" => None,
        no => Some(desk.time_person_id(by.book(), no).await?),
    };
    Ok(Fitness {
        well: field(fields, "well") == "1",
        insured_until: maybe_day(field(fields, "insured_until"))?,
        trained_on: maybe_day(field(fields, "trained_on"))?,
        guardian,
        brim: field(fields, "brim").parse().ok(),
    })
}

/// The minute of the day that a field of a form says.
fn minute(text: &str) -> ServiceResult<i32> {
    let read = text.split_once(':').and_then(|(hour, minute)| {
        let (hour, minute): (i32, i32) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
        Some(hour * 60 + minute)
    });
    read.ok_or_else(|| refuse("time_free_hours").into())
}

fn offer(fields: &Fields) -> ServiceResult<NewOffer> {
    let days = fields.iter().filter(|(name, _)| name == "weekday");
    let weekdays = days.filter_map(|(_, bit)| bit.parse::<u8>().ok()).fold(0, |all, bit| all | bit);
    Ok(NewOffer {
        kind: field(fields, "service").parse().map_err(|_| refuse("time_service_not_here"))?,
        weekdays,
        from: minute(field(fields, "from"))?,
        until: minute(field(fields, "until"))?,
    })
}

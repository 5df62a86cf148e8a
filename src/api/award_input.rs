//! A line to record as a program says it, and what it means here.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    domain::{award::Hours, household::HouseholdNo, ids::PersonId, time::Day},
    service::{
        Desk, ServiceResult,
        award::{Evidence, NewAward},
        caller::Staff,
        refuse,
    },
};

/// One line to record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AwardInput {
    /// The household's number; may be left out where `person` is given.
    #[schema(example = "H0001")]
    household: Option<String>,
    /// The person's id, where the item counts by person.
    #[schema(value_type = Option<String>)]
    person: Option<PersonId>,
    /// The item's code.
    #[schema(example = "D3")]
    item: String,
    /// How much, in the item's unit; 1 when left out.
    #[schema(example = "2.5")]
    quantity: Option<String>,
    /// The grade, for an item that has grades.
    grade: Option<String>,
    /// The day it happened.
    #[schema(value_type = String, example = "2026-06-03")]
    occurred_on: Day,
    /// Acts of one event share it.
    event_key: Option<String>,
    /// From when, `08:00`, where the item counts hours; with `to`. No minute of a person is paid twice.
    from: Option<String>,
    /// To when, `10:30`.
    to: Option<String>,
    /// Where the paper evidence is filed; the kinds are those the item asks for.
    #[serde(default)]
    evidence: String,
    /// A remark.
    #[serde(default)]
    note: String,
    /// For whom it is entered (代办).
    on_behalf: Option<String>,
}

/// What a line means in the village of whoever asks.
pub(super) async fn new_award(desk: &Desk, by: &Staff, input: AwardInput) -> ServiceResult<NewAward> {
    let household = match &input.household {
        Some(no) => {
            let no: HouseholdNo = no.parse().map_err(|_| refuse("household_missing"))?;
            Some(desk.household_file(by, &no).await?.household.id)
        }
        None => None,
    };
    let quantity = match &input.quantity {
        Some(text) => text.parse().map_err(|_| refuse("bad_number").with("text", text))?,
        None => rust_decimal::Decimal::ONE,
    };
    let (from, to) = (input.from.unwrap_or_default(), input.to.unwrap_or_default());
    let hours = Hours::read(&from, &to);
    let hours = hours.map_err(|_| refuse("bad_hours").with("text", format!("{from}–{to}")))?;
    let set = desk.ruleset_for(by.book, input.occurred_on).await?;
    let item = set.item(&input.item).ok_or_else(|| refuse("unknown_item").with("item", &input.item))?;
    Ok(NewAward {
        household,
        person: input.person,
        evidence: Evidence::on_file(item, &input.evidence),
        item: input.item,
        quantity,
        grade: input.grade,
        occurred_on: input.occurred_on,
        event_key: input.event_key,
        hours,
        note: input.note,
        on_behalf: input.on_behalf,
    })
}

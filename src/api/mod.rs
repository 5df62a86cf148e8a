//! JSON under `/api/v1`, described by OpenAPI. Each noun has its file; a handler extracts, calls one use case and
//! renders. Errors are problem documents (RFC 9457), see [`problem::Problem`].

use axum::{Router, middleware::from_fn_with_state, routing::get};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::http::{AppState, Json};
use problem::Security;

pub mod account;
pub mod accounts;
pub mod alerts;
pub mod appeals;
pub mod audit;
pub mod award_file;
mod award_input;
pub mod awards;
pub mod balances;
pub mod board;
pub mod bodies;
pub mod bulk;
pub mod callbacks;
pub mod cards;
pub mod claims;
pub mod clearing;
pub mod compacts;
pub mod counters;
pub mod day_closes;
pub mod elsewhere;
pub mod events;
pub mod evidence;
pub mod fairness;
pub mod faults;
pub mod goods;
pub mod helpers;
pub mod holds;
pub mod honours;
pub mod households;
pub mod inspections;
pub mod issue;
pub mod key;
pub mod looks;
pub mod matter_lists;
pub mod matter_work;
pub mod matters;
pub mod me;
pub mod money;
pub mod notices;
pub mod objections;
pub mod office;
pub mod offline;
mod offline_shapes;
pub mod once;
pub mod orders;
pub mod periods;
pub mod pictures;
pub mod places;
pub mod problem;
pub mod procedure;
pub mod proposal_view;
pub mod proposals;
pub mod red_lists;
pub mod redemptions;
pub mod refused;
pub mod register;
pub mod reminders;
pub mod returns;
pub mod reversals;
pub mod reviews;
pub mod rulesets;
pub mod shelves;
pub mod simulation;
pub mod sittings;
pub mod stock;
pub mod stock_steps;
pub mod time_elsewhere;
pub mod time_estates;
pub mod time_orders;
pub mod time_people;
pub mod time_policy;
pub mod time_supervision;
pub mod token;
pub mod users;
pub mod vouchers;
pub mod webhooks;

/// What stands at the head of the description.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "GreenCoin 绿币",
        description = "Village points, love supermarket and time bank. Amounts are decimal strings, times RFC 3339 \
            with +08:00, lists are keyset pages (`after`, `limit`). Every error is a problem document. Whatever \
            changes something takes an `Idempotency-Key`: the same request again gets the first answer."
    ),
    components(schemas(problem::Problem)),
    modifiers(&Security),
    tags(
        (name = "awards", description = "Recording and reviewing awards"),
        (name = "audit", description = "Trial balance, lines, vouchers, verification, exports"),
        (name = "cards", description = "Printed cards, PINs, the code on a phone"),
        (name = "claims", description = "What households claim, on its way to an award"),
        (name = "counter", description = "Counters, goods, redemptions"),
        (name = "county", description = "Places, books, accounts, the overview of villages"),
        (name = "households", description = "What a household has and why"),
        (name = "identity", description = "Tokens and who one is"),
        (name = "ledger", description = "Undoing postings"),
        (name = "matters", description = "What households saw and reported, from the report to the closed loop"),
        (name = "panel", description = "The panel, the two committees, sittings"),
        (name = "notices", description = "Public notice and objections"),
        (name = "rules", description = "Rule sets, funds, budgets"),
        (name = "time", description = "The time bank: orders, volunteers, hours, gifts, the public pool"),
        (name = "register", description = "Households, people, taking over a register"),
    )
)]
struct Description;

/// All operations under their prefix.
fn operations() -> OpenApiRouter<AppState> {
    let mut all = OpenApiRouter::with_openapi(Description::openapi()).nest("/api/v1", each());
    problem::describe_default(all.get_openapi_mut());
    once::describe(all.get_openapi_mut());
    all
}

/// One line a file.
fn each() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(account::operations())
        .merge(accounts::operations())
        .merge(award_file::operations())
        .merge(alerts::operations())
        .merge(appeals::operations())
        .merge(awards::operations())
        .merge(audit::operations())
        .merge(balances::operations())
        .merge(board::operations())
        .merge(bodies::operations())
        .merge(bulk::operations())
        .merge(callbacks::operations())
        .merge(cards::operations())
        .merge(claims::operations())
        .merge(clearing::operations())
        .merge(compacts::operations())
        .merge(counters::operations())
        .merge(day_closes::operations())
        .merge(elsewhere::operations())
        .merge(events::operations())
        .merge(evidence::operations())
        .merge(faults::operations())
        .merge(fairness::operations())
        .merge(goods::operations())
        .merge(pictures::operations())
        .merge(helpers::operations())
        .merge(holds::operations())
        .merge(honours::operations())
        .merge(households::operations())
        .merge(inspections::operations())
        .merge(looks::operations())
        .merge(offline::operations())
        .merge(orders::operations())
        .merge(issue::operations())
        .merge(matter_lists::operations())
        .merge(matter_work::operations())
        .merge(matters::operations())
        .merge(me::operations())
        .merge(money::operations())
        .merge(notices::operations())
        .merge(objections::operations())
        .merge(office::operations())
        .merge(periods::operations())
        .merge(places::operations())
        .merge(problem::operations())
        .merge(procedure::operations())
        .merge(proposals::operations())
        .merge(red_lists::operations())
        .merge(redemptions::operations())
        .merge(refused::operations())
        .merge(register::operations())
        .merge(reminders::operations())
        .merge(returns::operations())
        .merge(reversals::operations())
        .merge(reviews::operations())
        .merge(rulesets::operations())
        .merge(shelves::operations())
        .merge(simulation::operations())
        .merge(sittings::operations())
        .merge(stock::operations())
        .merge(stock_steps::operations())
        .merge(time_elsewhere::operations())
        .merge(time_estates::operations())
        .merge(time_orders::operations())
        .merge(time_people::operations())
        .merge(time_policy::operations())
        .merge(time_supervision::operations())
        .merge(token::operations())
        .merge(users::operations())
        .merge(vouchers::operations())
        .merge(webhooks::operations())
}

/// The description of the API.
#[must_use]
pub fn description() -> utoipa::openapi::OpenApi {
    operations().into_openapi()
}

/// The API and its description.
pub fn routes(state: &AppState) -> Router<AppState> {
    let (router, description) = operations().split_for_parts();
    let router = router.route_layer(from_fn_with_state(state.clone(), once::once));
    router.route("/api/v1/openapi.json", get(async move || Json(description.clone())))
}

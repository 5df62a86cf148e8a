//! A counter's shelf, batch by batch, what lapses first on top; from how few pieces an article counts as low.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;

use crate::{
    domain::{ids::CounterId, stock::shelf::Lot, time::Day},
    http::{As, HttpResult, Path, Visitor},
    service::{
        Desk,
        caller::{StockReader, Storekeeper},
        refuse,
        stock::Shelved,
    },
    store::counter::CounterRow,
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

#[derive(Template)]
#[template(path = "stock/shelf.html", config = ".askama.toml")]
struct ShelfPage {
    chrome: Chrome,
    form: FormState,
    counter: CounterRow,
    /// Nothing while it is being counted.
    shelf: Option<Vec<Shelved>>,
    today: Day,
    draws: bool,
}

impl ShelfPage {
    fn has_lapsed(&self, day: &Day) -> bool {
        *day < self.today
    }

    /// Whether a batch is to be handed out before others that lie there.
    fn goes_next(&self, shelved: &Shelved, lot: &Lot) -> bool {
        shelved.lots.len() > 1 && shelved.next_out(self.today).is_some_and(|next| next.batch == lot.batch)
    }

    fn floor(&self, shelved: &Shelved) -> String {
        shelved.floor.map(|floor| floor.to_string()).unwrap_or_default()
    }
}

async fn show(
    desk: &Desk,
    by: &StockReader,
    chrome: Chrome,
    id: CounterId,
    form: FormState,
) -> HttpResult<Response> {
    let counter = desk.counter(by.book, id).await?;
    let shelf = desk.stock_shelf(by, id).await?;
    let title = chrome.t.shelf_of(chrome.t.name(&counter.name, &counter.name_en));
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let (today, draws) = (desk.today(), Storekeeper::of(by).is_some());
    let page = ShelfPage { chrome: chrome.titled(title), form, counter, shelf, today, draws };
    Ok(Page(page).with_status(status))
}

pub(super) async fn page(
    State(desk): State<Desk>,
    by: As<StockReader>,
    chrome: Chrome,
    Path(id): Path<CounterId>,
) -> HttpResult<Response> {
    show(&desk, &by, chrome, id, FormState::default()).await
}

#[derive(Deserialize)]
pub(super) struct FloorInput {
    #[serde(default)]
    sku: i64,
    #[serde(default)]
    pieces: String,
}

pub(super) async fn floor(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Storekeeper>,
    As(reader): As<StockReader>,
    chrome: Chrome,
    Path(id): Path<CounterId>,
    ProtectedForm(input, form): ProtectedForm<FloorInput>,
) -> HttpResult<Response> {
    let typed = crate::domain::wording::fold_typed(&input.pieces);
    let pieces = if typed.is_empty() { Ok(0) } else { typed.parse() };
    let set = match pieces {
        Ok(pieces) => desk.set_stock_floor(&by, id, input.sku, pieces).await,
        Err(_) => Err(refuse("quantity_out_of_range").with("field", typed).into()),
    };
    match set {
        Ok(()) => {
            let to = format!("/stock/shelves/{id}");
            Ok(see_other(&visitor, &to, Tone::Good, chrome.t.shelf_floor_set()))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &reader, chrome, id, form).await
        }
    }
}

//! Pieces of articles typed into a form: `qty-17` is pieces of article 17, empty or 0 where none is wanted.

use crate::{
    domain::{
        basket::{Basket, InvalidBasket},
        wording::fold_typed,
    },
    service::{Refusal, ServiceError, refuse},
};

/// What was typed, and what of it could not be read.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// Articles with pieces, as typed.
    pub(super) items: Vec<(i64, i64)>,
    wrong: Option<Refusal>,
}

impl Pieces {
    /// Takes a field, if it is one of pieces.
    pub(super) fn take(&mut self, name: &str, value: &str) {
        let Some(sku) = name.strip_prefix("qty-").and_then(|n| n.parse().ok()) else { return };
        let typed = fold_typed(value);
        if typed.is_empty() || typed == "0" {
            return;
        }
        match typed.parse() {
            Ok(pieces) => self.items.push((sku, pieces)),
            Err(_) => self.wrong = Some(wrong_pieces(value)),
        }
    }

    /// Of all fields of a form.
    pub(super) fn of(fields: &[(String, String)]) -> Self {
        let mut pieces = Self::default();
        for (name, value) in fields {
            pieces.take(name, value);
        }
        pieces
    }

    /// The basket that was put together.
    pub(super) fn basket(&self) -> Result<Basket, ServiceError> {
        match &self.wrong {
            Some(wrong) => Err(wrong.clone().into()),
            None => Basket::new(self.items.iter().copied()).map_err(no_basket),
        }
    }
}

/// What stands in a field of a form, empty when there is none.
pub(super) fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str())
}

fn wrong_pieces(typed: &str) -> Refusal {
    refuse("quantity_out_of_range").with("field", typed)
}

/// Why something is no basket, as a refusal.
pub(super) fn no_basket(error: InvalidBasket) -> ServiceError {
    match error {
        InvalidBasket::Empty => refuse("basket_empty"),
        InvalidBasket::Pieces { pieces, .. } => wrong_pieces(&pieces.to_string()),
        InvalidBasket::TooManyArticles => refuse("too_many").with("field", "goods"),
        InvalidBasket::Text => refuse("invalid_basket"),
    }
    .into()
}

//! The same key or the same code again: the first answer, whatever has changed since. Also turns the ledger's
//! refusals into the counter's words.

use std::collections::BTreeMap;

use super::{
    Desk, Known, Named, RedeemRequest, RedemptionReceipt, ServiceError, ServiceResult, Shopkeeper, either,
    identify::digest, refuse, visit::hex,
};
use crate::{
    domain::{
        amount::points,
        book::{RefusalCode, TxnKind},
        ids::{BookId, CounterId},
    },
    service::{Refusal, books::facts},
    store::{Tx, counter::CounterRow, goods, ledger::lookup, redemption},
};

/// What a command says besides what was asked for: computed anew each time, so no difference between two requests.
const DERIVED: [&str; 2] = ["helper", "recused"];

/// A redemption as asked for: what a repetition is compared to.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) key: String,
    pub(super) actor: String,
    pub(super) counter: CounterId,
    pub(super) code_digest: Vec<u8>,
    pub(super) basket: String,
    pub(super) body: BTreeMap<String, String>,
}

impl Asked {
    pub(super) fn new(
        by: &Shopkeeper,
        counter: &CounterRow,
        request: &RedeemRequest,
        named: Option<&Named>,
        key: &str,
    ) -> ServiceResult<Self> {
        key.parse::<crate::domain::book::Key>().map_err(|_| refuse("invalid_key"))?;
        let code_digest = digest(&request.credential);
        let basket = request.basket.to_string();
        let mut body = facts([
            ("counter", counter.code.clone()),
            ("credential", hex(&code_digest)),
            ("basket", basket.clone()),
        ]);
        if let Some(named) = named {
            body.insert("part".to_owned(), named.part.to_string());
            body.insert("person".to_owned(), named.actor.to_string());
            body.extend(named.reason.map(|r| ("reason".to_owned(), r.to_string())));
        }
        body.extend(request.same_as.map(|id| ("same_as".to_owned(), id.to_string())));
        let actor = by.actor().to_string();
        Ok(Self { key: key.to_owned(), actor, counter: counter.id, code_digest, basket, body })
    }

    /// The fields in which an earlier use of the key differs.
    fn differs(&self, kind: &str, actor: &str, body: &str) -> Vec<String> {
        let earlier: BTreeMap<String, String> = serde_json::from_str(body).unwrap_or_default();
        let mut fields: Vec<String> = earlier
            .keys()
            .chain(self.body.keys())
            .filter(|name| !DERIVED.contains(&name.as_str()) && earlier.get(*name) != self.body.get(*name))
            .cloned()
            .collect();
        if kind != TxnKind::Redemption.as_str() {
            fields.push("kind".to_owned());
        }
        if actor != self.actor {
            fields.push("actor".to_owned());
        }
        fields.sort();
        fields.dedup();
        fields
    }

    fn check(&self, kind: &str, actor: &str, body: &str) -> ServiceResult<()> {
        let fields = self.differs(kind, actor, body);
        if fields.is_empty() {
            Ok(())
        } else {
            Err(refuse("idempotency_conflict").with("fields", fields.join(", ")).into())
        }
    }
}

impl Desk {
    /// The answer this key got before, a refusal included.
    pub(super) async fn answered_before(
        &self,
        by: &Shopkeeper,
        asked: &Asked,
    ) -> ServiceResult<Option<RedemptionReceipt>> {
        let mut tx = self.db.begin_read().await?;
        let found = lookup::keys(&mut tx, by.book, &[&asked.key]).await?.into_iter().next();
        drop(tx);
        let Some(row) = found else { return Ok(None) };
        asked.check(&row.kind, &row.actor, &row.body)?;
        if let Some(seq) = row.seq {
            return self.receipt_at(by.book, seq, true).await.map(Some);
        }
        let code = row.code.unwrap_or_default();
        let code: RefusalCode =
            code.parse().map_err(|_| ServiceError::Internal(format!("stored refusal {code}")))?;
        let facts = serde_json::from_str(&row.facts.unwrap_or_default()).unwrap_or_default();
        let refusal = Refusal { code: code.as_str(), facts };
        self.explain(refusal.into(), by.book, asked, None).await.map(Some)
    }

    /// The receipt a phone code was used for, if this is the same basket at the same counter; a refusal that names
    /// the receipt if it is not; nothing if the code is unused.
    pub(super) async fn first_use(
        &self,
        tx: &mut Tx,
        book: BookId,
        code_digest: &[u8],
        asked: &Asked,
        known: &Known,
    ) -> ServiceResult<Option<RedemptionReceipt>> {
        let Some(first) = redemption::by_code(tx, book, code_digest).await? else { return Ok(None) };
        let lines = redemption::lines(tx, book, first.id).await?;
        let taken: Vec<String> = lines.iter().map(|l| format!("{}x{}", l.sku, l.quantity)).collect();
        let same = first.counter_id == asked.counter
            && first.household_id == known.home.id
            && taken.join(" ") == asked.basket;
        if same {
            return self.receipt_of(tx, book, first, true).await.map(Some);
        }
        Err(refuse("phone_code_used").with("receipt", first.no).into())
    }

    /// What the ledger refused, in the words of the counter; a code that somebody else just used with the same
    /// basket is answered with the receipt.
    pub(super) async fn explain(
        &self,
        error: ServiceError,
        book: BookId,
        asked: &Asked,
        known: Option<&Known>,
    ) -> ServiceResult<RedemptionReceipt> {
        let ServiceError::Refused(refusal) = error else { return Err(error) };
        if refusal.code == "limit_exceeded" && refusal.facts.get("meter").is_some_and(|m| is_code(m)) {
            let mut tx = self.db.begin_read().await?;
            let first = redemption::by_code(&mut tx, book, &asked.code_digest).await?;
            if let Some(known) = known
                && let Some(receipt) = self.first_use(&mut tx, book, &asked.code_digest, asked, known).await?
            {
                return Ok(receipt);
            }
            let no = first.map(|r| r.no.to_string()).unwrap_or_default();
            return Err(refuse("phone_code_used").with("receipt", no).into());
        }
        Err(self.in_counter_words(book, refusal).await?)
    }

    /// What the ledger refused of points, goods or limits, in the words of the counter.
    pub(super) async fn in_counter_words(
        &self,
        book: BookId,
        refusal: Refusal,
    ) -> ServiceResult<ServiceError> {
        let fact = |name: &str| refusal.facts.get(name).cloned().unwrap_or_default();
        let amount = |name: &str| points(fact(name).parse().unwrap_or(0));
        let mut tx = self.db.begin_read().await?;
        let said = match refusal.code {
            "insufficient_points" => refuse("insufficient_points")
                .with("needed", amount("needed"))
                .with("available", amount("available")),
            "insufficient_stock" => {
                let (name, name_en) = article_name(&mut tx, book, &fact("commodity")).await?;
                let refusal = refuse("out_of_stock").with("article", name).with("article_en", name_en);
                refusal.with("needed", fact("needed")).with("available", fact("available"))
            }
            "limit_exceeded" => match fact("meter").split(':').collect::<Vec<_>>().as_slice() {
                ["card", ..] => refuse("card_limit")
                    .with("limit", amount("limit"))
                    .with("used", amount("used"))
                    .with("needed", amount("asked")),
                ["witness", ..] => refuse("witness_limit")
                    .with("limit", amount("limit"))
                    .with("used", amount("used"))
                    .with("needed", amount("asked")),
                ["witnessed", ..] => refuse("witness_times").with("limit", fact("limit")),
                ["helper", ..] => refuse("helper_limit")
                    .with("limit", amount("limit"))
                    .with("used", amount("used"))
                    .with("needed", amount("asked")),
                ["quota", _, sku, ..] => {
                    let (name, name_en) = article_name(&mut tx, book, sku).await?;
                    refuse("goods_quota")
                        .with("article", name)
                        .with("article_en", name_en)
                        .with("limit", fact("limit"))
                        .with("used", fact("used"))
                        .with("needed", fact("asked"))
                }
                ["orders", ..] => refuse("orders_waiting").with("limit", fact("limit")),
                _ => refusal.clone(),
            },
            _ => refusal.clone(),
        };
        Ok(said.into())
    }
}

/// Whether a meter counts a phone code, which works once.
fn is_code(meter: &str) -> bool {
    meter.starts_with("once:code:")
}

/// The article's names, from `SKU-000017` or `17`; the text itself when there is no such article.
async fn article_name(tx: &mut Tx, book: BookId, text: &str) -> ServiceResult<(String, String)> {
    let sku = text.strip_prefix("SKU-").unwrap_or(text).parse().unwrap_or(0);
    let row = goods::by_sku(tx, book, sku).await?;
    Ok(row.map_or_else(
        || (text.to_owned(), text.to_owned()),
        |g| (g.name.clone(), either(&g.name_en, &g.name).to_owned()),
    ))
}

//! Drafting: from a template and what the village says otherwise, from an uploaded text, or clause by clause. Every
//! change says on what ground it is made.

use super::{Deed, Loaded, TEXT_BYTES_MAX, adopted, minutes};
use crate::{
    domain::{
        ids::{BookId, ProposalId},
        proposal::{Act, Paper, ProposalState, Step},
        ruleset::{
            self,
            overrides::{self, Misfit, NEW_ITEM, Override},
        },
    },
    service::{Actor, Desk, Refusal, ServiceError, ServiceResult, award::required, caller::Clerk, refuse},
    store::{
        Tx, WriteTx,
        proposal::{self as rows, OverrideRow, ProposalRow, StepRow},
        ruleset as sets,
        serial::{self, Series},
    },
};

/// Characters of a title.
const TITLE_CHARS_MAX: usize = 100;
/// Overrides of one proposal, those put again counted.
const OVERRIDES_MAX: usize = 900;
/// The key whose value rises with each adoption.
const VERSION: &str = "version";

/// Where a draft's text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A published rule set, by content hash; what the village said otherwise last time is laid over it.
    Template(String),
    /// A text of its own.
    Text(String),
}

/// A draft to be begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDraft {
    /// What is to be adopted.
    pub paper: Paper,
    /// What it is called.
    pub title: String,
    /// Its text.
    pub source: Source,
}

impl Desk {
    /// Begins a draft. A village works on one proposal of a paper at a time.
    pub async fn begin_draft(&self, by: &Clerk, new: &NewDraft) -> ServiceResult<ProposalRow> {
        let title = title(&new.title)?;
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, by.book, Series::Proposal, 1).await?;
        if let Some(other) = rows::under_way(&mut tx, by.book, new.paper.as_str()).await? {
            return Err(refuse("proposal_under_way").with("no", other.no).into());
        }
        let base = adopted::latest(&mut tx, by.book, new.paper).await?;
        let (template, content, carried) = match &new.source {
            Source::Text(text) => (None, proposed(text)?, Vec::new()),
            Source::Template(_) if new.paper == Paper::Compact => {
                return Err(refuse("no_such_template").into());
            }
            Source::Template(hash) => {
                let set = sets::one(&mut tx, hash).await?.ok_or_else(|| refuse("no_such_template"))?;
                let mut carried = self.carried(&mut tx, by.book, hash).await?;
                let last = base.as_ref().map_or(0, |b| b.version);
                if last >= set.version.parse().unwrap_or(0) {
                    carried.push(self.put(by.actor(), no, version(last + 1), title));
                }
                let content = laid_over(&set.content, &carried)?;
                (Some(hash.clone()), content, carried)
            }
        };
        let row = ProposalRow {
            id: self.id(),
            no,
            paper: new.paper.as_str().to_owned(),
            title: title.to_owned(),
            state: ProposalState::Draft.as_str().to_owned(),
            round: 1,
            template,
            hash: ruleset::hash(&content),
            content,
            base: base.map(|b| b.hash),
            last_on: self.today(),
            open_until: None,
            accepted_on: None,
            filing_no: None,
            effective_from: None,
        };
        rows::add(&mut tx, by.book, &row).await?;
        for (place, o) in (1..).zip(carried) {
            rows::add_override(&mut tx, by.book, row.id, &OverrideRow { place, ..o }).await?;
        }
        rows::add_step(&mut tx, by.book, row.id, &self.first_step(by.actor(), &row)).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Puts another text in the place of a draft's own. What is drawn up from a template is changed by overrides.
    pub async fn change_text(
        &self,
        by: &Clerk,
        id: ProposalId,
        text: &str,
        ground: &str,
    ) -> ServiceResult<ProposalRow> {
        let (text, ground) = (proposed(text)?, minutes("ground", ground)?);
        let mut tx = self.db.begin_write().await?;
        let mut loaded = self.locked(&mut tx, by.book, id).await?;
        if loaded.row.template.is_some() {
            return Err(refuse("from_template").into());
        }
        self.rewrite(&mut tx, by, &mut loaded, text, ground).await?;
        tx.commit().await?;
        Ok(loaded.row)
    }

    /// Says one thing otherwise than the template, or as the template says it again.
    pub async fn override_rule(
        &self,
        by: &Clerk,
        id: ProposalId,
        change: &Override,
        ground: &str,
    ) -> ServiceResult<ProposalRow> {
        let ground = minutes("ground", ground)?;
        let mut tx = self.db.begin_write().await?;
        let mut loaded = self.locked(&mut tx, by.book, id).await?;
        let hash = loaded.row.template.clone().ok_or_else(|| refuse("no_template"))?;
        let template = sets::one(&mut tx, &hash).await?.ok_or(ServiceError::NotFound("rule set"))?;
        let mut all = rows::overrides(&mut tx, by.book, id).await?;
        if all.len() >= OVERRIDES_MAX {
            return Err(refuse("too_many_overrides").with("limit", OVERRIDES_MAX).into());
        }
        let mut put = self.put(by.actor(), loaded.row.no, change.clone(), ground);
        put.place = all.last().map_or(0, |o| o.place) + 1;
        rows::add_override(&mut tx, by.book, id, &put).await?;
        all.push(put);
        let content = laid_over(&template.content, &all)?;
        self.rewrite(&mut tx, by, &mut loaded, content, ground).await?;
        tx.commit().await?;
        Ok(loaded.row)
    }

    async fn rewrite(
        &self,
        tx: &mut WriteTx,
        by: &Clerk,
        loaded: &mut Loaded,
        content: String,
        words: &str,
    ) -> ServiceResult<()> {
        loaded.row.hash = ruleset::hash(&content);
        loaded.row.content = content;
        let deed = Deed { act: Act::Change, by: by.actor(), words };
        self.take_step(tx, by.book, loaded, deed).await
    }

    /// A proposal under its book's lock.
    pub(super) async fn locked(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        id: ProposalId,
    ) -> ServiceResult<Loaded> {
        serial::take(tx, book, Series::Proposal, 0).await?;
        self.load(tx, book, id).await
    }

    /// What the village said otherwise than that template when it last adopted rules: with who said it first, and when.
    async fn carried(&self, tx: &mut Tx, book: BookId, template: &str) -> ServiceResult<Vec<OverrideRow>> {
        let last = rows::last_announced(tx, book, Paper::Rules.as_str()).await?;
        let Some(last) = last.filter(|p| p.template.as_deref() == Some(template)) else {
            return Ok(Vec::new());
        };
        let all = rows::overrides(tx, book, last.id).await?;
        let plain: Vec<Override> = all.iter().map(plain).collect();
        let counts = overrides::effective(&plain);
        // the version is put anew each time
        let kept = all.into_iter().rev().filter(|o| o.name != VERSION || o.target != "programme");
        let mut kept: Vec<OverrideRow> = kept.filter(|o| counts.contains(&&self::plain(o))).collect();
        kept.reverse();
        Ok(kept)
    }

    fn put(&self, by: Actor, no: i64, change: Override, ground: &str) -> OverrideRow {
        OverrideRow {
            place: 0,
            target: change.target,
            name: change.key,
            value: change.value,
            ground: ground.to_owned(),
            set_at: self.now(),
            set_by: by.to_string(),
            first_no: no,
        }
    }

    fn first_step(&self, by: Actor, row: &ProposalRow) -> StepRow {
        StepRow {
            place: 1,
            round: 1,
            step: Step::Draft.as_str().to_owned(),
            held_on: row.last_on,
            recorded_at: self.now(),
            actor: by.to_string(),
            from_state: None,
            to_state: row.state.clone(),
            hash: row.hash.clone(),
            body: None,
            entitled: None,
            present: None,
            yes: None,
            no: None,
            abstain: None,
            open_until: None,
            words: row.title.clone(),
        }
    }
}

fn version(no: i64) -> Override {
    Override { target: "programme".to_owned(), key: VERSION.to_owned(), value: Some(no.to_string()) }
}

pub(super) fn plain(o: &OverrideRow) -> Override {
    Override { target: o.target.clone(), key: o.name.clone(), value: o.value.clone() }
}

fn laid_over(template: &str, all: &[OverrideRow]) -> ServiceResult<String> {
    let plain: Vec<Override> = all.iter().map(plain).collect();
    overrides::apply(template, &plain).map_err(|misfit| misfit_words(&misfit).into())
}

fn misfit_words(misfit: &Misfit) -> Refusal {
    match misfit {
        Misfit::Template => refuse("no_such_template"),
        Misfit::Target(target) => refuse("override_target").with("target", target),
        Misfit::Code => refuse("override_code"),
        Misfit::Value(key) => refuse("override_value").with("key", key),
        Misfit::NewItem(code) => refuse("override_item").with("code", code).with("new", NEW_ITEM),
    }
}

fn title(text: &str) -> ServiceResult<&str> {
    let title = required("title", text)?;
    if title.chars().count() > TITLE_CHARS_MAX {
        return Err(refuse("text_too_long").with("field", "title").with("limit", TITLE_CHARS_MAX).into());
    }
    Ok(title)
}

/// A text somebody handed in: with one kind of line end, and no more than the program takes.
fn proposed(text: &str) -> ServiceResult<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if text.trim().is_empty() {
        return Err(refuse("text_missing").with("field", "text").into());
    }
    if text.len() > TEXT_BYTES_MAX {
        return Err(refuse("text_too_long").with("field", "text").with("limit", TEXT_BYTES_MAX).into());
    }
    if text.contains('\0') {
        return Err(refuse("text_unreadable").with("field", "text").into());
    }
    Ok(text)
}

//! What stands beside the log: signed heads and the keys that signed them, cosignatures, the hashes above the leaves,
//! and the texts that leaves only commit to. Followed while the log is replayed. Holds no replay.

use std::collections::{BTreeMap, VecDeque};

use super::{PAGE_ROWS, Pass, fault, ledger::AHEAD_SECONDS_MAX, maybe, same};
use crate::{
    domain::{
        book::{commitment, in_body, is_commitment, may_hold_commitment},
        canonical::hex,
        ids::BookId,
        merkle::{
            Frontier, Hash,
            tiles::{Rising, TILE_WIDTH, Upper},
        },
        time::Timestamp,
        tlog::{Checkpoint, KeyKind, Note, Signature, VerifierKey, checkpoint::origin},
    },
    service::Desk,
    store::{
        Tx,
        ledger::{lookup, read::TxnRow},
        log::{self as rows, KeyRow, Purpose, SignedHead},
        private_text::{self, PrivateTextRow},
        witness,
    },
};

/// What was seen beside the log so far.
pub(super) struct Beside {
    book: BookId,
    keys: Vec<(KeyRow, VerifierKey)>,
    /// Signed heads of the page in hand.
    heads: VecDeque<SignedHead>,
    checked: i64,
    /// The size of the last signed head.
    signed: i64,
    rising: Rising,
    uppers: Vec<Upper>,
}

impl Beside {
    pub(super) async fn begin(tx: &mut Tx, book: BookId) -> Pass<Self> {
        let mut keys = Vec::new();
        for row in rows::keys(tx, Purpose::Log).await? {
            let public = <[u8; 32]>::try_from(row.public_key.as_slice()).unwrap_or_default();
            let key = VerifierKey::new(&origin(book), KeyKind::Note, public).map_err(|e| {
                let number = row.number.to_string();
                fault(None, "signing_key", &number, "public_key", "an Ed25519 key", format!("{e}"))
            })?;
            keys.push((row, key));
        }
        Ok(Self {
            book,
            keys,
            heads: VecDeque::new(),
            checked: 0,
            signed: 0,
            rising: Rising::default(),
            uppers: Vec::new(),
        })
    }

    /// Loads what belongs to the next transactions.
    pub(super) async fn load(&mut self, tx: &mut Tx, after: i64, through: i64) -> Pass {
        self.heads = rows::heads(tx, self.book, after, through).await?.into();
        Ok(())
    }

    /// Takes in a transaction that held, with the log after it.
    pub(super) async fn follow(&mut self, tx: &mut Tx, txn: &TxnRow, log: &Frontier) -> Pass {
        let leaf = Hash::try_from(txn.leaf_hash.as_slice()).unwrap_or_default();
        self.uppers.extend(self.rising.append(leaf));
        while let Some(head) = self.heads.pop_front_if(|head| head.size <= txn.seq) {
            same(Some(txn.seq), "signed_head", &head.size.to_string(), "size", txn.seq, head.size)?;
            self.head(&head, txn, log)?;
            self.checked += 1;
            self.signed = head.size;
        }
        self.texts_of(tx, txn).await
    }

    fn head(&self, head: &SignedHead, txn: &TxnRow, log: &Frontier) -> Pass {
        let (seq, row) = (Some(head.size), head.size.to_string());
        let again = Checkpoint { origin: origin(self.book), size: log.size(), root: log.root() };
        let note: Note = head
            .note
            .parse()
            .map_err(|e| fault(seq, "signed_head", &row, "note", "a signed note", format!("{e}")))?;
        same(seq, "signed_head", &row, "note", again.to_string(), note.text.clone())?;
        let number = head.key_number;
        let own = self.keys.iter().find(|(key, _)| key.number == number);
        let (key, verifier) =
            own.ok_or_else(|| fault(seq, "signed_head", &row, "key_number", "a key of ours", number))?;
        let [signature] = note.signatures.as_slice() else {
            return Err(fault(seq, "signed_head", &row, "note", "one signature", note.signatures.len()));
        };
        if !verifier.claimed_by(signature) || !verifier.verifies(&note.text, signature) {
            return Err(fault(seq, "signed_head", &row, "note", format!("signed by {verifier}"), signature));
        }
        let next = self.keys.iter().find(|(key, _)| key.number == number + 1).map(|(key, _)| key.since);
        let in_time = head.signed_at >= key.since
            && next.is_none_or(|next| head.signed_at <= next)
            && head.signed_at.plus_seconds(AHEAD_SECONDS_MAX) >= txn.recorded_at;
        if in_time {
            Ok(())
        } else {
            let expected = "a time of its key, not before the last transaction under it";
            Err(fault(seq, "signed_head", &row, "signed_at", expected, head.signed_at.rfc3339()))
        }
    }

    /// Every commitment in a body has its row, erased or not.
    async fn texts_of(&self, tx: &mut Tx, txn: &TxnRow) -> Pass {
        // most bodies have none: a look at the text spares taking it apart
        if !may_hold_commitment(&txn.body) {
            return Ok(());
        }
        let body: BTreeMap<String, String> = serde_json::from_str(&txn.body).unwrap_or_default();
        if !body.values().any(|value| is_commitment(value)) {
            return Ok(());
        }
        let kept = private_text::of_key(tx, self.book, &txn.key).await?;
        for (name, value) in body.iter().filter(|(_, value)| is_commitment(value)) {
            if !kept.iter().any(|row| row.name == *name) {
                return Err(fault(Some(txn.seq), "private_text", &txn.key, "name", name, value));
            }
        }
        Ok(())
    }

    /// After the last transaction.
    pub(super) async fn finish(&self, desk: &Desk, tx: &mut Tx, seq: i64) -> Pass {
        self.own_keys(desk, tx).await?;
        let count = rows::head_count(tx, self.book).await?;
        let wanted = "none beyond the last transaction";
        let found = if count == self.checked { wanted } else { "more" };
        same(Some(seq), "signed_head", "", "size", wanted, found)?;
        self.hashes(tx).await?;
        self.cosignatures(tx).await?;
        self.texts(tx).await
    }

    /// The newest key of each purpose comes from the master key; keys are numbered and dated in order.
    async fn own_keys(&self, desk: &Desk, tx: &mut Tx) -> Pass {
        for purpose in [Purpose::Log, Purpose::Witness] {
            let keys = rows::keys(tx, purpose).await?;
            for (wanted, key) in (1..).zip(&keys) {
                same(None, "signing_key", purpose.as_str(), "number", wanted, key.number)?;
            }
            if let Some([earlier, later]) = keys.array_windows::<2>().find(|[a, b]| a.since > b.since) {
                let row = purpose.as_str();
                return Err(fault(
                    None,
                    "signing_key",
                    row,
                    "since",
                    earlier.since.rfc3339(),
                    later.since.rfc3339(),
                ));
            }
            if let Some(last) = keys.last() {
                let ours = desk.public_half(purpose, last.number)?;
                same(None, "signing_key", purpose.as_str(), "public_key", hex(&ours), hex(&last.public_key))?;
            }
        }
        Ok(())
    }

    /// Stored are exactly the hashes that the last signed head needs.
    async fn hashes(&self, tx: &mut Tx) -> Pass {
        let span = |u: &Upper| TILE_WIDTH.saturating_pow(u.level).saturating_mul(u.index + 1);
        let signed = u64::try_from(self.signed).unwrap_or(0);
        let mut wanted: Vec<&Upper> = self.uppers.iter().filter(|u| span(u) <= signed).collect();
        wanted.sort_by_key(|u| (u.level, u.index));
        let mut wanted = wanted.into_iter();
        let mut after = (i32::MIN, i64::MIN);
        loop {
            let page = rows::all_hashes(tx, self.book, after, PAGE_ROWS).await?;
            let Some((level, place, _)) = page.last() else { break };
            after = (*level, *place);
            for (level, place, hash) in page {
                let row = format!("{level}/{place}");
                let next = wanted.next();
                let named = next.map(|u| format!("{}/{}", u.level, u.index));
                same(None, "log_hash", &row, "place", maybe(named), row.clone())?;
                same(None, "log_hash", &row, "hash", maybe(next.map(|u| hex(&u.hash))), hex(&hash))?;
            }
        }
        match wanted.next() {
            None => Ok(()),
            Some(u) => {
                let row = format!("{}/{}", u.level, u.index);
                Err(fault(None, "log_hash", &row, "place", &row, "-"))
            }
        }
    }

    async fn cosignatures(&self, tx: &mut Tx) -> Pass {
        let asked = witness::asked(tx).await?;
        let keys: Vec<VerifierKey> = asked.iter().filter_map(|row| row.vkey.parse().ok()).collect();
        for row in rows::all_cosignatures(tx, self.book).await? {
            let (at, name) = (Some(row.size), row.key_name.clone());
            let heads = rows::heads(tx, self.book, row.size - 1, row.size).await?;
            let Some(note) = heads.first().and_then(|head| head.note.parse::<Note>().ok()) else {
                return Err(fault(at, "cosignature", &name, "size", "a signed head", row.size));
            };
            let line: Signature = row
                .line
                .parse()
                .map_err(|e| fault(at, "cosignature", &name, "line", "a signature", format!("{e}")))?;
            same(at, "cosignature", &name, "key_name", line.name.as_str(), row.key_name.as_str())?;
            same(at, "cosignature", &name, "key_id", i64::from(line.id), row.key_id)?;
            let known = keys.iter().find(|key| key.claimed_by(&line));
            if let Some(key) = known.filter(|key| !key.verifies(&note.text, &line)) {
                return Err(fault(at, "cosignature", &name, "line", format!("signed by {key}"), &line));
            }
        }
        Ok(())
    }

    /// Every text belongs to a transaction or refusal that commits to it, and is there whole or erased whole.
    async fn texts(&self, tx: &mut Tx) -> Pass {
        let mut after = (String::new(), String::new());
        loop {
            let page = private_text::all(tx, self.book, (&after.0, &after.1), PAGE_ROWS).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = (last.key.clone(), last.name.clone());
            let keys: Vec<&str> = page.iter().map(|row| row.key.as_str()).collect();
            let used = lookup::keys(tx, self.book, &keys).await?;
            let bodies: BTreeMap<String, String> = used.into_iter().map(|u| (u.key, u.body)).collect();
            for row in &page {
                text(row, bodies.get(&row.key).map(String::as_str))?;
            }
        }
    }
}

fn text(row: &PrivateTextRow, body: Option<&str>) -> Pass {
    let of =
        |field, expected: &str, found: String| fault(None, "private_text", &row.key, field, expected, found);
    let Some(body) = body else { return Err(of("key", "a key that was used", row.key.clone())) };
    let body: BTreeMap<String, String> = serde_json::from_str(body).unwrap_or_default();
    let hidden = Hash::try_from(row.commitment.as_slice()).unwrap_or_default();
    let Some(stated) = body.get(&row.name) else {
        return Err(of("name", "a field of the request", row.name.clone()));
    };
    if *stated != in_body(&hidden) {
        return Err(of("commitment", stated, hex(&row.commitment)));
    }
    match (&row.salt, &row.content, row.erased_at) {
        (None, None, Some(_)) => Ok(()),
        (Some(salt), Some(content), None) if commitment(salt, content) == hidden => Ok(()),
        (Some(salt), Some(content), None) => Err(of("content", stated, in_body(&commitment(salt, content)))),
        _ => Err(of("erased_at", "text and salt, or neither", maybe(row.erased_at.map(Timestamp::rfc3339)))),
    }
}

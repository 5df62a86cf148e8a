//! What a command's links must satisfy: an undoing mirrors what it undoes and happens once, a hold is resolved once
//! and wholly, what is reserved moves in no other way, and points do not pass between households.

use std::collections::BTreeMap;

use super::{
    command::{Command, MeterUse, TxnKind},
    outcome::{RefusalCode as Code, Refused},
    state::{Book, Original},
};
use crate::domain::{
    chart::{AccountKind, arrears_as_available, kind_of},
    posting::{Commodity, Line, Path},
};

/// Checks the links and returns the meters that are given back.
pub(super) fn check(book: &Book, command: &Command, kinds: &[AccountKind]) -> Result<Vec<MeterUse>, Refused> {
    match (command.kind, command.reverses, command.resolves) {
        (TxnKind::Reversal, Some(seq), None) => reversal(book, command, seq),
        (TxnKind::Capture | TxnKind::Release, None, Some(seq)) => resolution(book, command, kinds, seq),
        (TxnKind::Reversal | TxnKind::Capture | TxnKind::Release, _, _)
        | (_, Some(_), _)
        | (_, _, Some(_)) => Err(Refused::new(Code::InvalidLink, [("kind", command.kind.to_string())])),
        _ => unlinked(command, kinds).map(|()| Vec::new()),
    }
}

fn unlinked(command: &Command, kinds: &[AccountKind]) -> Result<(), Refused> {
    let holds = command.kind == TxnKind::Hold;
    let mut reserved = false;
    for (line, kind) in command.posting.lines().iter().zip(kinds) {
        if kind.is_reserve() {
            // A hold only adds: a credit on held points or minutes, a debit on reserved goods.
            let adds = if *kind == AccountKind::Reserved { line.quantity > 0 } else { line.quantity < 0 };
            if !(holds && adds) {
                return Err(reserve_mismatch(line));
            }
            reserved = true;
        }
    }
    let clears = kinds.contains(&AccountKind::Clearing);
    if (holds && !reserved) || clears != (command.kind == TxnKind::Clearing) {
        return Err(Refused::new(Code::InvalidLink, [("kind", command.kind.to_string())]));
    }
    if command.kind == TxnKind::HouseholdChange { Ok(()) } else { no_transfer(command) }
}

/// One household may not lose points to another: the programme knows no transfer, only a household's division.
fn no_transfer(command: &Command) -> Result<(), Refused> {
    let mut net: BTreeMap<&str, i64> = BTreeMap::new();
    for line in command.posting.lines().iter().filter(|l| l.commodity.as_str() == Commodity::POINT) {
        let mut parts = line.account.components();
        if (parts.next(), parts.next()) == (Some("Liabilities"), Some("Households")) {
            // Two lines of at most 2^53 each cannot overflow; the chart gives a household four accounts.
            *net.entry(parts.next().unwrap_or_default()).or_default() += line.quantity;
        }
    }
    let loser = net.iter().find(|(_, change)| **change > 0);
    let winner = net.iter().find(|(_, change)| **change < 0);
    match (loser, winner) {
        (Some((from, _)), Some((to, _))) => {
            Err(Refused::new(Code::Transfer, [("from", (*from).to_owned()), ("to", (*to).to_owned())]))
        }
        _ => Ok(()),
    }
}

fn reversal(book: &Book, command: &Command, seq: i64) -> Result<Vec<MeterUse>, Refused> {
    let original = book.original(seq).ok_or_else(|| about(Code::OriginalNotFound, seq))?;
    match original.kind {
        TxnKind::Reversal => return Err(about(Code::ReversalOfReversal, seq)),
        TxnKind::Hold | TxnKind::Release => return Err(about(Code::ReversalOfHold, seq)),
        // what is closed stays closed, what hung hung, one side of a move is not undone without the other, and goods that
        // came back are handed over anew
        TxnKind::PeriodClose | TxnKind::Notice | TxnKind::Clearing | TxnKind::GoodsReturn => {
            return Err(Refused::new(Code::InvalidLink, [("kind", original.kind.to_string())]));
        }
        _ => {}
    }
    if let Some(by) = original.reversed_by {
        let facts = [("seq", seq.to_string()), ("reversed_by", by.to_string())];
        return Err(Refused::new(Code::AlreadyReversed, facts));
    }
    // Undoing a capture undoes the hold it resolved as well, or the points would stay held for ever.
    let mut undone: Vec<&Original> = vec![original];
    if let Some(hold) = original.resolves {
        undone.push(book.original(hold).ok_or_else(|| about(Code::OriginalNotFound, hold))?);
    }
    let lines = undone.iter().flat_map(|o| &o.lines);
    if !mirrors(command.posting.lines(), lines) {
        return Err(about(Code::NotMirror, seq));
    }
    Ok(undone.iter().flat_map(|o| &o.meters).filter_map(MeterUse::given_back).collect())
}

/// Whether `lines` are the mirror of `undone` taken together. A household that already spent what it loses may carry
/// the shortfall on its arrears.
fn mirrors<'a>(lines: &[Line], undone: impl Iterator<Item = &'a Line>) -> bool {
    let mut open: BTreeMap<(Path, &Commodity), (i64, Option<_>)> = BTreeMap::new();
    for line in undone {
        let slot = open.entry((line.account.clone(), &line.commodity)).or_insert((0, line.expires_on));
        slot.0 -= line.quantity;
    }
    for line in lines {
        let own = (line.account.clone(), &line.commodity);
        let arrears = line.quantity > 0 && kind_of(&line.account) == Some(AccountKind::Arrears);
        let owed = arrears && !open.contains_key(&own);
        let key = if owed { (arrears_as_available(&line.account), &line.commodity) } else { own };
        let Some((left, expires_on)) = open.get_mut(&key) else { return false };
        // A part of what is open, never more and never the other way: so the order of the lines does not matter.
        let part = line.quantity.signum() == left.signum() && line.quantity.abs() <= left.abs();
        let fits = part && if owed { line.expires_on.is_none() } else { line.expires_on == *expires_on };
        if !fits {
            return false;
        }
        *left -= line.quantity;
    }
    open.values().all(|(left, _)| *left == 0)
}

fn resolution(
    book: &Book,
    command: &Command,
    kinds: &[AccountKind],
    seq: i64,
) -> Result<Vec<MeterUse>, Refused> {
    let hold = book.original(seq).ok_or_else(|| about(Code::OriginalNotFound, seq))?;
    if hold.kind != TxnKind::Hold {
        return Err(about(Code::NotAHold, seq));
    }
    if let Some(by) = hold.resolved_by {
        let facts = [("seq", seq.to_string()), ("resolved_by", by.to_string())];
        return Err(Refused::new(Code::AlreadyResolved, facts));
    }
    let lines = command.posting.lines();
    if command.kind == TxnKind::Release {
        return if mirrors(lines, hold.lines.iter()) {
            Ok(hold.meters.iter().filter_map(MeterUse::given_back).collect())
        } else {
            Err(about(Code::NotMirror, seq))
        };
    }
    let same = |a: &Line, b: &Line| a.account == b.account && a.commodity == b.commodity;
    for line in hold.lines.iter().filter(|l| kind_of(&l.account).is_some_and(AccountKind::is_reserve)) {
        if !lines.iter().any(|l| same(l, line) && l.quantity == -line.quantity) {
            return Err(reserve_mismatch(line));
        }
    }
    for (line, kind) in lines.iter().zip(kinds) {
        let held = hold.lines.iter().any(|l| same(l, line));
        if kind.is_reserve() && !held {
            return Err(reserve_mismatch(line));
        }
        // What is not taken goes back to where it came from; nothing more may be taken from there.
        let more = match kind {
            AccountKind::Available => !(held && line.quantity < 0),
            // whoever served, or received a gift, is credited as well
            AccountKind::Time | AccountKind::TimePool => line.quantity > 0,
            _ => false,
        };
        if more {
            return Err(Refused::new(Code::ExceedsHold, [("account", line.account.to_string())]));
        }
    }
    Ok(Vec::new())
}

fn about(code: Code, seq: i64) -> Refused {
    Refused::new(code, [("seq", seq.to_string())])
}

fn reserve_mismatch(line: &Line) -> Refused {
    Refused::new(Code::ReserveMismatch, [("account", line.account.to_string())])
}

-- Private shops where points are redeemed: the agreement about a counter, the monthly statement of what was redeemed there,
-- what both sides said of it, and what was paid. The money itself is the ledger's.

create table shop_agreement (
    book_id blob not null,
    id blob not null,
    no integer not null,
    -- the counter the shop keeps: whatever is handed out there is the shop's own
    counter_id blob not null,
    name text not null,
    licence text not null,
    -- the household that runs it, if it is one of the village
    household_id blob,
    -- what the shop leaves of the value to the village, in per mille
    discount integer not null check (discount between 0 and 300),
    -- the day of the month on which it is settled
    settles_on integer not null check (settles_on between 1 and 28),
    from_day integer not null,
    until_day integer not null check (until_day >= from_day),
    state text not null check (state in ('drawn', 'agreed', 'refused', 'ended')),
    drawn_at integer not null,
    drawn_by text not null,
    decided_at integer,
    decided_by text,
    -- its place in the log, and that of its end
    seq integer,
    ended_at integer,
    ended_by text,
    ended_on integer,
    end_seq integer,
    -- why it was not agreed to, or was ended
    reason text not null,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, counter_id) references counter (book_id, id)
) strict;
create index shop_agreement_counter on shop_agreement (book_id, counter_id, from_day);

-- What was agreed stays as it was; it is decided once and ends once.
create trigger shop_agreement_moves_on before update on shop_agreement
when new.id <> old.id or new.no <> old.no or new.counter_id <> old.counter_id or new.name <> old.name
    or new.licence <> old.licence or new.household_id is distinct from old.household_id or new.discount <> old.discount
    or new.settles_on <> old.settles_on or new.from_day <> old.from_day or new.until_day <> old.until_day
    or new.drawn_at <> old.drawn_at or new.drawn_by <> old.drawn_by or new.state = old.state
    or old.state in ('refused', 'ended') or (old.state = 'drawn' and new.state = 'ended')
    or new.decided_by is null or new.decided_by = old.drawn_by
    or (old.state = 'agreed' and (new.state <> 'ended' or new.decided_at <> old.decided_at
        or new.decided_by <> old.decided_by or new.seq <> old.seq or new.ended_on is null or new.end_seq is null))
begin select raise(abort, 'append-only: update refused'); end;
create trigger shop_agreement_no_delete before delete on shop_agreement begin select raise(abort, 'append-only: delete refused'); end;

create table shop_statement (
    book_id blob not null,
    id blob not null,
    counter_id blob not null,
    -- consecutive for each counter
    no integer not null,
    agreement_id blob not null,
    first_day integer not null,
    last_day integer not null,
    -- of the log: after the one, up to the other
    from_seq integer not null,
    upto_seq integer not null check (upto_seq >= from_seq),
    line_count integer not null,
    points integer not null,
    gross_fen integer not null,
    net_fen integer not null,
    drawn_at integer not null,
    drawn_by text not null,
    seq integer not null,
    primary key (book_id, id),
    unique (book_id, counter_id, no),
    foreign key (book_id, counter_id) references counter (book_id, id),
    foreign key (book_id, agreement_id) references shop_agreement (book_id, id)
) strict;
create trigger shop_statement_no_update before update on shop_statement begin select raise(abort, 'append-only: update refused'); end;
create trigger shop_statement_no_delete before delete on shop_statement begin select raise(abort, 'append-only: delete refused'); end;

create table shop_statement_line (
    book_id blob not null,
    statement_id blob not null,
    line integer not null,
    kind text not null check (kind in ('redemption', 'returned', 'voided', 'reversal')),
    -- its place in the log, and the number of the receipt
    seq integer not null,
    receipt integer not null,
    day integer not null,
    points integer not null,
    gross_fen integer not null,
    net_fen integer not null,
    primary key (book_id, statement_id, line),
    foreign key (book_id, statement_id) references shop_statement (book_id, id)
) strict, without rowid;
create trigger shop_statement_line_no_update before update on shop_statement_line begin select raise(abort, 'append-only: update refused'); end;
create trigger shop_statement_line_no_delete before delete on shop_statement_line begin select raise(abort, 'append-only: delete refused'); end;

-- What the two sides and whoever pays did with a statement, one after the other.
create table shop_step (
    book_id blob not null,
    statement_id blob not null,
    step integer not null,
    verb text not null check (verb in ('confirm_shop', 'confirm_village', 'dispute', 'answer', 'review')),
    done_at integer not null,
    done_by text not null,
    reason text not null,
    primary key (book_id, statement_id, step),
    foreign key (book_id, statement_id) references shop_statement (book_id, id)
) strict, without rowid;
create trigger shop_step_no_update before update on shop_step begin select raise(abort, 'append-only: update refused'); end;
create trigger shop_step_no_delete before delete on shop_step begin select raise(abort, 'append-only: delete refused'); end;

create table shop_payment (
    book_id blob not null,
    statement_id blob not null,
    fund text not null,
    -- what the statements before left over
    carried_fen integer not null,
    fen integer not null check (fen > 0),
    payer text not null,
    voucher text not null,
    paid_on integer not null,
    done_at integer not null,
    done_by text not null,
    seq integer not null,
    -- paid once
    primary key (book_id, statement_id),
    foreign key (book_id, statement_id) references shop_statement (book_id, id)
) strict, without rowid;
create trigger shop_payment_no_update before update on shop_payment begin select raise(abort, 'append-only: update refused'); end;
create trigger shop_payment_no_delete before delete on shop_payment begin select raise(abort, 'append-only: delete refused'); end;

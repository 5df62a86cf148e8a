-- Private shops where points are redeemed: the agreement about a counter, the monthly statement of what was redeemed there,
-- what both sides said of it, and what was paid. The money itself is the ledger's.

create table shop_agreement (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    -- the counter the shop keeps: whatever is handed out there is the shop's own
    counter_id uuid not null,
    name text not null,
    licence text not null,
    -- the household that runs it, if it is one of the village
    household_id uuid,
    -- what the shop leaves of the value to the village, in per mille
    discount bigint not null check (discount between 0 and 300),
    -- the day of the month on which it is settled
    settles_on bigint not null check (settles_on between 1 and 28),
    from_day integer not null,
    until_day integer not null check (until_day >= from_day),
    state text not null check (state in ('drawn', 'agreed', 'refused', 'ended')),
    drawn_at bigint not null,
    drawn_by text not null,
    decided_at bigint,
    decided_by text,
    -- its place in the log, and that of its end
    seq bigint,
    ended_at bigint,
    ended_by text,
    ended_on integer,
    end_seq bigint,
    -- why it was not agreed to, or was ended
    reason text not null,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, counter_id) references counter (book_id, id)
);
create index shop_agreement_counter on shop_agreement (book_id, counter_id, from_day);

-- What was agreed stays as it was; it is decided once and ends once.
create trigger shop_agreement_moves_on before update on shop_agreement for each row
    when (new.id <> old.id or new.no <> old.no or new.counter_id <> old.counter_id or new.name <> old.name
    or new.licence <> old.licence or new.household_id is distinct from old.household_id or new.discount <> old.discount
    or new.settles_on <> old.settles_on or new.from_day <> old.from_day or new.until_day <> old.until_day
    or new.drawn_at <> old.drawn_at or new.drawn_by <> old.drawn_by or new.state = old.state
    or old.state in ('refused', 'ended') or (old.state = 'drawn' and new.state = 'ended')
    or new.decided_by is null or new.decided_by = old.drawn_by
    or (old.state = 'agreed' and (new.state <> 'ended' or new.decided_at <> old.decided_at
        or new.decided_by <> old.decided_by or new.seq <> old.seq or new.ended_on is null or new.end_seq is null)))
    execute function append_only();
create trigger shop_agreement_no_delete before delete on shop_agreement for each row execute function append_only();
create trigger shop_agreement_no_truncate before truncate on shop_agreement for each statement execute function append_only();

create table shop_statement (
    book_id uuid not null,
    id uuid not null,
    counter_id uuid not null,
    -- consecutive for each counter
    no bigint not null,
    agreement_id uuid not null,
    first_day integer not null,
    last_day integer not null,
    -- of the log: after the one, up to the other
    from_seq bigint not null,
    upto_seq bigint not null check (upto_seq >= from_seq),
    line_count bigint not null,
    points bigint not null,
    gross_fen bigint not null,
    net_fen bigint not null,
    drawn_at bigint not null,
    drawn_by text not null,
    seq bigint not null,
    primary key (book_id, id),
    unique (book_id, counter_id, no),
    foreign key (book_id, counter_id) references counter (book_id, id),
    foreign key (book_id, agreement_id) references shop_agreement (book_id, id)
);
create trigger shop_statement_append_only before update or delete on shop_statement for each row execute function append_only();
create trigger shop_statement_no_truncate before truncate on shop_statement for each statement execute function append_only();

create table shop_statement_line (
    book_id uuid not null,
    statement_id uuid not null,
    line integer not null,
    kind text not null check (kind in ('redemption', 'returned', 'voided', 'reversal')),
    -- its place in the log, and the number of the receipt
    seq bigint not null,
    receipt bigint not null,
    day integer not null,
    points bigint not null,
    gross_fen bigint not null,
    net_fen bigint not null,
    primary key (book_id, statement_id, line),
    foreign key (book_id, statement_id) references shop_statement (book_id, id)
);
create trigger shop_statement_line_append_only before update or delete on shop_statement_line for each row execute function append_only();
create trigger shop_statement_line_no_truncate before truncate on shop_statement_line for each statement execute function append_only();

-- What the two sides and whoever pays did with a statement, one after the other.
create table shop_step (
    book_id uuid not null,
    statement_id uuid not null,
    step integer not null,
    verb text not null check (verb in ('confirm_shop', 'confirm_village', 'dispute', 'answer', 'review')),
    done_at bigint not null,
    done_by text not null,
    reason text not null,
    primary key (book_id, statement_id, step),
    foreign key (book_id, statement_id) references shop_statement (book_id, id)
);
create trigger shop_step_append_only before update or delete on shop_step for each row execute function append_only();
create trigger shop_step_no_truncate before truncate on shop_step for each statement execute function append_only();

create table shop_payment (
    book_id uuid not null,
    statement_id uuid not null,
    fund text not null,
    -- what the statements before left over
    carried_fen bigint not null,
    fen bigint not null check (fen > 0),
    payer text not null,
    voucher text not null,
    paid_on integer not null,
    done_at bigint not null,
    done_by text not null,
    seq bigint not null,
    -- paid once
    primary key (book_id, statement_id),
    foreign key (book_id, statement_id) references shop_statement (book_id, id)
);
create trigger shop_payment_append_only before update or delete on shop_payment for each row execute function append_only();
create trigger shop_payment_no_truncate before truncate on shop_payment for each statement execute function append_only();

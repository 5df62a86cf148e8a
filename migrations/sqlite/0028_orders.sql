-- Orders: points and goods put aside until a day, then collected, cancelled, or given back by the clock. Whoever collects
-- may show the order's pick-up code, so the register of redemptions learns one more way to be known.

create table redemption_next (
    book_id blob not null,
    id blob not null,
    -- consecutive, without gaps: the receipt number
    no integer not null,
    counter_id blob not null,
    household_id blob not null,
    -- how the household was known: by phone, by card, by the code of an order
    credential text not null check (credential in ('phone', 'card', 'card_pin', 'pickup')),
    card_id blob,
    -- SHA-256 of the phone code, which works once
    code_digest blob,
    cashier text not null,
    placed_at integer not null,
    points integer not null,
    cost_fen integer not null,
    available_before integer not null,
    available_after integer not null,
    txn_seq integer not null,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, code_digest),
    foreign key (book_id, counter_id) references counter (book_id, id),
    foreign key (book_id, household_id) references household (book_id, id)
) strict;

create table redemption_line_next (
    book_id blob not null,
    redemption_id blob not null,
    line integer not null,
    sku integer not null,
    name text not null,
    unit text not null,
    quantity integer not null check (quantity > 0),
    price integer not null,
    points integer not null,
    cost_fen integer not null,
    primary key (book_id, redemption_id, line),
    foreign key (book_id, redemption_id) references redemption_next (book_id, id)
) strict, without rowid;

insert into redemption_next (book_id, id, no, counter_id, household_id, credential, card_id, code_digest, cashier,
    placed_at, points, cost_fen, available_before, available_after, txn_seq)
select book_id, id, no, counter_id, household_id, credential, card_id, code_digest, cashier, placed_at, points, cost_fen,
    available_before, available_after, txn_seq from redemption;
insert into redemption_line_next (book_id, redemption_id, line, sku, name, unit, quantity, price, points, cost_fen)
select book_id, redemption_id, line, sku, name, unit, quantity, price, points, cost_fen from redemption_line;
drop table redemption_line;
drop table redemption;
alter table redemption_next rename to redemption;
alter table redemption_line_next rename to redemption_line;
create index redemption_counter on redemption (book_id, counter_id, placed_at);
create index redemption_household on redemption (book_id, household_id, placed_at);
create index redemption_seq on redemption (book_id, txn_seq);
create trigger redemption_no_update before update on redemption begin select raise(abort, 'append-only: update refused'); end;
create trigger redemption_no_delete before delete on redemption begin select raise(abort, 'append-only: delete refused'); end;
create trigger redemption_line_no_update before update on redemption_line begin select raise(abort, 'append-only: update refused'); end;
create trigger redemption_line_no_delete before delete on redemption_line begin select raise(abort, 'append-only: delete refused'); end;

create table goods_order (
    book_id blob not null,
    -- also the redemption's, when it is collected
    id blob not null,
    -- consecutive, without gaps
    no integer not null,
    counter_id blob not null,
    household_id blob not null,
    placed_at integer not null,
    placed_by text not null,
    -- the last day on which it is kept
    kept_until integer not null,
    points integer not null,
    state text not null check (state in ('waiting', 'collected', 'cancelled', 'lapsed')),
    -- the posting that put points and goods aside
    hold_seq integer not null,
    ended_at integer,
    ended_by text,
    -- why it was cancelled
    reason text check (reason in ('asked', 'unavailable', 'mistake')),
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, hold_seq),
    foreign key (book_id, counter_id) references counter (book_id, id),
    foreign key (book_id, household_id) references household (book_id, id)
) strict;
create index goods_order_counter on goods_order (book_id, counter_id, state, no);
create index goods_order_household on goods_order (book_id, household_id, no);

create table goods_order_line (
    book_id blob not null,
    order_id blob not null,
    line integer not null,
    sku integer not null,
    name text not null,
    unit text not null,
    quantity integer not null check (quantity > 0),
    price integer not null,
    points integer not null,
    -- nothing of a service lies on a shelf
    is_service integer not null check (is_service in (0, 1)),
    -- what it was counted against, to be given back with the pieces
    quota_meter text,
    primary key (book_id, order_id, line),
    foreign key (book_id, order_id) references goods_order (book_id, id)
) strict, without rowid;

-- What was ordered stays as it was ordered; an order ends once.
create trigger goods_order_ends_once before update on goods_order
when old.state <> 'waiting' or new.state = 'waiting' or new.id <> old.id or new.no <> old.no
    or new.counter_id <> old.counter_id or new.household_id <> old.household_id or new.placed_at <> old.placed_at
    or new.placed_by <> old.placed_by or new.kept_until <> old.kept_until or new.points <> old.points
    or new.hold_seq <> old.hold_seq
begin select raise(abort, 'append-only: update refused'); end;
create trigger goods_order_no_delete before delete on goods_order begin select raise(abort, 'append-only: delete refused'); end;
create trigger goods_order_line_no_update before update on goods_order_line begin select raise(abort, 'append-only: update refused'); end;
create trigger goods_order_line_no_delete before delete on goods_order_line begin select raise(abort, 'append-only: delete refused'); end;

-- Orders: points and goods put aside until a day, then collected, cancelled, or given back by the clock. Whoever collects
-- may show the order's pick-up code, so the register of redemptions learns one more way to be known.

alter table redemption drop constraint redemption_credential_check;
alter table redemption add constraint redemption_credential_check
    check (credential in ('phone', 'card', 'card_pin', 'pickup'));

create table goods_order (
    book_id uuid not null,
    -- also the redemption's, when it is collected
    id uuid not null,
    -- consecutive, without gaps
    no bigint not null,
    counter_id uuid not null,
    household_id uuid not null,
    placed_at bigint not null,
    placed_by text not null,
    -- the last day on which it is kept
    kept_until integer not null,
    points bigint not null,
    state text not null check (state in ('waiting', 'collected', 'cancelled', 'lapsed')),
    -- the posting that put points and goods aside
    hold_seq bigint not null,
    ended_at bigint,
    ended_by text,
    -- why it was cancelled
    reason text check (reason in ('asked', 'unavailable', 'mistake')),
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, hold_seq),
    foreign key (book_id, counter_id) references counter (book_id, id),
    foreign key (book_id, household_id) references household (book_id, id)
);
create index goods_order_counter on goods_order (book_id, counter_id, state, no);
create index goods_order_household on goods_order (book_id, household_id, no);

create table goods_order_line (
    book_id uuid not null,
    order_id uuid not null,
    line integer not null,
    sku bigint not null,
    name text not null,
    unit text not null,
    quantity bigint not null check (quantity > 0),
    price bigint not null,
    points bigint not null,
    -- nothing of a service lies on a shelf
    is_service boolean not null,
    -- what it was counted against, to be given back with the pieces
    quota_meter text,
    primary key (book_id, order_id, line),
    foreign key (book_id, order_id) references goods_order (book_id, id)
);

-- What was ordered stays as it was ordered; an order ends once.
create trigger goods_order_ends_once before update on goods_order for each row
    when (old.state <> 'waiting' or new.state = 'waiting' or new.id <> old.id or new.no <> old.no
        or new.counter_id <> old.counter_id or new.household_id <> old.household_id or new.placed_at <> old.placed_at
        or new.placed_by <> old.placed_by or new.kept_until <> old.kept_until or new.points <> old.points
        or new.hold_seq <> old.hold_seq)
    execute function append_only();
create trigger goods_order_no_delete before delete on goods_order for each row execute function append_only();
create trigger goods_order_no_truncate before truncate on goods_order for each statement execute function append_only();
create trigger goods_order_line_append_only before update or delete on goods_order_line for each row
    execute function append_only();
create trigger goods_order_line_no_truncate before truncate on goods_order_line for each statement
    execute function append_only();

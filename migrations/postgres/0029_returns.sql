-- Goods that come back within a day, and redemptions that were typed wrongly: points, goods and cost go back together, each
-- piece once. What came back is kept beside what was handed over; neither changes.

create table goods_return (
    book_id uuid not null,
    id uuid not null,
    -- consecutive, without gaps
    no bigint not null,
    kind text not null check (kind in ('returned', 'voided')),
    redemption_id uuid not null,
    counter_id uuid not null,
    -- onto the shelf, or written off
    goes_to text not null check (goes_to in ('shelf', 'loss')),
    credential text not null check (credential in ('phone', 'card')),
    cashier text not null,
    placed_at bigint not null,
    points bigint not null,
    cost_fen bigint not null,
    txn_seq bigint not null,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, redemption_id) references redemption (book_id, id),
    foreign key (book_id, counter_id) references counter (book_id, id)
);
create index goods_return_redemption on goods_return (book_id, redemption_id, no);
create index goods_return_counter on goods_return (book_id, counter_id, placed_at);
create index goods_return_seq on goods_return (book_id, txn_seq);

create table goods_return_line (
    book_id uuid not null,
    return_id uuid not null,
    line integer not null,
    sku bigint not null,
    quantity bigint not null check (quantity > 0),
    points bigint not null,
    -- of what was booked as a reward
    cost_fen bigint not null,
    primary key (book_id, return_id, line),
    foreign key (book_id, return_id) references goods_return (book_id, id)
);

create trigger goods_return_append_only before update or delete on goods_return for each row
    execute function append_only();
create trigger goods_return_no_truncate before truncate on goods_return for each statement execute function append_only();
create trigger goods_return_line_append_only before update or delete on goods_return_line for each row
    execute function append_only();
create trigger goods_return_line_no_truncate before truncate on goods_return_line for each statement
    execute function append_only();

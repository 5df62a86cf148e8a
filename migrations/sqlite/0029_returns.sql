-- Goods that come back within a day, and redemptions that were typed wrongly: points, goods and cost go back together, each
-- piece once. What came back is kept beside what was handed over; neither changes.

create table goods_return (
    book_id blob not null,
    id blob not null,
    -- consecutive, without gaps
    no integer not null,
    kind text not null check (kind in ('returned', 'voided')),
    redemption_id blob not null,
    counter_id blob not null,
    -- onto the shelf, or written off
    goes_to text not null check (goes_to in ('shelf', 'loss')),
    credential text not null check (credential in ('phone', 'card')),
    cashier text not null,
    placed_at integer not null,
    points integer not null,
    cost_fen integer not null,
    txn_seq integer not null,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, redemption_id) references redemption (book_id, id),
    foreign key (book_id, counter_id) references counter (book_id, id)
) strict;
create index goods_return_redemption on goods_return (book_id, redemption_id, no);
create index goods_return_counter on goods_return (book_id, counter_id, placed_at);
create index goods_return_seq on goods_return (book_id, txn_seq);

create table goods_return_line (
    book_id blob not null,
    return_id blob not null,
    line integer not null,
    sku integer not null,
    quantity integer not null check (quantity > 0),
    points integer not null,
    -- of what was booked as a reward
    cost_fen integer not null,
    primary key (book_id, return_id, line),
    foreign key (book_id, return_id) references goods_return (book_id, id)
) strict, without rowid;

create trigger goods_return_no_update before update on goods_return begin select raise(abort, 'append-only: update refused'); end;
create trigger goods_return_no_delete before delete on goods_return begin select raise(abort, 'append-only: delete refused'); end;
create trigger goods_return_line_no_update before update on goods_return_line begin select raise(abort, 'append-only: update refused'); end;
create trigger goods_return_line_no_delete before delete on goods_return_line begin select raise(abort, 'append-only: delete refused'); end;

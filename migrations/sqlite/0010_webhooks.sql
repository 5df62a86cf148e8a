-- Programs that are told what happens in a book: where, signed with what, and how far each has come. What they are told
-- is read from the ledger; nothing of it is copied here.

create table webhook (
    book_id blob not null,
    id blob not null,
    url text not null,
    -- kinds of transactions, separated by blanks; empty for all
    kinds text not null,
    -- what signs, sealed with the master key; the one before signs too for a while
    secret blob not null,
    old_secret blob,
    old_until integer,
    state text not null check (state in ('active', 'paused', 'failing', 'gone')),
    -- the last place that arrived or was passed over
    place integer not null check (place >= 0),
    failures integer not null,
    -- nothing is sent before; whoever sends moves it ahead first, so that nobody else does
    next_at integer not null,
    failing_since integer,
    last_error text,
    last_at integer,
    -- a test message: wanted, arrived, or what went wrong
    test text,
    created_at integer not null,
    created_by text not null,
    primary key (book_id, id)
) strict, without rowid;

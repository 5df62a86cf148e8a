-- Programs that are told what happens in a book: where, signed with what, and how far each has come. What they are told
-- is read from the ledger; nothing of it is copied here.

create table webhook (
    book_id uuid not null,
    id uuid not null,
    url text not null,
    -- kinds of transactions, separated by blanks; empty for all
    kinds text not null,
    -- what signs, sealed with the master key; the one before signs too for a while
    secret bytea not null,
    old_secret bytea,
    old_until bigint,
    state text not null check (state in ('active', 'paused', 'failing', 'gone')),
    -- the last place that arrived or was passed over
    place bigint not null check (place >= 0),
    failures bigint not null,
    -- nothing is sent before; whoever sends moves it ahead first, so that nobody else does
    next_at bigint not null,
    failing_since bigint,
    last_error text,
    last_at bigint,
    -- a test message: wanted, arrived, or what went wrong
    test text,
    created_at bigint not null,
    created_by text not null,
    primary key (book_id, id)
);

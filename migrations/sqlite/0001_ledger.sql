-- The ledger: every table belongs to one book, and book_id comes first in every key, so that the same schema
-- can be spread over many machines by book. Ids and times come from the program, never from the database.

-- The moving head of a book: one row, locked by whoever appends.
create table book (
    book_id blob not null primary key,
    seq integer not null check (seq >= 0),
    -- instants of a book strictly increase, whatever the machine's clock does
    recorded_at integer not null,
    -- the roots of the full subtrees of the RFC 6962 log, left to right
    frontier blob not null,
    root blob not null,
    -- last day of the closed periods: nothing lands on or before it
    closed_through integer,
    next_account integer not null check (next_account >= 1),
    -- minutes a person may owe, and may save: the programme's decision
    time_overdraft integer not null check (time_overdraft >= 0),
    time_cap integer check (time_cap >= 0)
) strict, without rowid;

create table commodity (
    book_id blob not null,
    code text not null,
    scale integer not null check (scale between 0 and 6),
    name text not null,
    name_en text not null,
    primary key (book_id, code),
    foreign key (book_id) references book (book_id)
) strict, without rowid;

create table account (
    book_id blob not null,
    account_id integer not null,
    path text not null,
    commodity text not null,
    min_quantity integer,
    max_quantity integer,
    opened_seq integer not null,
    primary key (book_id, account_id),
    unique (book_id, path, commodity)
) strict, without rowid;

-- No foreign keys on balance, txn, entry and the meters: they have one writer, the references are proved by
-- `verify`, and the checks cost two to four times on the batched insert path.
create table balance (
    book_id blob not null,
    account_id integer not null,
    quantity integer not null,
    -- sum of all debits so far: with the credits by expiry day it tells what lapses, first in first out
    debited integer not null,
    version integer not null,
    primary key (book_id, account_id)
) strict, without rowid;

create table txn (
    book_id blob not null,
    seq integer not null,
    id blob not null,
    key text not null,
    kind text not null,
    effective_on integer not null,
    recorded_at integer not null,
    actor text not null,
    source text,
    ruleset text,
    rule text,
    reverses_seq integer,
    resolves_seq integer,
    -- the request as it was understood, to answer a repeated key and to name the fields that differ
    body text not null,
    hash_version integer not null,
    leaf_hash blob not null,
    primary key (book_id, seq),
    unique (book_id, id),
    unique (book_id, key),
    unique (book_id, reverses_seq),
    unique (book_id, resolves_seq)
) strict, without rowid;

create table entry (
    book_id blob not null,
    account_id integer not null,
    -- 1, 2, 3 … per account: a gap or a double shows at once
    version integer not null,
    seq integer not null,
    line integer not null,
    quantity integer not null check (quantity <> 0),
    balance_after integer not null,
    expires_on integer,
    primary key (book_id, account_id, version),
    unique (book_id, seq, line)
) strict, without rowid;

-- What is counted against a limit, decided under the book's lock: single-use codes, daily limits, quotas,
-- receipt numbers. `meter` is the running sum of `meter_use`.
create table meter_use (
    book_id blob not null,
    seq integer not null,
    ordinal integer not null,
    meter text not null,
    amount integer not null,
    ceiling integer,
    used_after integer not null,
    primary key (book_id, seq, ordinal)
) strict, without rowid;

create table meter (
    book_id blob not null,
    meter text not null,
    used integer not null,
    primary key (book_id, meter)
) strict, without rowid;

-- A refused command keeps its key: the same request gets the same refusal for ever.
create table refusal (
    book_id blob not null,
    key text not null,
    kind text not null,
    actor text not null,
    recorded_at integer not null,
    code text not null,
    facts text not null,
    body text not null,
    primary key (book_id, key)
) strict, without rowid;

-- The head of the log as it was shown to somebody (a notice sheet, an export).
create table checkpoint (
    book_id blob not null,
    size integer not null,
    root blob not null,
    recorded_at integer not null,
    primary key (book_id, size)
) strict, without rowid;

-- Entries stand by blocks of 16,384 places of the log, and in a block by account. By account alone every posting wrote
-- to a page of its own somewhere in the whole book, the more pages the larger the book was; now it writes to the last
-- block, which is as large as ever. An account is found by asking each block, newest first. Like the references,
-- block = seq / 16384 is proved by `verify`.

create table entry_next (
    book_id blob not null,
    block integer not null,
    account_id integer not null,
    -- 1, 2, 3 … per account: a gap or a double shows at once
    version integer not null,
    seq integer not null,
    line integer not null,
    quantity integer not null check (quantity <> 0),
    balance_after integer not null,
    expires_on integer,
    primary key (book_id, block, account_id, version),
    unique (book_id, seq, line)
) strict, without rowid;

insert into entry_next select book_id, seq / 16384, account_id, version, seq, line, quantity, balance_after, expires_on
    from entry;
drop table entry;
alter table entry_next rename to entry;
create index entry_lapses on entry (book_id, expires_on, account_id) where expires_on is not null;
create trigger entry_no_update before update on entry begin select raise(abort, 'append-only: update refused'); end;
create trigger entry_no_delete before delete on entry begin select raise(abort, 'append-only: delete refused'); end;

-- Few transactions undo or resolve another. Indexes of those few are small, cost the others nothing, and cannot be
-- taken by a plan for a way to the whole book. SQLite drops a constraint only with its table.

create table txn_next (
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
    unique (book_id, key)
) strict, without rowid;

insert into txn_next select book_id, seq, id, key, kind, effective_on, recorded_at, actor, source, ruleset, rule,
    reverses_seq, resolves_seq, body, hash_version, leaf_hash from txn;
drop table txn;
alter table txn_next rename to txn;
create unique index txn_reverses on txn (book_id, reverses_seq) where reverses_seq is not null;
create unique index txn_resolves on txn (book_id, resolves_seq) where resolves_seq is not null;
create trigger txn_no_update before update on txn begin select raise(abort, 'append-only: update refused'); end;
create trigger txn_no_delete before delete on txn begin select raise(abort, 'append-only: delete refused'); end;

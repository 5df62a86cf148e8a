-- What outsiders check the books with: keys, signed heads, the hashes above the leaves, witnesses. And texts that may
-- speak of people: the log holds a salted commitment, the text and its salt stand here and can be erased.

set citus.enable_unsafe_triggers = on;

-- Public halves of the installation's keys. The secret halves come from the master key and are nowhere in here.
create table signing_key (
    purpose text not null,
    number bigint not null,
    public_key bytea not null,
    since bigint not null,
    primary key (purpose, number)
);

-- Witnesses that we ask to cosign our heads.
create table witness (
    url text not null primary key,
    vkey text not null,
    since bigint not null
);

-- Logs of others whose heads we cosign, a row a key.
create table witnessed_log (
    vkey text not null primary key,
    origin text not null,
    since bigint not null,
    -- when a head of it last came in; writing it is also the lock under which heads of one log are compared
    asked_at bigint
);
create index witnessed_log_origin on witnessed_log (origin);

-- The heads of others that we cosigned.
create table witnessed_head (
    origin text not null,
    size bigint not null,
    root bytea not null,
    note text not null,
    cosigned_at bigint not null,
    primary key (origin, size)
);

-- Hash `place` of level `level` is the root over 256^level leaves: one row for 256 transactions, made by a job.
create table log_hash (
    book_id uuid not null,
    level integer not null,
    place bigint not null,
    hash bytea not null,
    primary key (book_id, level, place)
);

create table signed_head (
    book_id uuid not null,
    size bigint not null,
    key_number bigint not null,
    note text not null,
    signed_at bigint not null,
    primary key (book_id, size, key_number)
);

create table cosignature (
    book_id uuid not null,
    size bigint not null,
    key_name text not null,
    key_id bigint not null,
    line text not null,
    received_at bigint not null,
    primary key (book_id, size, key_name, key_id)
);

create table private_text (
    book_id uuid not null,
    key text not null,
    name text not null,
    commitment bytea not null,
    -- both are gone once erased
    salt bytea,
    content text,
    erased_at bigint,
    primary key (book_id, key, name)
);

do $$
declare t text;
begin
    foreach t in array array['signing_key', 'witnessed_head', 'log_hash', 'signed_head', 'cosignature']
    loop
        execute format('create trigger %I before update or delete on %I for each row execute function append_only()',
            t || '_append_only', t);
        execute format('create trigger %I before truncate on %I for each statement execute function append_only()',
            t || '_no_truncate', t);
    end loop;
end $$;

-- A text may only go, with its salt; the commitment stays.
create trigger private_text_erase_only before update on private_text for each row
    when (new.salt is not null or new.content is not null or new.erased_at is null or old.erased_at is not null
        or new.commitment <> old.commitment or new.key <> old.key or new.name <> old.name)
    execute function append_only();
create trigger private_text_no_delete before delete on private_text for each row execute function append_only();

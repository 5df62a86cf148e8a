-- What outsiders check the books with: keys, signed heads, the hashes above the leaves, witnesses. And texts that may
-- speak of people: the log holds a salted commitment, the text and its salt stand here and can be erased.

-- Public halves of the installation's keys. The secret halves come from the master key and are nowhere in here.
create table signing_key (
    purpose text not null,
    number integer not null,
    public_key blob not null,
    since integer not null,
    primary key (purpose, number)
) strict, without rowid;

-- Witnesses that we ask to cosign our heads.
create table witness (
    url text not null primary key,
    vkey text not null,
    since integer not null
) strict, without rowid;

-- Logs of others whose heads we cosign, a row a key.
create table witnessed_log (
    vkey text not null primary key,
    origin text not null,
    since integer not null,
    -- when a head of it last came in; writing it is also the lock under which heads of one log are compared
    asked_at integer
) strict, without rowid;
create index witnessed_log_origin on witnessed_log (origin);

-- The heads of others that we cosigned.
create table witnessed_head (
    origin text not null,
    size integer not null,
    root blob not null,
    note text not null,
    cosigned_at integer not null,
    primary key (origin, size)
) strict, without rowid;

-- Hash `place` of level `level` is the root over 256^level leaves: one row for 256 transactions, made by a job.
create table log_hash (
    book_id blob not null,
    level integer not null,
    place integer not null,
    hash blob not null,
    primary key (book_id, level, place)
) strict, without rowid;

create table signed_head (
    book_id blob not null,
    size integer not null,
    key_number integer not null,
    note text not null,
    signed_at integer not null,
    primary key (book_id, size, key_number)
) strict, without rowid;

create table cosignature (
    book_id blob not null,
    size integer not null,
    key_name text not null,
    key_id integer not null,
    line text not null,
    received_at integer not null,
    primary key (book_id, size, key_name, key_id)
) strict, without rowid;

create table private_text (
    book_id blob not null,
    key text not null,
    name text not null,
    commitment blob not null,
    -- both are gone once erased
    salt blob,
    content text,
    erased_at integer,
    primary key (book_id, key, name)
) strict, without rowid;

create trigger signing_key_no_update before update on signing_key begin select raise(abort, 'append-only: update refused'); end;
create trigger signing_key_no_delete before delete on signing_key begin select raise(abort, 'append-only: delete refused'); end;

create trigger witnessed_head_no_update before update on witnessed_head begin select raise(abort, 'append-only: update refused'); end;
create trigger witnessed_head_no_delete before delete on witnessed_head begin select raise(abort, 'append-only: delete refused'); end;

create trigger log_hash_no_update before update on log_hash begin select raise(abort, 'append-only: update refused'); end;
create trigger log_hash_no_delete before delete on log_hash begin select raise(abort, 'append-only: delete refused'); end;

create trigger signed_head_no_update before update on signed_head begin select raise(abort, 'append-only: update refused'); end;
create trigger signed_head_no_delete before delete on signed_head begin select raise(abort, 'append-only: delete refused'); end;

create trigger cosignature_no_update before update on cosignature begin select raise(abort, 'append-only: update refused'); end;
create trigger cosignature_no_delete before delete on cosignature begin select raise(abort, 'append-only: delete refused'); end;

-- A text may only go, with its salt; the commitment stays.
create trigger private_text_erase_only before update on private_text
when new.salt is not null or new.content is not null or new.erased_at is null or old.erased_at is not null
    or new.commitment <> old.commitment or new.key <> old.key or new.name <> old.name
begin select raise(abort, 'append-only: update refused'); end;
create trigger private_text_no_delete before delete on private_text begin select raise(abort, 'append-only: delete refused'); end;

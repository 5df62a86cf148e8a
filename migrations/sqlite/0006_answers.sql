-- What a request under a key was answered, so that the same request again gets the same answer. Sealed with the
-- installation's key: an answer may name people.
create table answer (
    -- who chose the key
    caller text not null,
    -- method and path
    operation text not null,
    key text not null,
    at integer not null,
    -- digests of the request's fields, and the answer; empty while its transaction is open
    sealed blob not null,
    primary key (caller, operation, key)
) strict, without rowid;

-- What the county did to accounts and places, for the lists of auditors.
create index event_office on event (book_id, at, id) where subject in ('account', 'place');

-- Inheritance of hours (时长继承): a volunteer died; the account is frozen, and its minutes go to an heir under two names, or
-- to the public pool when the days for it are over.
create table time_estate (
    book_id blob not null,
    id blob not null,
    no integer not null,
    person_id blob not null,
    died_on integer not null,
    -- the paper that says so
    notice text not null,
    opened_at integer not null,
    opened_by text not null,
    -- the day from which on the pool has it
    due_on integer not null,
    state text not null check (state in ('open', 'drawn', 'settled')),
    heir_id blob,
    ground text check (ground in ('named', 'agreed')),
    -- the paper that names the heir
    paper text not null,
    -- what becomes of minutes beyond the heir's cap
    brim text check (brim in ('donate', 'honor')),
    drawn_at integer,
    drawn_by text,
    decided_at integer,
    decided_by text,
    minutes integer not null check (minutes >= 0),
    saved integer not null check (saved >= 0),
    pooled integer not null check (pooled >= 0),
    honoured integer not null check (honoured >= 0),
    post_seq integer,
    changes integer not null,
    primary key (book_id, id),
    unique (book_id, no),
    -- nobody is inherited from twice
    unique (book_id, person_id),
    unique (book_id, post_seq),
    foreign key (book_id, person_id) references person (book_id, id),
    foreign key (book_id, heir_id) references person (book_id, id)
) strict;
create index time_estate_state on time_estate (book_id, state, no);
create index time_estate_heir on time_estate (book_id, heir_id);
create index time_order_payer on time_order (book_id, payer_id);
create index time_gift_receiver on time_gift (book_id, receiver_id);

-- What was settled stays; only its words may go.
create trigger time_estate_settled_stays before update on time_estate
when old.state = 'settled' and (new.state <> 'settled' or new.minutes <> old.minutes or new.saved <> old.saved
    or new.pooled <> old.pooled or new.honoured <> old.honoured or new.post_seq is not old.post_seq
    or new.heir_id is not old.heir_id or new.person_id <> old.person_id or new.died_on <> old.died_on)
begin select raise(abort, 'append-only: update refused'); end;
create trigger time_estate_no_delete before delete on time_estate begin select raise(abort, 'append-only: delete refused'); end;

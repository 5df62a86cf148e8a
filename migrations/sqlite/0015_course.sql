-- The course of an objection: accepted within its days, told to the township when nobody did, taken there once by
-- whoever the village's answer does not satisfy. A published sheet has its digest in the log.

alter table objection add column accepted_at integer;
alter table objection add column accepted_by text;
-- when the township was told that somebody is late
alter table objection add column escalated_at integer;
create index objection_household on objection (book_id, household_id);

create table appeal (
    book_id blob not null,
    id blob not null,
    no integer not null,
    objection_id blob not null,
    award_id blob not null,
    raised_at integer not null,
    -- 'self' named, 'proxy' written down for someone, 'anonymous' by whoever raised the lead
    manner text not null check (manner in ('self', 'proxy', 'anonymous')),
    raised_by text not null,
    household_id blob,
    content text not null,
    state text not null check (state in ('open', 'upheld', 'dismissed')),
    decided_at integer,
    decided_by text,
    decision text,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, objection_id),
    foreign key (book_id, objection_id) references objection (book_id, id)
) strict;
create index appeal_award on appeal (book_id, award_id);
create index appeal_state on appeal (book_id, state, no);
create trigger appeal_no_delete before delete on appeal begin select raise(abort, 'append-only: delete refused'); end;

-- the transaction that put the digest of the sheet into the log
alter table notice add column sealed_seq integer;

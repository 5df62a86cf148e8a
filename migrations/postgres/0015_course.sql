-- The course of an objection: accepted within its days, told to the township when nobody did, taken there once by
-- whoever the village's answer does not satisfy. A published sheet has its digest in the log.

set citus.enable_unsafe_triggers = on;

alter table objection add column accepted_at bigint;
alter table objection add column accepted_by text;
-- when the township was told that somebody is late
alter table objection add column escalated_at bigint;
create index objection_household on objection (book_id, household_id);

create table appeal (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    objection_id uuid not null,
    award_id uuid not null,
    raised_at bigint not null,
    -- 'self' named, 'proxy' written down for someone, 'anonymous' by whoever raised the lead
    manner text not null check (manner in ('self', 'proxy', 'anonymous')),
    raised_by text not null,
    household_id uuid,
    content text not null,
    state text not null check (state in ('open', 'upheld', 'dismissed')),
    decided_at bigint,
    decided_by text,
    decision text,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, objection_id),
    foreign key (book_id, objection_id) references objection (book_id, id)
);
create index appeal_award on appeal (book_id, award_id);
create index appeal_state on appeal (book_id, state, no);
create trigger appeal_no_delete before delete on appeal for each row execute function append_only();

-- the transaction that put the digest of the sheet into the log
alter table notice add column sealed_seq bigint;

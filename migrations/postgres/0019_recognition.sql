-- Recognition: honours with the paper they rest on, and red lists, which hang only with the consent of every household
-- on them.

set citus.enable_unsafe_triggers = on;

create table honour (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    household_id uuid not null,
    title text not null,
    level text not null check (level in ('village', 'town', 'county', 'province', 'state')),
    granted_by text not null,
    granted_on integer not null,
    -- the number or name of the paper it rests on
    document text not null,
    state text not null check (state in ('proposed', 'confirmed', 'withdrawn')),
    recorded_at bigint not null,
    recorded_by text not null,
    decided_at bigint,
    decided_by text,
    -- the award it was claimed as
    award_id uuid,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, household_id) references household (book_id, id)
);
create index honour_household on honour (book_id, household_id, granted_on);
create index honour_state on honour (book_id, state, no);
create trigger honour_no_delete before delete on honour for each row execute function append_only();

create table red_list (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    title text not null,
    -- the vote or meeting it rests on
    basis text not null,
    state text not null check (state in ('proposed', 'approved', 'shown', 'taken_down', 'withdrawn')),
    proposed_at bigint not null,
    proposed_by text not null,
    approved_at bigint,
    approved_by text,
    shown_at bigint,
    shown_until bigint,
    ended_at bigint,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id) references book (book_id)
);
create index red_list_state on red_list (book_id, state, no);
create trigger red_list_no_delete before delete on red_list for each row execute function append_only();

create table red_list_entry (
    book_id uuid not null,
    list_id uuid not null,
    line integer not null,
    household_id uuid not null,
    deed text not null,
    consent text not null check (consent in ('asked', 'given', 'refused')),
    answered_at bigint,
    answered_by text,
    primary key (book_id, list_id, line),
    unique (book_id, list_id, household_id),
    foreign key (book_id, list_id) references red_list (book_id, id)
);
create index red_list_entry_household on red_list_entry (book_id, household_id);
create trigger red_list_entry_no_delete before delete on red_list_entry for each row execute function append_only();

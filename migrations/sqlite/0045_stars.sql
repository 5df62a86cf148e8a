-- Stars of volunteers (星级) on their way, and bars for false hours. How many stars somebody has is derived from the hours
-- in the ledger and from what was given here; it is stored nowhere.

create table time_star (
    book_id blob not null,
    id blob not null,
    no integer not null,
    person_id blob not null,
    level integer not null check (level > 0),
    -- the policy it runs by, and the minutes on record when it was applied for
    policy text not null,
    minutes integer not null,
    state text not null check (state in ('applied', 'declined', 'hung', 'objected', 'granted')),
    applied_at integer not null,
    applied_by text not null,
    reviewed_at integer,
    reviewed_by text,
    -- when the notice has run out
    due_at integer,
    objected_at integer,
    objected_by text,
    answered_by text,
    granted_at integer,
    granted_by text,
    -- what the review, the objection and the answer say; emptied with the person
    words text not null,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, person_id) references time_volunteer (book_id, person_id)
) strict;
create index time_star_state on time_star (book_id, state, no);
create index time_star_person on time_star (book_id, person_id, no);

create table time_bar (
    book_id blob not null,
    id blob not null,
    no integer not null,
    person_id blob not null,
    -- the posting that was false and is undone
    seq integer not null,
    years integer not null check (years between 1 and 3),
    proposed_at integer not null,
    proposed_by text not null,
    words text not null,
    -- signed by a second person, or not
    signed integer check (signed in (0, 1)),
    signed_at integer,
    signed_by text,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, person_id) references time_volunteer (book_id, person_id)
) strict;
create index time_bar_person on time_bar (book_id, person_id, no);

create trigger time_star_no_delete before delete on time_star begin select raise(abort, 'append-only: delete refused'); end;
create trigger time_bar_no_delete before delete on time_bar begin select raise(abort, 'append-only: delete refused'); end;

-- Group activities of the time bank (集体活动): posted by one, approved by another, with their lists, the times of those who
-- came, the sample of a crowd, and two signatures. The minutes themselves stand in the ledger.

create table time_activity (
    book_id blob not null,
    id blob not null,
    no integer not null,
    -- one form sent twice is one activity
    key text not null,
    name text not null,
    content text not null,
    kind text not null,
    place text not null,
    starts_at integer not null,
    ends_at integer not null,
    capacity integer not null check (capacity > 0),
    least_age integer not null check (least_age >= 0),
    insured integer not null check (insured in (0, 1)),
    trained integer not null check (trained in (0, 1)),
    in_charge blob not null,
    -- the policy it runs by
    policy text not null,
    state text not null check (state in ('draft', 'declined', 'open', 'cancelled', 'closed', 'signed', 'refused')),
    posted_at integer not null,
    posted_by text not null,
    approved_at integer,
    approved_by text,
    -- why it was not approved, called off or not signed
    reason text not null,
    closed_at integer,
    closed_by text,
    -- closed after the days the policy gives, with the number of the sheet
    late integer not null check (late in (0, 1)),
    sheet text,
    -- of a sample: the transaction the log ended with when the list was closed
    seed_seq integer,
    signed_at integer,
    signed_by text,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, posted_by, key),
    foreign key (book_id, in_charge) references person (book_id, id)
) strict;
create index time_activity_state on time_activity (book_id, state, no);

-- Who signed up, in order: those beyond the capacity wait.
create table time_place (
    book_id blob not null,
    activity_id blob not null,
    place integer not null,
    person_id blob not null,
    -- under age on the day of the activity
    minor integer not null check (minor in (0, 1)),
    asked_at integer not null,
    asked_by text not null,
    ended_at integer,
    ended_by text,
    -- whether the guardian was there, and who says so
    guardian integer not null check (guardian in (0, 1)),
    guardian_by text,
    -- drawn for the sample, whether somebody saw them, and who says so
    drawn integer not null check (drawn in (0, 1)),
    seen integer check (seen in (0, 1)),
    seen_by text,
    outcome text check (outcome in ('counts', 'withdrew', 'waited', 'absent', 'too_short', 'unaccompanied', 'not_seen')),
    counted integer not null check (counted >= 0),
    -- whose hand a long day got: 'parent' or 'county'
    hand text check (hand in ('parent', 'county')),
    hand_by text,
    post_seq integer,
    primary key (book_id, activity_id, place),
    unique (book_id, post_seq),
    foreign key (book_id, activity_id) references time_activity (book_id, id),
    foreign key (book_id, person_id) references time_volunteer (book_id, person_id)
) strict;
create unique index time_place_once on time_place (book_id, activity_id, person_id) where ended_at is null;
create index time_place_person on time_place (book_id, person_id, asked_at);

-- When they were there. Of one person no two have a moment in common, here or among orders.
create table time_presence (
    book_id blob not null,
    activity_id blob not null,
    person_id blob not null,
    pair integer not null,
    in_at integer not null,
    in_means text not null check (in_means in ('code', 'desk')),
    in_by text not null,
    -- equal to in_at when the sign-out was forgotten: it counts nothing
    out_at integer,
    out_means text check (out_means in ('code', 'desk')),
    out_by text,
    primary key (book_id, activity_id, person_id, pair),
    foreign key (book_id, activity_id) references time_activity (book_id, id)
) strict;
create index time_presence_person on time_presence (book_id, person_id, in_at);
create unique index time_presence_open on time_presence (book_id, person_id) where out_at is null;

create trigger time_activity_no_delete before delete on time_activity begin select raise(abort, 'append-only: delete refused'); end;
create trigger time_place_no_delete before delete on time_place begin select raise(abort, 'append-only: delete refused'); end;
create trigger time_presence_no_delete before delete on time_presence begin select raise(abort, 'append-only: delete refused'); end;
-- what ended is not written again
create trigger time_presence_once before update on time_presence when old.out_at is not null begin select raise(abort, 'append-only: update refused'); end;

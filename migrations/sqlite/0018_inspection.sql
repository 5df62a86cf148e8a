-- Inspection rounds (巡查): two people look at the same households, a third decides where they differ.

create table inspection (
    book_id blob not null,
    id blob not null,
    no integer not null,
    -- the day the awards are of
    seen_on integer not null,
    -- codes of the items looked at, between commas
    items text not null,
    state text not null check (state in ('open', 'closed', 'confirmed', 'withdrawn')),
    opened_at integer not null,
    opened_by text not null,
    moved_at integer,
    moved_by text,
    reason text not null,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id) references book (book_id)
) strict;

create table inspection_group (
    book_id blob not null,
    round_id blob not null,
    group_id blob not null,
    primary key (book_id, round_id, group_id),
    foreign key (book_id, round_id) references inspection (book_id, id)
) strict, without rowid;

-- 1 and 2 look; 3 decides, and may be named later
create table inspection_eye (
    book_id blob not null,
    round_id blob not null,
    place integer not null check (place between 1 and 3),
    user_id blob not null,
    primary key (book_id, round_id, place),
    unique (book_id, round_id, user_id),
    foreign key (book_id, round_id) references inspection (book_id, id)
) strict, without rowid;
create index inspection_eye_user on inspection_eye (book_id, user_id);

-- Every look there ever was; which one counts is computed.
create table inspection_look (
    book_id blob not null,
    round_id blob not null,
    user_id blob not null,
    -- chosen by the device
    key text not null,
    household_id blob not null,
    -- the device's own count
    seq integer not null,
    taken_at integer not null,
    received_at integer not null,
    marks text not null,
    primary key (book_id, round_id, user_id, key),
    foreign key (book_id, round_id) references inspection (book_id, id),
    foreign key (book_id, household_id) references household (book_id, id)
) strict, without rowid;

-- What a round put on record, and whose looks it rests on.
create table inspection_award (
    book_id blob not null,
    award_id blob not null,
    round_id blob not null,
    household_id blob not null,
    item text not null,
    first_id blob not null,
    second_id blob not null,
    -- who decided, where the two differed
    third_id blob,
    primary key (book_id, award_id),
    unique (book_id, round_id, household_id, item),
    foreign key (book_id, round_id) references inspection (book_id, id),
    foreign key (book_id, award_id) references award (book_id, id)
) strict;

create trigger inspection_no_delete before delete on inspection begin select raise(abort, 'append-only: delete refused'); end;
create trigger inspection_group_no_update before update on inspection_group begin select raise(abort, 'append-only: update refused'); end;
create trigger inspection_group_no_delete before delete on inspection_group begin select raise(abort, 'append-only: delete refused'); end;
create trigger inspection_eye_no_update before update on inspection_eye begin select raise(abort, 'append-only: update refused'); end;
create trigger inspection_eye_no_delete before delete on inspection_eye begin select raise(abort, 'append-only: delete refused'); end;
create trigger inspection_look_no_update before update on inspection_look begin select raise(abort, 'append-only: update refused'); end;
create trigger inspection_look_no_delete before delete on inspection_look begin select raise(abort, 'append-only: delete refused'); end;
create trigger inspection_award_no_update before update on inspection_award begin select raise(abort, 'append-only: update refused'); end;
create trigger inspection_award_no_delete before delete on inspection_award begin select raise(abort, 'append-only: delete refused'); end;

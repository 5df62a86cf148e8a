-- Matters (随手拍): what households saw and reported, from the report to the closed loop.

create table matter (
    book_id blob not null,
    id blob not null,
    no integer not null,
    -- one form sent twice is one report
    key text not null,
    household_id blob not null,
    person_id blob,
    -- where it is
    group_id blob not null,
    kind text not null check (kind in ('dirt', 'broken', 'nuisance', 'danger', 'other')),
    manner text not null check (manner in ('self', 'phone', 'paper')),
    words text not null,
    reported_at integer not null,
    reported_by text not null,
    state text not null check (state in
        ('reported', 'accepted', 'duplicate', 'invalid', 'withdrawn', 'assigned', 'done', 'verified', 'closed')),
    moved_at integer not null,
    moved_by text not null,
    grade text check (grade in ('tiny', 'small', 'large', 'hard')),
    -- the earlier report that a duplicate repeats
    first_id blob,
    -- who sees to it
    assignee blob,
    -- who put down that it was done
    finished_by text,
    -- the last word of the office to the household
    remark text not null,
    award_id blob,
    -- why the first valid reporter got nothing by the rules
    unpaid text,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, reported_by, key),
    foreign key (book_id, household_id) references household (book_id, id),
    foreign key (book_id, person_id) references person (book_id, id),
    foreign key (book_id, first_id) references matter (book_id, id),
    foreign key (book_id, award_id) references award (book_id, id)
) strict;
create index matter_state on matter (book_id, state, no);
create index matter_household on matter (book_id, household_id, no);
create index matter_assignee on matter (book_id, assignee, state, no);
create index matter_place on matter (book_id, group_id, kind, no);
create index matter_award on matter (book_id, award_id);

-- The photo of a report. The digest stays for ever, the bytes can be erased and nothing else can change.
create table matter_photo (
    book_id blob not null,
    matter_id blob not null,
    size integer not null,
    digest blob not null,
    -- 64 bits of what it looks like
    look integer not null,
    added_at integer not null,
    erased_at integer,
    bytes blob,
    check ((erased_at is null) = (bytes is not null)),
    primary key (book_id, matter_id),
    foreign key (book_id, matter_id) references matter (book_id, id)
) strict;
create index matter_photo_added on matter_photo (book_id, added_at);

create trigger matter_no_delete before delete on matter begin select raise(abort, 'append-only: delete refused'); end;
create trigger matter_photo_no_delete before delete on matter_photo begin select raise(abort, 'append-only: delete refused'); end;
create trigger matter_photo_erase_only before update on matter_photo
when new.bytes is not null or new.matter_id <> old.matter_id or new.size <> old.size or new.digest <> old.digest
    or new.look <> old.look or new.added_at <> old.added_at
begin select raise(abort, 'append-only: update refused'); end;

-- Matters (随手拍): what households saw and reported, from the report to the closed loop.

set citus.enable_unsafe_triggers = on;

create table matter (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    -- one form sent twice is one report
    key text not null,
    household_id uuid not null,
    person_id uuid,
    -- where it is
    group_id uuid not null,
    kind text not null check (kind in ('dirt', 'broken', 'nuisance', 'danger', 'other')),
    manner text not null check (manner in ('self', 'phone', 'paper')),
    words text not null,
    reported_at bigint not null,
    reported_by text not null,
    state text not null check (state in
        ('reported', 'accepted', 'duplicate', 'invalid', 'withdrawn', 'assigned', 'done', 'verified', 'closed')),
    moved_at bigint not null,
    moved_by text not null,
    grade text check (grade in ('tiny', 'small', 'large', 'hard')),
    -- the earlier report that a duplicate repeats
    first_id uuid,
    -- who sees to it
    assignee uuid,
    -- who put down that it was done
    finished_by text,
    -- the last word of the office to the household
    remark text not null,
    award_id uuid,
    -- why the first valid reporter got nothing by the rules
    unpaid text,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, reported_by, key),
    foreign key (book_id, household_id) references household (book_id, id),
    foreign key (book_id, person_id) references person (book_id, id),
    foreign key (book_id, first_id) references matter (book_id, id),
    foreign key (book_id, award_id) references award (book_id, id)
);
create index matter_state on matter (book_id, state, no);
create index matter_household on matter (book_id, household_id, no);
create index matter_assignee on matter (book_id, assignee, state, no);
create index matter_place on matter (book_id, group_id, kind, no);
create index matter_award on matter (book_id, award_id);

-- The photo of a report. The digest stays for ever, the bytes can be erased and nothing else can change.
create table matter_photo (
    book_id uuid not null,
    matter_id uuid not null,
    size bigint not null,
    digest bytea not null,
    -- 64 bits of what it looks like
    look bigint not null,
    added_at bigint not null,
    erased_at bigint,
    bytes bytea,
    check ((erased_at is null) = (bytes is not null)),
    primary key (book_id, matter_id),
    foreign key (book_id, matter_id) references matter (book_id, id)
);
create index matter_photo_added on matter_photo (book_id, added_at);

do $$
declare t text;
begin
    foreach t in array array['matter', 'matter_photo']
    loop
        execute format('create trigger %I before delete on %I for each row execute function append_only()',
            t || '_no_delete', t);
    end loop;
end $$;
create trigger matter_photo_erase_only before update on matter_photo for each row
    when (new.bytes is not null or new.matter_id <> old.matter_id or new.size <> old.size
        or new.digest <> old.digest or new.look <> old.look or new.added_at <> old.added_at)
    execute function append_only();

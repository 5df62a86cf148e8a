-- Inspection rounds (巡查): two people look at the same households, a third decides where they differ.

set citus.enable_unsafe_triggers = on;

create table inspection (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    -- the day the awards are of
    seen_on integer not null,
    -- codes of the items looked at, between commas
    items text not null,
    state text not null check (state in ('open', 'closed', 'confirmed', 'withdrawn')),
    opened_at bigint not null,
    opened_by text not null,
    moved_at bigint,
    moved_by text,
    reason text not null,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id) references book (book_id)
);

create table inspection_group (
    book_id uuid not null,
    round_id uuid not null,
    group_id uuid not null,
    primary key (book_id, round_id, group_id),
    foreign key (book_id, round_id) references inspection (book_id, id)
);

-- 1 and 2 look; 3 decides, and may be named later
create table inspection_eye (
    book_id uuid not null,
    round_id uuid not null,
    place integer not null check (place between 1 and 3),
    user_id uuid not null,
    primary key (book_id, round_id, place),
    unique (book_id, round_id, user_id),
    foreign key (book_id, round_id) references inspection (book_id, id)
);
create index inspection_eye_user on inspection_eye (book_id, user_id);

-- Every look there ever was; which one counts is computed.
create table inspection_look (
    book_id uuid not null,
    round_id uuid not null,
    user_id uuid not null,
    -- chosen by the device
    key text not null,
    household_id uuid not null,
    -- the device's own count
    seq bigint not null,
    taken_at bigint not null,
    received_at bigint not null,
    marks text not null,
    primary key (book_id, round_id, user_id, key),
    foreign key (book_id, round_id) references inspection (book_id, id),
    foreign key (book_id, household_id) references household (book_id, id)
);

-- What a round put on record, and whose looks it rests on.
create table inspection_award (
    book_id uuid not null,
    award_id uuid not null,
    round_id uuid not null,
    household_id uuid not null,
    item text not null,
    first_id uuid not null,
    second_id uuid not null,
    -- who decided, where the two differed
    third_id uuid,
    primary key (book_id, award_id),
    unique (book_id, round_id, household_id, item),
    foreign key (book_id, round_id) references inspection (book_id, id),
    foreign key (book_id, award_id) references award (book_id, id)
);

do $$
declare t text;
begin
    foreach t in array array['inspection_group', 'inspection_eye', 'inspection_look', 'inspection_award']
    loop
        execute format('create trigger %I before update or delete on %I for each row execute function append_only()',
            t || '_append_only', t);
        execute format('create trigger %I before truncate on %I for each statement execute function append_only()',
            t || '_no_truncate', t);
    end loop;
    create trigger inspection_no_delete before delete on inspection for each row execute function append_only();
end $$;

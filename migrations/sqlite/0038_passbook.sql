-- How far a household's passbook (存折) is printed, and how far the household has read its messages.

create table passbook (
    book_id blob not null,
    household_id blob not null,
    -- the line of the statement that was printed last
    version integer not null check (version >= 0),
    -- lines used on the page that lies open
    used integer not null check (used >= 0),
    printed_at integer not null,
    printed_by text not null,
    primary key (book_id, household_id),
    foreign key (book_id, household_id) references household (book_id, id)
) strict, without rowid;

create table household_seen (
    book_id blob not null,
    household_id blob not null,
    -- the line of the statement that was seen last
    version integer not null check (version >= 0),
    seen_at integer not null,
    primary key (book_id, household_id),
    foreign key (book_id, household_id) references household (book_id, id)
) strict, without rowid;

-- How far a household's passbook (存折) is printed, and how far the household has read its messages.

create table passbook (
    book_id uuid not null,
    household_id uuid not null,
    -- the line of the statement that was printed last
    version bigint not null check (version >= 0),
    -- lines used on the page that lies open
    used integer not null check (used >= 0),
    printed_at bigint not null,
    printed_by text not null,
    primary key (book_id, household_id),
    foreign key (book_id, household_id) references household (book_id, id)
);

create table household_seen (
    book_id uuid not null,
    household_id uuid not null,
    -- the line of the statement that was seen last
    version bigint not null check (version >= 0),
    seen_at bigint not null,
    primary key (book_id, household_id),
    foreign key (book_id, household_id) references household (book_id, id)
);

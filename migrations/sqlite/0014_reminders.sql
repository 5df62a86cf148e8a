-- What comes before a deduction: a reminder private to the household, time to mend, a second look.
create table reminder (
    book_id blob not null,
    id blob not null,
    no integer not null,
    household_id blob not null,
    person_id blob,
    item text not null,
    -- what is to be mended, for the household's eyes
    what text not null,
    -- how often the household was reminded
    times integer not null check (times >= 1),
    given_on integer not null,
    fix_by integer not null,
    reminded_at integer not null,
    reminded_by text not null,
    state text not null check (state in
        ('reminded', 'mended', 'withdrawn', 'unmended', 'deducted', 'restored')),
    checked_at integer,
    checked_by text,
    -- what was found, or why it was withdrawn
    finding text,
    award_id blob,
    restore_id blob,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, household_id) references household (book_id, id)
) strict;
create index reminder_household on reminder (book_id, household_id, no);
create index reminder_state on reminder (book_id, state, no);
create index reminder_award on reminder (book_id, award_id);

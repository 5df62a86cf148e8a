-- Market days of counters: calendars, one after another, and single days that are otherwise. Rows are only added: of two
-- about the same day the later one holds. Every row stands on the one before it by its digest.

create table counter_calendar (
    book_id uuid not null,
    counter_id uuid not null,
    -- 1, 2, 3 … at this counter
    no bigint not null check (no > 0),
    -- from this day on
    first_day integer not null,
    -- nothing is handed over on other days
    refuse_outside boolean not null,
    -- a rule a line: kind|days|opens|closes
    rules text not null,
    entered_at bigint not null,
    entered_by text not null,
    -- SHA-256 of all of it and of the row before
    digest bytea not null,
    primary key (book_id, counter_id, no),
    foreign key (book_id, counter_id) references counter (book_id, id)
);
create trigger counter_calendar_append_only before update or delete on counter_calendar for each row
    execute function append_only();
create trigger counter_calendar_no_truncate before truncate on counter_calendar for each statement execute function append_only();

create table counter_exception (
    book_id uuid not null,
    counter_id uuid not null,
    no bigint not null check (no > 0),
    day integer not null,
    kind text not null check (kind in ('open', 'closed', 'usual')),
    -- minutes of the day, only of one that opens
    opens bigint,
    closes bigint,
    -- what everybody reads
    reason text not null,
    entered_at bigint not null,
    entered_by text not null,
    digest bytea not null,
    primary key (book_id, counter_id, no),
    foreign key (book_id, counter_id) references counter (book_id, id)
);
create trigger counter_exception_append_only before update or delete on counter_exception for each row
    execute function append_only();
create trigger counter_exception_no_truncate before truncate on counter_exception for each statement execute function append_only();

-- Market days of counters: calendars, one after another, and single days that are otherwise. Rows are only added: of two
-- about the same day the later one holds. Every row stands on the one before it by its digest.

create table counter_calendar (
    book_id blob not null,
    counter_id blob not null,
    -- 1, 2, 3 … at this counter
    no integer not null check (no > 0),
    -- from this day on
    first_day integer not null,
    -- nothing is handed over on other days
    refuse_outside integer not null check (refuse_outside in (0, 1)),
    -- a rule a line: kind|days|opens|closes
    rules text not null,
    entered_at integer not null,
    entered_by text not null,
    -- SHA-256 of all of it and of the row before
    digest blob not null,
    primary key (book_id, counter_id, no),
    foreign key (book_id, counter_id) references counter (book_id, id)
) strict, without rowid;
create trigger counter_calendar_no_update before update on counter_calendar begin select raise(abort, 'append-only: update refused'); end;
create trigger counter_calendar_no_delete before delete on counter_calendar begin select raise(abort, 'append-only: delete refused'); end;

create table counter_exception (
    book_id blob not null,
    counter_id blob not null,
    no integer not null check (no > 0),
    day integer not null,
    kind text not null check (kind in ('open', 'closed', 'usual')),
    -- minutes of the day, only of one that opens
    opens integer,
    closes integer,
    -- what everybody reads
    reason text not null,
    entered_at integer not null,
    entered_by text not null,
    digest blob not null,
    primary key (book_id, counter_id, no),
    foreign key (book_id, counter_id) references counter (book_id, id)
) strict, without rowid;
create trigger counter_exception_no_update before update on counter_exception begin select raise(abort, 'append-only: update refused'); end;
create trigger counter_exception_no_delete before delete on counter_exception begin select raise(abort, 'append-only: delete refused'); end;

-- Clearing between villages (跨村清算): what a month left open with another village, as this side signs it. The minutes
-- themselves stand in both ledgers; each side keeps its own row.
create table time_clearing (
    book_id uuid not null,
    -- the number of the other village's programme
    with_village bigint not null,
    -- the first day of the month
    month integer not null,
    sent bigint not null check (sent >= 0),
    received bigint not null check (received >= 0),
    state text not null check (state in ('drawn', 'confirmed', 'disputed', 'resolved')),
    drawn_at bigint not null,
    drawn_by text not null,
    decided_at bigint,
    decided_by text,
    -- of a dispute: what is wrong, and the last day on which it is to be settled
    words text not null,
    settle_by integer,
    resolved_at bigint,
    resolved_by text,
    outcome text not null,
    primary key (book_id, with_village, month),
    foreign key (book_id) references book (book_id)
);
create index time_clearing_month on time_clearing (book_id, month);

-- A statement keeps its figures; it is decided once and its dispute is settled once.
create trigger time_clearing_steps before update on time_clearing for each row
    when (new.sent <> old.sent or new.received <> old.received or new.drawn_at <> old.drawn_at or new.drawn_by <> old.drawn_by
        or old.state in ('confirmed', 'resolved') or (old.state = 'disputed' and new.state <> 'resolved')
        or (old.state = 'drawn' and new.state not in ('confirmed', 'disputed')))
    execute function append_only();
create trigger time_clearing_no_delete before delete on time_clearing for each row execute function append_only();
create trigger time_clearing_no_truncate before truncate on time_clearing for each statement execute function append_only();

-- The day's closing of a counter: what the book said of the day, the slips that were counted, and two signatures. After it
-- the counter stays shut until the next day, so that the figures stay what they were.

create table counter_close (
    book_id uuid not null,
    counter_id uuid not null,
    day integer not null,
    closed_at bigint not null,
    closed_by text not null,
    redemptions bigint not null,
    points bigint not null,
    cost_fen bigint not null,
    returns bigint not null,
    points_back bigint not null,
    cost_back bigint not null,
    -- receipts that were counted
    slips bigint not null check (slips >= 0),
    -- why they are not as many as the redemptions
    why text check (why in ('missing', 'twice', 'void', 'unknown')),
    signed_at bigint,
    signed_by text,
    primary key (book_id, counter_id, day),
    foreign key (book_id, counter_id) references counter (book_id, id)
);

-- What was closed stays; it is signed once, by somebody else.
create trigger counter_close_signed_once before update on counter_close for each row
    when (old.signed_at is not null or new.signed_at is null or new.signed_by is null or new.signed_by = old.closed_by
        or new.day <> old.day or new.closed_at <> old.closed_at or new.closed_by <> old.closed_by
        or new.redemptions <> old.redemptions or new.points <> old.points or new.cost_fen <> old.cost_fen
        or new.returns <> old.returns or new.points_back <> old.points_back or new.cost_back <> old.cost_back
        or new.slips <> old.slips or new.why is distinct from old.why)
    execute function append_only();
create trigger counter_close_no_delete before delete on counter_close for each row execute function append_only();
create trigger counter_close_no_truncate before truncate on counter_close for each statement execute function append_only();

-- Rules, and an award's way from record through review and notice to its posting.

-- The text of a rule set, named by its content; published ones never change.
create table ruleset (
    hash text not null primary key,
    programme text not null,
    version text not null,
    name text not null,
    content text not null,
    published_at integer not null,
    published_by text not null
) strict;

-- Which rule set a book follows from which day.
create table ruleset_adoption (
    book_id blob not null,
    effective_from integer not null,
    hash text not null references ruleset (hash),
    adopted_at integer not null,
    adopted_by text not null,
    basis text not null,
    primary key (book_id, effective_from),
    foreign key (book_id) references book (book_id)
) strict;

-- Consecutive numbers of a book's papers. Taking one is also the lock under which caps are counted.
create table serial (
    book_id blob not null,
    name text not null,
    last integer not null,
    primary key (book_id, name)
) strict;

-- Money that stands behind points (资金来源).
create table fund (
    book_id blob not null,
    id blob not null,
    code text not null,
    name text not null,
    name_en text not null,
    primary key (book_id, id),
    unique (book_id, code),
    foreign key (book_id) references book (book_id)
) strict;

-- One form or sheet handed in: its key makes a repeated submit answer with the same awards.
create table award_batch (
    book_id blob not null,
    key text not null,
    id blob not null,
    recorder text not null,
    recorded_at integer not null,
    -- SHA-256 of what was handed in: the same key with another body is a conflict
    digest blob not null,
    lines integer not null,
    primary key (book_id, key),
    unique (book_id, id)
) strict;

-- The current state of an award; its history is in `event` and `award_review`.
create table award (
    book_id blob not null,
    id blob not null,
    no integer not null,
    ruleset text not null references ruleset (hash),
    item text not null,
    household_id blob not null,
    group_id blob not null,
    person_id blob,
    -- decimal text, in the item's unit
    quantity text not null,
    grade text,
    -- acts of one event share it, for items that exclude each other
    event_key text,
    occurred_on integer not null,
    recorded_at integer not null,
    recorder text not null,
    on_behalf text,
    batch_id blob,
    points integer not null,
    honor integer not null,
    minutes integer not null,
    route text not null check (route in ('R0', 'R1', 'R2', 'R3')),
    -- what the rules were told and what they answered: enough to compute the award again
    inputs text not null,
    explanation text not null,
    evidence text not null,
    note text not null,
    late integer not null check (late in (0, 1)),
    state text not null check (state in
        ('recorded', 'returned', 'approved', 'in_notice', 'objected', 'rejected', 'posted', 'reversed')),
    -- reviews passed so far on its route
    step integer not null,
    notice_id blob,
    notice_line integer,
    -- when this line's own clock runs out; stopped while an objection is open
    closes_at integer,
    remaining integer,
    txn_seq integer,
    reason text,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, household_id) references household (book_id, id),
    foreign key (book_id, person_id) references person (book_id, id)
) strict;
create index award_state on award (book_id, state, no);
create index award_household on award (book_id, household_id, occurred_on);
create index award_notice on award (book_id, notice_id, notice_line);
create index award_item on award (book_id, item, occurred_on);
create index award_person on award (book_id, person_id, occurred_on);
create index award_recorder on award (book_id, recorder, no);
create index award_of_batch on award (book_id, batch_id, no);
create index award_seq on award (book_id, txn_seq);

create table award_review (
    book_id blob not null,
    award_id blob not null,
    ordinal integer not null,
    step text not null,
    verdict text not null check (verdict in ('approve', 'return', 'reject')),
    reviewer text not null,
    reviewed_at integer not null,
    reason text not null,
    primary key (book_id, award_id, ordinal),
    foreign key (book_id, award_id) references award (book_id, id)
) strict, without rowid;

create table notice (
    book_id blob not null,
    id blob not null,
    no integer not null,
    title text not null,
    -- the group it hangs in; absent for the whole village
    group_id blob references org (id),
    -- whose budget its points are taken from
    fund_id blob not null,
    state text not null check (state in ('compiled', 'published', 'closed', 'taken_down')),
    mode text not null check (mode in ('calendar', 'working')),
    days integer not null check (days >= 5),
    lines integer not null,
    compiled_at integer not null,
    compiled_by text not null,
    published_at integer,
    published_by text,
    closes_at integer,
    closed_at integer,
    taken_down_at integer,
    -- SHA-256 of the sheet as it was shown
    digest blob,
    head_size integer,
    head_root blob,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id) references book (book_id),
    foreign key (book_id, fund_id) references fund (book_id, id)
) strict;
create index notice_state on notice (book_id, state, no);

create table objection (
    book_id blob not null,
    id blob not null,
    no integer not null,
    award_id blob not null,
    notice_id blob not null,
    raised_at integer not null,
    -- 'self' named, 'proxy' written down for someone, 'anonymous' a lead
    manner text not null check (manner in ('self', 'proxy', 'anonymous')),
    raised_by text not null,
    household_id blob,
    content text not null,
    state text not null check (state in ('open', 'upheld', 'dismissed')),
    decided_at integer,
    decided_by text,
    decision text,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, award_id) references award (book_id, id)
) strict;
create index objection_award on objection (book_id, award_id);
create index objection_state on objection (book_id, state, no);

-- A posting to be undone waits here for its second person.
create table reversal (
    book_id blob not null,
    id blob not null,
    seq integer not null,
    requested_at integer not null,
    requested_by text not null,
    reason text not null,
    state text not null check (state in ('requested', 'refused', 'posted')),
    decided_at integer,
    decided_by text,
    decision text,
    txn_seq integer,
    primary key (book_id, id),
    foreign key (book_id) references book (book_id)
) strict;
create index reversal_state on reversal (book_id, state);
create index reversal_seq on reversal (book_id, seq);

-- Who did what to which thing, on whose behalf, when and why.
create table event (
    book_id blob not null,
    id blob not null,
    at integer not null,
    subject text not null,
    subject_id blob not null,
    verb text not null,
    from_state text,
    to_state text,
    actor text not null,
    on_behalf text,
    reason text not null,
    primary key (book_id, id)
) strict, without rowid;
create index event_subject on event (book_id, subject_id, at);

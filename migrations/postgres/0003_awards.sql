-- Rules, and an award's way from record through review and notice to its posting.

-- The text of a rule set, named by its content; published ones never change.
create table ruleset (
    hash text not null primary key,
    programme text not null,
    version text not null,
    name text not null,
    content text not null,
    published_at bigint not null,
    published_by text not null
);

-- Which rule set a book follows from which day.
create table ruleset_adoption (
    book_id uuid not null,
    effective_from integer not null,
    hash text not null references ruleset (hash),
    adopted_at bigint not null,
    adopted_by text not null,
    basis text not null,
    primary key (book_id, effective_from),
    foreign key (book_id) references book (book_id)
);

-- Consecutive numbers of a book's papers. Taking one is also the lock under which caps are counted.
create table serial (
    book_id uuid not null,
    name text not null,
    last bigint not null,
    primary key (book_id, name)
);

-- Money that stands behind points (资金来源).
create table fund (
    book_id uuid not null,
    id uuid not null,
    code text not null,
    name text not null,
    name_en text not null,
    primary key (book_id, id),
    unique (book_id, code),
    foreign key (book_id) references book (book_id)
);

-- One form or sheet handed in: its key makes a repeated submit answer with the same awards.
create table award_batch (
    book_id uuid not null,
    key text not null,
    id uuid not null,
    recorder text not null,
    recorded_at bigint not null,
    -- SHA-256 of what was handed in: the same key with another body is a conflict
    digest bytea not null,
    lines integer not null,
    primary key (book_id, key),
    unique (book_id, id)
);

-- The current state of an award; its history is in `event` and `award_review`.
create table award (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    ruleset text not null references ruleset (hash),
    item text not null,
    household_id uuid not null,
    group_id uuid not null,
    person_id uuid,
    -- decimal text, in the item's unit
    quantity text not null,
    grade text,
    -- acts of one event share it, for items that exclude each other
    event_key text,
    occurred_on integer not null,
    recorded_at bigint not null,
    recorder text not null,
    on_behalf text,
    batch_id uuid,
    points bigint not null,
    honor bigint not null,
    minutes bigint not null,
    route text not null check (route in ('R0', 'R1', 'R2', 'R3')),
    -- what the rules were told and what they answered: enough to compute the award again
    inputs text not null,
    explanation text not null,
    evidence text not null,
    note text not null,
    late boolean not null,
    state text not null check (state in
        ('recorded', 'returned', 'approved', 'in_notice', 'objected', 'rejected', 'posted', 'reversed')),
    -- reviews passed so far on its route
    step integer not null,
    notice_id uuid,
    notice_line integer,
    -- when this line's own clock runs out; stopped while an objection is open
    closes_at bigint,
    remaining bigint,
    txn_seq bigint,
    reason text,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, household_id) references household (book_id, id),
    foreign key (book_id, person_id) references person (book_id, id)
);
create index award_state on award (book_id, state, no);
create index award_household on award (book_id, household_id, occurred_on);
create index award_notice on award (book_id, notice_id, notice_line);
create index award_item on award (book_id, item, occurred_on);
create index award_person on award (book_id, person_id, occurred_on);
create index award_recorder on award (book_id, recorder, no);
create index award_of_batch on award (book_id, batch_id, no);
create index award_seq on award (book_id, txn_seq);

create table award_review (
    book_id uuid not null,
    award_id uuid not null,
    ordinal integer not null,
    step text not null,
    verdict text not null check (verdict in ('approve', 'return', 'reject')),
    reviewer text not null,
    reviewed_at bigint not null,
    reason text not null,
    primary key (book_id, award_id, ordinal),
    foreign key (book_id, award_id) references award (book_id, id)
);

create table notice (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    title text not null,
    -- the group it hangs in; absent for the whole village
    group_id uuid references org (id),
    -- whose budget its points are taken from
    fund_id uuid not null,
    state text not null check (state in ('compiled', 'published', 'closed', 'taken_down')),
    mode text not null check (mode in ('calendar', 'working')),
    days integer not null check (days >= 5),
    lines integer not null,
    compiled_at bigint not null,
    compiled_by text not null,
    published_at bigint,
    published_by text,
    closes_at bigint,
    closed_at bigint,
    taken_down_at bigint,
    -- SHA-256 of the sheet as it was shown
    digest bytea,
    head_size bigint,
    head_root bytea,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id) references book (book_id),
    foreign key (book_id, fund_id) references fund (book_id, id)
);
create index notice_state on notice (book_id, state, no);

create table objection (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    award_id uuid not null,
    notice_id uuid not null,
    raised_at bigint not null,
    -- 'self' named, 'proxy' written down for someone, 'anonymous' a lead
    manner text not null check (manner in ('self', 'proxy', 'anonymous')),
    raised_by text not null,
    household_id uuid,
    content text not null,
    state text not null check (state in ('open', 'upheld', 'dismissed')),
    decided_at bigint,
    decided_by text,
    decision text,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, award_id) references award (book_id, id)
);
create index objection_award on objection (book_id, award_id);
create index objection_state on objection (book_id, state, no);

-- A posting to be undone waits here for its second person.
create table reversal (
    book_id uuid not null,
    id uuid not null,
    seq bigint not null,
    requested_at bigint not null,
    requested_by text not null,
    reason text not null,
    state text not null check (state in ('requested', 'refused', 'posted')),
    decided_at bigint,
    decided_by text,
    decision text,
    txn_seq bigint,
    primary key (book_id, id),
    foreign key (book_id) references book (book_id)
);
create index reversal_state on reversal (book_id, state);
create index reversal_seq on reversal (book_id, seq);

-- Who did what to which thing, on whose behalf, when and why.
create table event (
    book_id uuid not null,
    id uuid not null,
    at bigint not null,
    subject text not null,
    subject_id uuid not null,
    verb text not null,
    from_state text,
    to_state text,
    actor text not null,
    on_behalf text,
    reason text not null,
    primary key (book_id, id)
);
create index event_subject on event (book_id, subject_id, at);

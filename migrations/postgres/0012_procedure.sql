-- Rule sets and compacts live and die by procedure: the proposal as it stands, each dated step with its figures and
-- minutes, what people said to it and the answers, and who changed which rule when.

set citus.enable_unsafe_triggers = on;

create table proposal (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    paper text not null check (paper in ('rules', 'compact')),
    title text not null,
    state text not null check (state in ('draft', 'comment', 'checked', 'proposed', 'consulted', 'examined', 'resolved',
        'disclosed', 'filed', 'accepted', 'announced', 'repealed', 'rejected', 'withdrawn')),
    -- how often it was begun anew: sent back by the township, or an objection upheld
    round integer not null,
    -- the template it was drawn up from; nothing for a text of its own
    template text references ruleset (hash),
    content text not null,
    hash text not null,
    -- what it is compared with: the version in force when it was begun
    base text,
    last_on integer not null,
    open_until integer,
    accepted_on integer,
    filing_no text,
    effective_from integer,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id) references book (book_id)
);

-- A step that was taken: on which day, by whom, from where to where, over which text; of a meeting who came and how they
-- voted; and its minutes, reasons or place of posting in words.
create table proposal_step (
    book_id uuid not null,
    proposal_id uuid not null,
    place integer not null,
    round integer not null,
    step text not null,
    held_on integer not null,
    recorded_at bigint not null,
    actor text not null,
    from_state text,
    to_state text not null,
    hash text not null,
    body text,
    entitled bigint,
    present bigint,
    yes bigint,
    no bigint,
    abstain bigint,
    open_until integer,
    words text not null,
    primary key (book_id, proposal_id, place),
    foreign key (book_id, proposal_id) references proposal (book_id, id)
);

-- Comments on a draft and objections to a decision, each with its answer.
create table proposal_voice (
    book_id uuid not null,
    id uuid not null,
    proposal_id uuid not null,
    round integer not null,
    kind text not null check (kind in ('comment', 'objection')),
    raised_at bigint not null,
    manner text not null check (manner in ('self', 'proxy', 'anonymous')),
    raised_by text not null,
    household_id uuid,
    content text not null,
    outcome text not null check (outcome in ('open', 'taken', 'not_taken')),
    answered_at bigint,
    answered_by text,
    answer text,
    primary key (book_id, id),
    foreign key (book_id, proposal_id) references proposal (book_id, id)
);
create index proposal_voice_of on proposal_voice (book_id, proposal_id, raised_at);

-- What a village says otherwise than its template: who put it, when, on what ground, and in which proposal first.
create table proposal_override (
    book_id uuid not null,
    proposal_id uuid not null,
    place integer not null,
    target text not null,
    name text not null,
    value text,
    ground text not null,
    set_at bigint not null,
    set_by text not null,
    first_no bigint not null,
    primary key (book_id, proposal_id, place),
    foreign key (book_id, proposal_id) references proposal (book_id, id)
);

-- Compacts in force, by their first day.
create table compact (
    book_id uuid not null,
    effective_from integer not null,
    version bigint not null,
    hash text not null,
    title text not null,
    content text not null,
    adopted_at bigint not null,
    adopted_by text not null,
    basis text not null,
    primary key (book_id, effective_from),
    foreign key (book_id) references book (book_id)
);

-- A rule set or compact that the township ordered to be repealed: from when, by which article, why. Ordered before its
-- first day, it never was in force.
create table paper_repeal (
    book_id uuid not null,
    paper text not null check (paper in ('rules', 'compact')),
    adopted_from integer not null,
    effective_from integer not null,
    ordered_at bigint not null,
    ordered_by text not null,
    law text not null,
    reason text not null,
    primary key (book_id, paper, adopted_from),
    foreign key (book_id) references book (book_id)
);

do $$
declare t text;
begin
    foreach t in array array['proposal_step', 'proposal_override', 'compact', 'paper_repeal']
    loop
        execute format('create trigger %I before update or delete on %I for each row execute function append_only()',
            t || '_append_only', t);
        execute format('create trigger %I before truncate on %I for each statement execute function append_only()',
            t || '_no_truncate', t);
    end loop;
    foreach t in array array['proposal', 'proposal_voice']
    loop
        execute format('create trigger %I before delete on %I for each row execute function append_only()',
            t || '_no_delete', t);
    end loop;
end $$;

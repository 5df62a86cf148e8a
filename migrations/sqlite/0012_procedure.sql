-- Rule sets and compacts live and die by procedure: the proposal as it stands, each dated step with its figures and
-- minutes, what people said to it and the answers, and who changed which rule when.

create table proposal (
    book_id blob not null,
    id blob not null,
    no integer not null,
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
) strict;

-- A step that was taken: on which day, by whom, from where to where, over which text; of a meeting who came and how they
-- voted; and its minutes, reasons or place of posting in words.
create table proposal_step (
    book_id blob not null,
    proposal_id blob not null,
    place integer not null,
    round integer not null,
    step text not null,
    held_on integer not null,
    recorded_at integer not null,
    actor text not null,
    from_state text,
    to_state text not null,
    hash text not null,
    body text,
    entitled integer,
    present integer,
    yes integer,
    no integer,
    abstain integer,
    open_until integer,
    words text not null,
    primary key (book_id, proposal_id, place),
    foreign key (book_id, proposal_id) references proposal (book_id, id)
) strict;

-- Comments on a draft and objections to a decision, each with its answer.
create table proposal_voice (
    book_id blob not null,
    id blob not null,
    proposal_id blob not null,
    round integer not null,
    kind text not null check (kind in ('comment', 'objection')),
    raised_at integer not null,
    manner text not null check (manner in ('self', 'proxy', 'anonymous')),
    raised_by text not null,
    household_id blob,
    content text not null,
    outcome text not null check (outcome in ('open', 'taken', 'not_taken')),
    answered_at integer,
    answered_by text,
    answer text,
    primary key (book_id, id),
    foreign key (book_id, proposal_id) references proposal (book_id, id)
) strict;
create index proposal_voice_of on proposal_voice (book_id, proposal_id, raised_at);

-- What a village says otherwise than its template: who put it, when, on what ground, and in which proposal first.
create table proposal_override (
    book_id blob not null,
    proposal_id blob not null,
    place integer not null,
    target text not null,
    name text not null,
    value text,
    ground text not null,
    set_at integer not null,
    set_by text not null,
    first_no integer not null,
    primary key (book_id, proposal_id, place),
    foreign key (book_id, proposal_id) references proposal (book_id, id)
) strict;

-- Compacts in force, by their first day.
create table compact (
    book_id blob not null,
    effective_from integer not null,
    version integer not null,
    hash text not null,
    title text not null,
    content text not null,
    adopted_at integer not null,
    adopted_by text not null,
    basis text not null,
    primary key (book_id, effective_from),
    foreign key (book_id) references book (book_id)
) strict;

-- A rule set or compact that the township ordered to be repealed: from when, by which article, why. Ordered before its
-- first day, it never was in force.
create table paper_repeal (
    book_id blob not null,
    paper text not null check (paper in ('rules', 'compact')),
    adopted_from integer not null,
    effective_from integer not null,
    ordered_at integer not null,
    ordered_by text not null,
    law text not null,
    reason text not null,
    primary key (book_id, paper, adopted_from),
    foreign key (book_id) references book (book_id)
) strict;

create trigger proposal_no_delete before delete on proposal begin select raise(abort, 'append-only: delete refused'); end;
create trigger proposal_voice_no_delete before delete on proposal_voice begin select raise(abort, 'append-only: delete refused'); end;
create trigger proposal_step_no_update before update on proposal_step begin select raise(abort, 'append-only: update refused'); end;
create trigger proposal_step_no_delete before delete on proposal_step begin select raise(abort, 'append-only: delete refused'); end;
create trigger proposal_override_no_update before update on proposal_override begin select raise(abort, 'append-only: update refused'); end;
create trigger proposal_override_no_delete before delete on proposal_override begin select raise(abort, 'append-only: delete refused'); end;
create trigger compact_no_update before update on compact begin select raise(abort, 'append-only: update refused'); end;
create trigger compact_no_delete before delete on compact begin select raise(abort, 'append-only: delete refused'); end;
create trigger paper_repeal_no_update before update on paper_repeal begin select raise(abort, 'append-only: update refused'); end;
create trigger paper_repeal_no_delete before delete on paper_repeal begin select raise(abort, 'append-only: delete refused'); end;

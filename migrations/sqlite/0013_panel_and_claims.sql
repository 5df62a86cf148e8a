-- The panel (评议小组) and its sittings, the two committees, and what residents claim (申报).

-- Whom the villagers named to decide, from a day on. The next body of the same kind replaces it whole.
create table body (
    book_id blob not null,
    id blob not null,
    no integer not null,
    kind text not null check (kind in ('panel', 'committees')),
    from_on integer not null,
    -- the decision of the villagers' assembly
    basis text not null,
    seated_at integer not null,
    seated_by text not null,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id) references book (book_id)
) strict;
create index body_kind on body (book_id, kind, no);

create table body_seat (
    book_id blob not null,
    body_id blob not null,
    user_id blob not null,
    post text not null check (post in ('member', 'substitute', 'observer')),
    -- substitutes stand in by this order
    place integer not null,
    primary key (book_id, body_id, user_id),
    foreign key (book_id, body_id) references body (book_id, id)
) strict, without rowid;

create table sitting (
    book_id blob not null,
    id blob not null,
    no integer not null,
    body_id blob not null,
    sits_on integer not null,
    place text not null,
    state text not null check (state in ('open', 'closed', 'called_off')),
    convened_at integer not null,
    convened_by text not null,
    minutes text not null,
    -- what the observer of the supervision committee had to say, and who it was
    remarks text not null,
    observed_at integer,
    observed_by text,
    ended_at integer,
    ended_by text,
    -- SHA-256 over attendance, lines, counts, minutes and remarks, once it is closed
    digest blob,
    -- moved by everything that happens in it: who writes has read what stands
    changes integer not null,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, body_id) references body (book_id, id)
) strict;
create index sitting_state on sitting (book_id, state, no);

create table sitting_present (
    book_id blob not null,
    sitting_id blob not null,
    user_id blob not null,
    arrived_at integer not null,
    primary key (book_id, sitting_id, user_id),
    foreign key (book_id, sitting_id) references sitting (book_id, id)
) strict, without rowid;

create table sitting_line (
    book_id blob not null,
    sitting_id blob not null,
    line integer not null,
    award_id blob not null,
    -- nothing while it is open
    outcome text check (outcome in ('passed', 'refused', 'deferred')),
    -- who could vote, who stepped back, and how it went
    voters integer not null,
    recused integer not null,
    yes integer not null,
    noes integer not null,
    abstained integer not null,
    words text not null,
    primary key (book_id, sitting_id, line),
    foreign key (book_id, sitting_id) references sitting (book_id, id),
    foreign key (book_id, award_id) references award (book_id, id)
) strict, without rowid;
create index sitting_line_award on sitting_line (book_id, award_id);

create table ballot (
    book_id blob not null,
    sitting_id blob not null,
    line integer not null,
    user_id blob not null,
    vote text not null check (vote in ('yes', 'no', 'abstain')),
    cast_at integer not null,
    primary key (book_id, sitting_id, line, user_id),
    foreign key (book_id, sitting_id, line) references sitting_line (book_id, sitting_id, line)
) strict, without rowid;

-- Whether the panel is a step of its route, as it was when it was recorded.
alter table award add column panel integer not null default 0 check (panel in (0, 1));
-- From counting reviews to the place on the ladder: 0 first review, 1 panel, 2 recheck, 3 township, 4 through.
update award set step = case when step = 0 then 0 when route in ('R0', 'R1') or step >= 3 then 4
    when route = 'R2' and step >= 2 then 4 else step + 1 end;

-- What another programme rewarded for an event: the same event is not rewarded here again.
create table elsewhere (
    book_id blob not null,
    id blob not null,
    -- the code that an exclusive group of the rules names
    programme text not null,
    event_key text not null,
    household_id blob not null,
    basis text not null,
    noted_at integer not null,
    noted_by text not null,
    primary key (book_id, id),
    unique (book_id, event_key, household_id, programme),
    foreign key (book_id, household_id) references household (book_id, id)
) strict;

create table claim (
    book_id blob not null,
    id blob not null,
    no integer not null,
    -- one form sent twice is one claim
    key text not null,
    household_id blob not null,
    person_id blob,
    item text not null,
    grade text,
    -- decimal text, in the item's unit
    quantity text not null,
    occurred_on integer not null,
    words text not null,
    manner text not null check (manner in ('self', 'helper', 'head', 'paper')),
    -- who helped, or the number of the paper
    helper text not null,
    claimed_at integer not null,
    claimed_by text not null,
    state text not null check (state in ('received', 'checking', 'accepted', 'refused', 'withdrawn')),
    handler text,
    handled_at integer,
    reason text,
    award_id blob,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, claimed_by, key),
    foreign key (book_id, household_id) references household (book_id, id),
    foreign key (book_id, person_id) references person (book_id, id),
    foreign key (book_id, award_id) references award (book_id, id)
) strict;
create index claim_state on claim (book_id, state, no);
create index claim_household on claim (book_id, household_id, no);
create index claim_claimant on claim (book_id, claimed_by, no);
create index claim_award on claim (book_id, award_id);

-- A photo or a voice note of a claim. The digest stays for ever, the bytes can be erased.
create table evidence (
    book_id blob not null,
    id blob not null,
    claim_id blob not null,
    kind text not null check (kind in ('photo', 'voice')),
    media text not null,
    size integer not null,
    digest blob not null,
    -- 64 bits of what a photo looks like
    look integer,
    added_at integer not null,
    erased_at integer,
    primary key (book_id, id),
    foreign key (book_id, claim_id) references claim (book_id, id)
) strict;
create index evidence_claim on evidence (book_id, claim_id);
create index evidence_added on evidence (book_id, kind, added_at);

create table evidence_bytes (
    book_id blob not null,
    evidence_id blob not null,
    bytes blob not null,
    primary key (book_id, evidence_id),
    foreign key (book_id, evidence_id) references evidence (book_id, id)
) strict;

create trigger body_no_update before update on body begin select raise(abort, 'append-only: update refused'); end;
create trigger body_no_delete before delete on body begin select raise(abort, 'append-only: delete refused'); end;
create trigger body_seat_no_update before update on body_seat begin select raise(abort, 'append-only: update refused'); end;
create trigger body_seat_no_delete before delete on body_seat begin select raise(abort, 'append-only: delete refused'); end;
create trigger elsewhere_no_update before update on elsewhere begin select raise(abort, 'append-only: update refused'); end;
create trigger elsewhere_no_delete before delete on elsewhere begin select raise(abort, 'append-only: delete refused'); end;
create trigger sitting_no_delete before delete on sitting begin select raise(abort, 'append-only: delete refused'); end;
create trigger sitting_line_no_delete before delete on sitting_line begin select raise(abort, 'append-only: delete refused'); end;
create trigger ballot_no_delete before delete on ballot begin select raise(abort, 'append-only: delete refused'); end;
create trigger claim_no_delete before delete on claim begin select raise(abort, 'append-only: delete refused'); end;
create trigger evidence_no_delete before delete on evidence begin select raise(abort, 'append-only: delete refused'); end;

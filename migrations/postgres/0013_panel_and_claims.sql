-- The panel (评议小组) and its sittings, the two committees, and what residents claim (申报).

set citus.enable_unsafe_triggers = on;

-- Whom the villagers named to decide, from a day on. The next body of the same kind replaces it whole.
create table body (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    kind text not null check (kind in ('panel', 'committees')),
    from_on integer not null,
    -- the decision of the villagers' assembly
    basis text not null,
    seated_at bigint not null,
    seated_by text not null,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id) references book (book_id)
);
create index body_kind on body (book_id, kind, no);

create table body_seat (
    book_id uuid not null,
    body_id uuid not null,
    user_id uuid not null,
    post text not null check (post in ('member', 'substitute', 'observer')),
    -- substitutes stand in by this order
    place integer not null,
    primary key (book_id, body_id, user_id),
    foreign key (book_id, body_id) references body (book_id, id)
);

create table sitting (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    body_id uuid not null,
    sits_on integer not null,
    place text not null,
    state text not null check (state in ('open', 'closed', 'called_off')),
    convened_at bigint not null,
    convened_by text not null,
    minutes text not null,
    -- what the observer of the supervision committee had to say, and who it was
    remarks text not null,
    observed_at bigint,
    observed_by text,
    ended_at bigint,
    ended_by text,
    -- SHA-256 over attendance, lines, counts, minutes and remarks, once it is closed
    digest bytea,
    -- moved by everything that happens in it: who writes has read what stands
    changes bigint not null,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, body_id) references body (book_id, id)
);
create index sitting_state on sitting (book_id, state, no);

create table sitting_present (
    book_id uuid not null,
    sitting_id uuid not null,
    user_id uuid not null,
    arrived_at bigint not null,
    primary key (book_id, sitting_id, user_id),
    foreign key (book_id, sitting_id) references sitting (book_id, id)
);

create table sitting_line (
    book_id uuid not null,
    sitting_id uuid not null,
    line integer not null,
    award_id uuid not null,
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
);
create index sitting_line_award on sitting_line (book_id, award_id);

create table ballot (
    book_id uuid not null,
    sitting_id uuid not null,
    line integer not null,
    user_id uuid not null,
    vote text not null check (vote in ('yes', 'no', 'abstain')),
    cast_at bigint not null,
    primary key (book_id, sitting_id, line, user_id),
    foreign key (book_id, sitting_id, line) references sitting_line (book_id, sitting_id, line)
);

-- Whether the panel is a step of its route, as it was when it was recorded.
alter table award add column panel boolean not null default false;
-- From counting reviews to the place on the ladder: 0 first review, 1 panel, 2 recheck, 3 township, 4 through.
update award set step = case when step = 0 then 0 when route in ('R0', 'R1') or step >= 3 then 4
    when route = 'R2' and step >= 2 then 4 else step + 1 end;

-- What another programme rewarded for an event: the same event is not rewarded here again.
create table elsewhere (
    book_id uuid not null,
    id uuid not null,
    -- the code that an exclusive group of the rules names
    programme text not null,
    event_key text not null,
    household_id uuid not null,
    basis text not null,
    noted_at bigint not null,
    noted_by text not null,
    primary key (book_id, id),
    unique (book_id, event_key, household_id, programme),
    foreign key (book_id, household_id) references household (book_id, id)
);

create table claim (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    -- one form sent twice is one claim
    key text not null,
    household_id uuid not null,
    person_id uuid,
    item text not null,
    grade text,
    -- decimal text, in the item's unit
    quantity text not null,
    occurred_on integer not null,
    words text not null,
    manner text not null check (manner in ('self', 'helper', 'head', 'paper')),
    -- who helped, or the number of the paper
    helper text not null,
    claimed_at bigint not null,
    claimed_by text not null,
    state text not null check (state in ('received', 'checking', 'accepted', 'refused', 'withdrawn')),
    handler text,
    handled_at bigint,
    reason text,
    award_id uuid,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, claimed_by, key),
    foreign key (book_id, household_id) references household (book_id, id),
    foreign key (book_id, person_id) references person (book_id, id),
    foreign key (book_id, award_id) references award (book_id, id)
);
create index claim_state on claim (book_id, state, no);
create index claim_household on claim (book_id, household_id, no);
create index claim_claimant on claim (book_id, claimed_by, no);
create index claim_award on claim (book_id, award_id);

-- A photo or a voice note of a claim. The digest stays for ever, the bytes can be erased.
create table evidence (
    book_id uuid not null,
    id uuid not null,
    claim_id uuid not null,
    kind text not null check (kind in ('photo', 'voice')),
    media text not null,
    size bigint not null,
    digest bytea not null,
    -- 64 bits of what a photo looks like
    look bigint,
    added_at bigint not null,
    erased_at bigint,
    primary key (book_id, id),
    foreign key (book_id, claim_id) references claim (book_id, id)
);
create index evidence_claim on evidence (book_id, claim_id);
create index evidence_added on evidence (book_id, kind, added_at);

create table evidence_bytes (
    book_id uuid not null,
    evidence_id uuid not null,
    bytes bytea not null,
    primary key (book_id, evidence_id),
    foreign key (book_id, evidence_id) references evidence (book_id, id)
);

do $$
declare t text;
begin
    foreach t in array array['body', 'body_seat', 'elsewhere']
    loop
        execute format('create trigger %I before update or delete on %I for each row execute function append_only()',
            t || '_append_only', t);
        execute format('create trigger %I before truncate on %I for each statement execute function append_only()',
            t || '_no_truncate', t);
    end loop;
    foreach t in array array['sitting', 'sitting_line', 'ballot', 'claim', 'evidence']
    loop
        execute format('create trigger %I before delete on %I for each row execute function append_only()',
            t || '_no_delete', t);
    end loop;
end $$;

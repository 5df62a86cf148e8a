-- The time bank (时间银行): the policy a village runs, who serves and when, whom the pool serves, orders with their
-- check-in pairs, gifts. The minutes themselves stand in the ledger.

set citus.enable_unsafe_triggers = on;

-- Which policy holds from a day on. Its text is shipped; version and digest say which one it was.
create table time_policy (
    book_id uuid not null,
    no bigint not null,
    code text not null,
    version integer not null,
    from_on integer not null,
    basis text not null,
    adopted_at bigint not null,
    adopted_by text not null,
    primary key (book_id, no),
    foreign key (book_id) references book (book_id)
);

create table time_volunteer (
    book_id uuid not null,
    person_id uuid not null,
    -- the volunteer number: what is published instead of a name, never an identity number
    no bigint not null,
    joined_at bigint not null,
    joined_by text not null,
    -- the day on which they declared to be well; no word about what they may have
    well_on integer,
    insured_until integer,
    trained_on integer,
    -- of a minor: who consented, and since when
    guardian_id uuid,
    consent_on integer,
    -- what becomes of minutes beyond the cap
    brim text check (brim in ('donate', 'honor')),
    barred_until integer,
    left_on integer,
    primary key (book_id, person_id),
    unique (book_id, no),
    foreign key (book_id, person_id) references person (book_id, id),
    foreign key (book_id, guardian_id) references person (book_id, id)
);

-- What somebody offers, and when they are free, week by week.
create table time_offer (
    book_id uuid not null,
    id uuid not null,
    person_id uuid not null,
    kind text not null,
    -- Monday is the lowest bit
    weekdays integer not null check (weekdays between 1 and 127),
    from_minute integer not null,
    until_minute integer not null,
    offered_at bigint not null,
    ended_at bigint,
    primary key (book_id, id),
    foreign key (book_id, person_id) references time_volunteer (book_id, person_id)
);
create index time_offer_kind on time_offer (book_id, kind, person_id);
create index time_offer_person on time_offer (book_id, person_id);

-- How great somebody's need is. The grounds were looked at and not kept. The latest row holds; erased, it says none.
create table time_need (
    book_id uuid not null,
    person_id uuid not null,
    seen_at bigint not null,
    score integer not null check (score >= 0),
    pool integer not null check (pool in (0, 1)),
    hardship integer not null check (hardship in (0, 1)),
    seen_by text not null,
    primary key (book_id, person_id, seen_at),
    foreign key (book_id, person_id) references person (book_id, id)
);

create table time_order (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    -- one form sent twice is one order
    key text not null,
    asked_by text not null,
    asked_at bigint not null,
    manner text not null check (manner in ('self', 'family', 'desk')),
    served_id uuid not null,
    group_id uuid not null,
    kind text not null,
    starts_at bigint not null,
    minutes integer not null check (minutes > 0),
    words text not null,
    -- the policy it runs by
    policy text not null,
    need integer not null,
    -- whose minutes pay; the pool's when nobody's
    payer_id uuid,
    hold_seq bigint,
    state text not null check (state in ('queued', 'open', 'accepted', 'serving', 'done', 'rated', 'posted', 'held',
        'disputed', 'cleared', 'late', 'cancelled', 'no_show', 'not_counted')),
    volunteer_id uuid,
    done_at bigint,
    volunteer_by text,
    served_by text,
    rating integer check (rating between 1 and 5),
    remark text not null,
    -- what counts, once it is settled
    counted integer not null check (counted >= 0),
    -- of a late entry: the number of its sheet, who entered it, who signed under it
    sheet text,
    entered_by text,
    signed_by text,
    verdict text check (verdict in ('as_served', 'in_part', 'nothing')),
    verdict_by text,
    -- whose hand a long day got: 'parent' or 'county'
    hand text check (hand in ('parent', 'county')),
    hand_by text,
    post_seq bigint,
    -- moved by everything that happens to it: who writes has read what stands
    changes integer not null,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, asked_by, key),
    unique (book_id, hold_seq),
    unique (book_id, post_seq),
    foreign key (book_id, served_id) references person (book_id, id),
    foreign key (book_id, payer_id) references person (book_id, id),
    foreign key (book_id, volunteer_id) references time_volunteer (book_id, person_id)
);
create index time_order_state on time_order (book_id, state, no);
create index time_order_served on time_order (book_id, served_id, no);
create index time_order_volunteer on time_order (book_id, volunteer_id, starts_at);

-- Check-in and check-out. Of one person no two have a moment in common.
create table time_pair (
    book_id uuid not null,
    order_id uuid not null,
    pair integer not null,
    person_id uuid not null,
    in_at bigint not null,
    in_means text not null check (in_means in ('card', 'code', 'desk', 'sheet')),
    in_by text not null,
    -- equal to in_at when the check-out was forgotten: it counts nothing
    out_at bigint,
    out_means text check (out_means in ('card', 'code', 'desk', 'sheet')),
    out_by text,
    primary key (book_id, order_id, pair),
    foreign key (book_id, order_id) references time_order (book_id, id)
);
create index time_pair_person on time_pair (book_id, person_id, in_at);
create unique index time_pair_open on time_pair (book_id, person_id) where out_at is null;

-- What volunteers answered, and when they did not come.
create table time_answer (
    book_id uuid not null,
    order_id uuid not null,
    place integer not null,
    person_id uuid not null,
    answer text not null check (answer in ('accepted', 'declined', 'gave_back', 'replaced', 'missed')),
    answered_at bigint not null,
    answered_by text not null,
    primary key (book_id, order_id, place),
    foreign key (book_id, order_id) references time_order (book_id, id),
    foreign key (book_id, person_id) references time_volunteer (book_id, person_id)
);
create index time_answer_person on time_answer (book_id, person_id, answered_at);

-- What somebody said to an order as it moved: beside the history, from where it can go.
create table time_note (
    book_id uuid not null,
    event_id uuid not null,
    order_id uuid not null,
    words text not null,
    primary key (book_id, event_id),
    foreign key (book_id, order_id) references time_order (book_id, id)
);
create index time_note_order on time_note (book_id, order_id);

create table time_gift (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    giver_id uuid not null,
    receiver_id uuid not null,
    minutes integer not null check (minutes > 0),
    state text not null check (state in ('cooling', 'given', 'taken_back')),
    made_at bigint not null,
    made_by text not null,
    due_at bigint not null,
    hold_seq bigint not null,
    end_seq bigint,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, hold_seq),
    unique (book_id, end_seq),
    foreign key (book_id, giver_id) references person (book_id, id),
    foreign key (book_id, receiver_id) references person (book_id, id)
);
create index time_gift_state on time_gift (book_id, state, due_at);
create index time_gift_giver on time_gift (book_id, giver_id, no);

do $$
declare t text;
begin
    foreach t in array array['time_policy', 'time_answer']
    loop
        execute format('create trigger %I before update or delete on %I for each row execute function append_only()',
            t || '_append_only', t);
        execute format('create trigger %I before truncate on %I for each statement execute function append_only()',
            t || '_no_truncate', t);
    end loop;
    foreach t in array array['time_volunteer', 'time_offer', 'time_need', 'time_order', 'time_pair', 'time_note', 'time_gift']
    loop
        execute format('create trigger %I before delete on %I for each row execute function append_only()',
            t || '_no_delete', t);
    end loop;
end $$;

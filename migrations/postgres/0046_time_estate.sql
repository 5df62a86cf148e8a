-- Inheritance of hours (时长继承): a volunteer died; the account is frozen, and its minutes go to an heir under two names, or
-- to the public pool when the days for it are over.
create table time_estate (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    person_id uuid not null,
    died_on integer not null,
    -- the paper that says so
    notice text not null,
    opened_at bigint not null,
    opened_by text not null,
    -- the day from which on the pool has it
    due_on integer not null,
    state text not null check (state in ('open', 'drawn', 'settled')),
    heir_id uuid,
    ground text check (ground in ('named', 'agreed')),
    -- the paper that names the heir
    paper text not null,
    -- what becomes of minutes beyond the heir's cap
    brim text check (brim in ('donate', 'honor')),
    drawn_at bigint,
    drawn_by text,
    decided_at bigint,
    decided_by text,
    minutes bigint not null check (minutes >= 0),
    saved bigint not null check (saved >= 0),
    pooled bigint not null check (pooled >= 0),
    honoured bigint not null check (honoured >= 0),
    post_seq bigint,
    changes bigint not null,
    primary key (book_id, id),
    unique (book_id, no),
    -- nobody is inherited from twice
    unique (book_id, person_id),
    unique (book_id, post_seq),
    foreign key (book_id, person_id) references person (book_id, id),
    foreign key (book_id, heir_id) references person (book_id, id)
);
create index time_estate_state on time_estate (book_id, state, no);
create index time_estate_heir on time_estate (book_id, heir_id);
create index time_order_payer on time_order (book_id, payer_id);
create index time_gift_receiver on time_gift (book_id, receiver_id);

-- What was settled stays; only its words may go.
create trigger time_estate_settled_stays before update on time_estate for each row
    when (old.state = 'settled' and (new.state <> 'settled' or new.minutes <> old.minutes or new.saved <> old.saved
        or new.pooled <> old.pooled or new.honoured <> old.honoured or new.post_seq is distinct from old.post_seq
        or new.heir_id is distinct from old.heir_id or new.person_id <> old.person_id or new.died_on <> old.died_on))
    execute function append_only();
create trigger time_estate_no_delete before delete on time_estate for each row execute function append_only();
create trigger time_estate_no_truncate before truncate on time_estate for each statement execute function append_only();

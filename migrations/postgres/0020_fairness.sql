-- Random call-backs (随机回访): what was drawn of a month by which seed, and what the households said.

set citus.enable_unsafe_triggers = on;

create table call_back_draw (
    book_id uuid not null,
    -- the first day of the month
    month integer not null,
    -- the signed head whose digest is the seed
    size bigint not null,
    seed bytea not null,
    -- how many awards were posted in the month
    awards bigint not null,
    drawn_at bigint not null,
    drawn_by text not null,
    primary key (book_id, month),
    foreign key (book_id) references book (book_id)
);

create table call_back (
    book_id uuid not null,
    id uuid not null,
    month integer not null,
    place integer not null,
    award_id uuid not null,
    primary key (book_id, id),
    unique (book_id, month, place),
    unique (book_id, award_id),
    foreign key (book_id, month) references call_back_draw (book_id, month),
    foreign key (book_id, award_id) references award (book_id, id)
);

create table call_back_answer (
    book_id uuid not null,
    call_back_id uuid not null,
    ordinal integer not null,
    answer text not null check (answer in ('confirmed', 'denied', 'not_reached')),
    words text not null,
    answered_at bigint not null,
    answered_by text not null,
    primary key (book_id, call_back_id, ordinal),
    foreign key (book_id, call_back_id) references call_back (book_id, id)
);

do $$
declare t text;
begin
    foreach t in array array['call_back_draw', 'call_back']
    loop
        execute format('create trigger %I before update or delete on %I for each row execute function append_only()',
            t || '_append_only', t);
        execute format('create trigger %I before truncate on %I for each statement execute function append_only()',
            t || '_no_truncate', t);
    end loop;
end $$;

-- What was said may only go, whole.
create trigger call_back_answer_erase_only before update on call_back_answer for each row
    when (new.words <> '' or new.answer <> old.answer or new.ordinal <> old.ordinal
        or new.call_back_id <> old.call_back_id or new.answered_at <> old.answered_at
        or new.answered_by <> old.answered_by)
    execute function append_only();
create trigger call_back_answer_no_delete before delete on call_back_answer for each row execute function append_only();
create trigger call_back_answer_no_truncate before truncate on call_back_answer for each statement
    execute function append_only();

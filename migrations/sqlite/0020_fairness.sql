-- Random call-backs (随机回访): what was drawn of a month by which seed, and what the households said.

create table call_back_draw (
    book_id blob not null,
    -- the first day of the month
    month integer not null,
    -- the signed head whose digest is the seed
    size integer not null,
    seed blob not null,
    -- how many awards were posted in the month
    awards integer not null,
    drawn_at integer not null,
    drawn_by text not null,
    primary key (book_id, month),
    foreign key (book_id) references book (book_id)
) strict, without rowid;

create table call_back (
    book_id blob not null,
    id blob not null,
    month integer not null,
    place integer not null,
    award_id blob not null,
    primary key (book_id, id),
    unique (book_id, month, place),
    unique (book_id, award_id),
    foreign key (book_id, month) references call_back_draw (book_id, month),
    foreign key (book_id, award_id) references award (book_id, id)
) strict;

create table call_back_answer (
    book_id blob not null,
    call_back_id blob not null,
    ordinal integer not null,
    answer text not null check (answer in ('confirmed', 'denied', 'not_reached')),
    words text not null,
    answered_at integer not null,
    answered_by text not null,
    primary key (book_id, call_back_id, ordinal),
    foreign key (book_id, call_back_id) references call_back (book_id, id)
) strict, without rowid;

create trigger call_back_draw_no_update before update on call_back_draw begin select raise(abort, 'append-only: update refused'); end;
create trigger call_back_draw_no_delete before delete on call_back_draw begin select raise(abort, 'append-only: delete refused'); end;
create trigger call_back_no_update before update on call_back begin select raise(abort, 'append-only: update refused'); end;
create trigger call_back_no_delete before delete on call_back begin select raise(abort, 'append-only: delete refused'); end;
-- What was said may only go, whole.
create trigger call_back_answer_erase_only before update on call_back_answer
when new.words <> '' or new.answer <> old.answer or new.ordinal <> old.ordinal or new.call_back_id <> old.call_back_id
    or new.answered_at <> old.answered_at or new.answered_by <> old.answered_by
begin select raise(abort, 'append-only: update refused'); end;
create trigger call_back_answer_no_delete before delete on call_back_answer begin select raise(abort, 'append-only: delete refused'); end;

-- The volunteer's record (志愿服务记录与证明): who keeps it, trainings and commendations, the papers of it with the list each one
-- fixed, requests to put hours right, and the files that go to the national system. The hours themselves stand in the ledger.

-- Who organises the services and is in charge of them; the latest row holds.
create table time_unit (
    book_id blob not null,
    no integer not null,
    unit text not null,
    in_charge text not null,
    said_at integer not null,
    said_by text not null,
    primary key (book_id, no),
    foreign key (book_id) references book (book_id)
) strict;

create table time_merit (
    book_id blob not null,
    id blob not null,
    no integer not null,
    -- one form sent twice is one entry
    key text not null,
    person_id blob not null,
    kind text not null check (kind in ('training', 'commendation')),
    name text not null,
    content text not null,
    minutes integer not null check (minutes >= 0),
    -- who held the training, who granted the commendation
    grantor text not null,
    held_on integer not null,
    -- the number of the paper that the second person sees
    paper text not null,
    entered_at integer not null,
    entered_by text not null,
    state text not null check (state in ('waiting', 'agreed', 'refused')),
    decided_at integer,
    decided_by text,
    decision text,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, entered_by, key),
    foreign key (book_id, person_id) references time_volunteer (book_id, person_id)
) strict;
create index time_merit_person on time_merit (book_id, person_id, held_on);
create index time_merit_state on time_merit (book_id, state, no);

create table time_certificate (
    book_id blob not null,
    id blob not null,
    -- drawn in the ledger: without gaps
    no integer not null,
    key text not null,
    person_id blob not null,
    -- the unguessable part of the address where anybody can check it
    token text not null,
    volunteer integer,
    unit text not null,
    in_charge text not null,
    -- who handed it out; empty when it was printed at home
    handler text not null,
    issued_on integer not null,
    issued_at integer not null,
    issued_by text not null,
    standing text not null check (standing in ('platform', 'proof')),
    from_on integer not null,
    to_on integer not null,
    minutes integer not null check (minutes >= 0),
    digest blob not null,
    -- the transaction that put the digest into the log
    seq integer not null,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, seq),
    unique (book_id, token),
    unique (book_id, issued_by, key),
    foreign key (book_id, person_id) references person (book_id, id)
) strict;
create index time_certificate_person on time_certificate (book_id, person_id, no);

-- A service as it stands on a paper.
create table time_certificate_line (
    book_id blob not null,
    certificate_id blob not null,
    place integer not null,
    -- the transaction that first put the service into the book, and the one that said its minutes then
    root integer not null,
    seq integer not null,
    served_on integer not null,
    kind text not null,
    content text not null,
    at_place text not null,
    minutes integer not null check (minutes >= 0),
    rating integer check (rating between 1 and 5),
    late integer not null check (late in (0, 1)),
    primary key (book_id, certificate_id, place),
    foreign key (book_id, certificate_id) references time_certificate (book_id, id)
) strict;
create index time_certificate_line_root on time_certificate_line (book_id, root);

-- A request to put hours right. What was wrong is undone, and what is right posted anew: two transactions.
create table time_correction (
    book_id blob not null,
    id blob not null,
    no integer not null,
    key text not null,
    person_id blob not null,
    order_id blob not null,
    root integer not null,
    -- the transaction that said the minutes when it was asked, and how many
    seq integer not null,
    was integer not null check (was >= 0),
    -- what whoever asks believes to be right
    wanted integer not null check (wanted >= 0),
    reason text not null,
    asked_at integer not null,
    asked_by text not null,
    state text not null check (state in ('asked', 'corrected', 'refused')),
    decided_at integer,
    decided_by text,
    decision text,
    minutes integer check (minutes >= 0),
    undo_seq integer,
    post_seq integer,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, asked_by, key),
    unique (book_id, undo_seq),
    unique (book_id, post_seq),
    foreign key (book_id, order_id) references time_order (book_id, id),
    foreign key (book_id, person_id) references person (book_id, id)
) strict;
create index time_correction_root on time_correction (book_id, root, no);
create index time_correction_state on time_correction (book_id, state, no);

create table time_file (
    book_id blob not null,
    no integer not null,
    key text not null,
    made_at integer not null,
    made_by text not null,
    lines integer not null check (lines > 0),
    primary key (book_id, no),
    unique (book_id, made_by, key),
    foreign key (book_id) references book (book_id)
) strict;

-- A service as it was handed over, and the answer to it.
create table time_file_line (
    book_id blob not null,
    file_no integer not null,
    place integer not null,
    root integer not null,
    -- the transaction that said its minutes then; 0 when it had been undone
    seq integer not null,
    minutes integer not null check (minutes >= 0),
    answer text check (answer in ('accepted', 'refused')),
    foreign_no text,
    reason text,
    answered_at integer,
    answered_by text,
    primary key (book_id, file_no, place),
    unique (book_id, root, file_no),
    foreign key (book_id, file_no) references time_file (book_id, no)
) strict;

create trigger time_unit_no_update before update on time_unit begin select raise(abort, 'append-only: update refused'); end;
create trigger time_unit_no_delete before delete on time_unit begin select raise(abort, 'append-only: delete refused'); end;
create trigger time_certificate_no_update before update on time_certificate begin select raise(abort, 'append-only: update refused'); end;
create trigger time_certificate_no_delete before delete on time_certificate begin select raise(abort, 'append-only: delete refused'); end;
create trigger time_certificate_line_no_update before update on time_certificate_line begin select raise(abort, 'append-only: update refused'); end;
create trigger time_certificate_line_no_delete before delete on time_certificate_line begin select raise(abort, 'append-only: delete refused'); end;
create trigger time_file_no_update before update on time_file begin select raise(abort, 'append-only: update refused'); end;
create trigger time_file_no_delete before delete on time_file begin select raise(abort, 'append-only: delete refused'); end;
create trigger time_merit_stays before update on time_merit
when new.id <> old.id or new.no <> old.no or new.person_id <> old.person_id or new.kind <> old.kind or new.minutes <> old.minutes
    or new.held_on <> old.held_on or new.entered_by <> old.entered_by or new.entered_at <> old.entered_at
    or (old.state <> 'waiting' and (new.state <> old.state or new.decided_by is distinct from old.decided_by))
    or new.decided_by = old.entered_by
    or (new.name <> old.name and new.name <> '') or (new.content <> old.content and new.content <> '')
begin select raise(abort, 'append-only: update refused'); end;
create trigger time_merit_no_delete before delete on time_merit begin select raise(abort, 'append-only: delete refused'); end;
create trigger time_correction_stays before update on time_correction
when new.id <> old.id or new.no <> old.no or new.person_id <> old.person_id or new.order_id <> old.order_id or new.root <> old.root
    or new.seq <> old.seq or new.was <> old.was or new.wanted <> old.wanted or new.asked_at <> old.asked_at or new.asked_by <> old.asked_by
    or (new.reason <> old.reason and new.reason <> '')
    or (old.state <> 'asked' and (new.state <> old.state or new.minutes is distinct from old.minutes
        or new.undo_seq is distinct from old.undo_seq or new.post_seq is distinct from old.post_seq
        or new.decided_by is distinct from old.decided_by))
    or new.decided_by = old.asked_by
begin select raise(abort, 'append-only: update refused'); end;
create trigger time_correction_no_delete before delete on time_correction begin select raise(abort, 'append-only: delete refused'); end;
create trigger time_file_line_stays before update on time_file_line
when new.file_no <> old.file_no or new.place <> old.place or new.root <> old.root or new.seq <> old.seq or new.minutes <> old.minutes
    or old.answer is not null or new.answer is null
begin select raise(abort, 'append-only: update refused'); end;
create trigger time_file_line_no_delete before delete on time_file_line begin select raise(abort, 'append-only: delete refused'); end;

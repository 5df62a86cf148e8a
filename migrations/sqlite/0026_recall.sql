-- A sheet that hung with a plain mistake is recalled by a second person. It stays up with the reason, its lines go back to
-- review, and what they said while they hung is kept: the digest in the log still is that of the sheet.
alter table notice add column recalled_at integer;
alter table notice add column recalled_by text;
alter table notice add column recalled_because text;
-- the transaction that put the recall into the log
alter table notice add column recall_seq integer;

create table recalled_line (
    book_id blob not null,
    notice_id blob not null,
    line integer not null,
    award_id blob not null,
    ruleset text not null,
    points integer not null,
    honor integer not null,
    minutes integer not null,
    occurred_on integer not null,
    late integer not null check (late in (0, 1)),
    primary key (book_id, notice_id, line),
    foreign key (book_id, notice_id) references notice (book_id, id),
    foreign key (book_id, award_id) references award (book_id, id)
) strict, without rowid;

create trigger recalled_line_no_update before update on recalled_line begin select raise(abort, 'append-only: update refused'); end;
create trigger recalled_line_no_delete before delete on recalled_line begin select raise(abort, 'append-only: delete refused'); end;

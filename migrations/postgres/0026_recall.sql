-- A sheet that hung with a plain mistake is recalled by a second person. It stays up with the reason, its lines go back to
-- review, and what they said while they hung is kept: the digest in the log still is that of the sheet.
alter table notice add column recalled_at bigint;
alter table notice add column recalled_by text;
alter table notice add column recalled_because text;
-- the transaction that put the recall into the log
alter table notice add column recall_seq bigint;

create table recalled_line (
    book_id uuid not null,
    notice_id uuid not null,
    line integer not null,
    award_id uuid not null,
    ruleset text not null,
    points bigint not null,
    honor bigint not null,
    minutes bigint not null,
    occurred_on integer not null,
    late boolean not null,
    primary key (book_id, notice_id, line),
    foreign key (book_id, notice_id) references notice (book_id, id),
    foreign key (book_id, award_id) references award (book_id, id)
);

do $$
declare t text;
begin
    foreach t in array array['recalled_line']
    loop
        execute format('create trigger %I before update on %I for each row execute function append_only()',
            t || '_no_update', t);
        execute format('create trigger %I before delete on %I for each row execute function append_only()',
            t || '_no_delete', t);
        execute format('create trigger %I before truncate on %I for each statement execute function append_only()',
            t || '_no_truncate', t);
    end loop;
end $$;

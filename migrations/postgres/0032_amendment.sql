-- An award that was found right only in part stands again with less, and one that the township found right after all
-- stands again whole: a sheet that hung is never changed, so it stands again as an award of its own, on a sheet of its
-- own.

set citus.enable_unsafe_triggers = on;

create table amendment (
    book_id uuid not null,
    -- the award that stands again
    award_id uuid not null,
    -- the one in whose place it stands, once
    replaces uuid not null,
    objection_id uuid not null,
    -- absent: it is the village's answer; else the township's final word
    appeal_id uuid,
    made_at bigint not null,
    made_by text not null,
    -- it goes on no sheet up to this instant: so long the answer may be taken to the township
    waits_until bigint,
    primary key (book_id, award_id),
    foreign key (book_id, award_id) references award (book_id, id),
    foreign key (book_id, replaces) references award (book_id, id),
    foreign key (book_id, objection_id) references objection (book_id, id)
);
create unique index amendment_once on amendment (book_id, replaces);
create index amendment_appeal on amendment (book_id, appeal_id) where appeal_id is not null;
create trigger amendment_no_update before update on amendment for each row execute function append_only();
create trigger amendment_no_delete before delete on amendment for each row execute function append_only();
create trigger amendment_no_truncate before truncate on amendment for each statement execute function append_only();

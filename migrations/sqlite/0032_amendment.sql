-- An award that was found right only in part stands again with less, and one that the township found right after all
-- stands again whole: a sheet that hung is never changed, so it stands again as an award of its own, on a sheet of its
-- own.

create table amendment (
    book_id blob not null,
    -- the award that stands again
    award_id blob not null,
    -- the one in whose place it stands, once
    replaces blob not null,
    objection_id blob not null,
    -- absent: it is the village's answer; else the township's final word
    appeal_id blob,
    made_at integer not null,
    made_by text not null,
    -- it goes on no sheet up to this instant: so long the answer may be taken to the township
    waits_until integer,
    primary key (book_id, award_id),
    foreign key (book_id, award_id) references award (book_id, id),
    foreign key (book_id, replaces) references award (book_id, id),
    foreign key (book_id, objection_id) references objection (book_id, id)
) strict;
create unique index amendment_once on amendment (book_id, replaces);
create index amendment_appeal on amendment (book_id, appeal_id) where appeal_id is not null;
create trigger amendment_no_update before update on amendment begin select raise(abort, 'append-only: update refused'); end;
create trigger amendment_no_delete before delete on amendment begin select raise(abort, 'append-only: delete refused'); end;

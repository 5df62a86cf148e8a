-- The photo of goods that are written off. Its digest is on the paper, and from there in the ledger; the bytes can be
-- erased, and nothing else can change.

alter table stock_paper add column photo blob;

create table stock_photo (
    book_id blob not null,
    paper_id blob not null,
    size integer not null,
    added_at integer not null,
    erased_at integer,
    bytes blob,
    check ((erased_at is null) = (bytes is not null)),
    primary key (book_id, paper_id),
    foreign key (book_id, paper_id) references stock_paper (book_id, id)
) strict;
create index stock_photo_added on stock_photo (book_id, added_at);

create trigger stock_paper_photo_stays before update on stock_paper
when new.photo is distinct from old.photo and (old.photo is not null or old.decided_at is not null)
begin select raise(abort, 'append-only: update refused'); end;
create trigger stock_photo_no_delete before delete on stock_photo begin select raise(abort, 'append-only: delete refused'); end;
create trigger stock_photo_erase_only before update on stock_photo
when new.bytes is not null or new.paper_id <> old.paper_id or new.size <> old.size or new.added_at <> old.added_at
begin select raise(abort, 'append-only: update refused'); end;

-- The photo of goods that are written off. Its digest is on the paper, and from there in the ledger; the bytes can be
-- erased, and nothing else can change.

alter table stock_paper add column photo bytea;

create table stock_photo (
    book_id uuid not null,
    paper_id uuid not null,
    size bigint not null,
    added_at bigint not null,
    erased_at bigint,
    bytes bytea,
    check ((erased_at is null) = (bytes is not null)),
    primary key (book_id, paper_id),
    foreign key (book_id, paper_id) references stock_paper (book_id, id)
);
create index stock_photo_added on stock_photo (book_id, added_at);

create trigger stock_paper_photo_stays before update on stock_paper for each row
    when (new.photo is distinct from old.photo and (old.photo is not null or old.decided_at is not null))
    execute function append_only();
create trigger stock_photo_no_delete before delete on stock_photo for each row execute function append_only();
create trigger stock_photo_erase_only before update on stock_photo for each row
    when (new.bytes is not null or new.paper_id <> old.paper_id or new.size <> old.size or new.added_at <> old.added_at)
    execute function append_only();

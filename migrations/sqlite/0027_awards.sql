-- From when to when something was done, where an item counts hours: the same hours are paid once.
create table award_hours (
    book_id blob not null,
    award_id blob not null,
    -- minutes of the day; the last is the first that no longer counts
    from_minute integer not null check (from_minute >= 0),
    to_minute integer not null check (to_minute > from_minute and to_minute <= 1440),
    primary key (book_id, award_id),
    foreign key (book_id, award_id) references award (book_id, id)
) strict, without rowid;

-- Matters: whether whoever reported one mended it too, with the award for that; whether what was not so was said in bad
-- faith.
alter table matter add column mended integer not null default 0 check (mended in (0, 1));
alter table matter add column mended_award_id blob;
alter table matter add column malicious integer not null default 0 check (malicious in (0, 1));
create index matter_mended_award on matter (book_id, mended_award_id);

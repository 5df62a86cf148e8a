-- What has its day: holds, of which the few that nothing resolved are released when theirs is over, and credits that
-- lapse. Both, and the closings of periods, are found in the log itself; a row that is none of them costs nothing.

create index txn_holds on txn (book_id, seq) where kind = 'hold';
create index txn_closings on txn (book_id, seq) where kind = 'period_close';
create index entry_lapses on entry (book_id, expires_on, account_id) where expires_on is not null;

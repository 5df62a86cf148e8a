-- What the log says more of: refusals are chained one to the other, and an award knows what of it was moved.

-- The head of the chain of the book's refusals, and how many are in it.
alter table book add column refusals integer not null default 0 check (refusals >= 0);
alter table book add column refusal_chain blob;

-- Absent for refusals from before there was a chain.
alter table refusal add column ordinal integer;
alter table refusal add column chain blob;
create unique index refusal_ordinal on refusal (book_id, ordinal);

-- Honour points that the ledger moved for a posted award: less than `honor` where a deduction met the floor.
alter table award add column honor_moved integer;
update award set honor_moved = (select coalesce(-sum(e.quantity), 0) from entry as e
    join account as a on a.book_id = e.book_id and a.account_id = e.account_id
    where e.book_id = award.book_id and e.seq = award.txn_seq and a.commodity = 'HONOR'
    and a.path like 'Liabilities:Households:%')
    where txn_seq is not null;
-- A deduction that found nothing to take was called posted and stood nowhere in the log: its turn comes again.
update award set state = 'in_notice' where state = 'posted' and txn_seq is null;

-- A correction says less than what it puts right, and what it puts right still counts against caps: the request of the
-- reversal names the transaction that stands in its place.

alter table reversal add column correction_seq bigint;
create index reversal_corrected on reversal (book_id, seq) where correction_seq is not null;

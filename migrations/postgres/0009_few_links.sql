-- Few transactions undo or resolve another. Indexes of those few are small, cost the others nothing, and cannot be
-- taken by a plan for a way to the whole book.

alter table txn drop constraint txn_book_id_reverses_seq_key;
alter table txn drop constraint txn_book_id_resolves_seq_key;
create unique index txn_reverses on txn (book_id, reverses_seq) where reverses_seq is not null;
create unique index txn_resolves on txn (book_id, resolves_seq) where resolves_seq is not null;

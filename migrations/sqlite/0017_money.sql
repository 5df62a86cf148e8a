-- Where the money behind the points comes from, and what was received of it. The money itself is the ledger's: a receipt
-- is a paper that one person wrote and another confirmed.

alter table fund add column kind text not null default 'other';
alter table fund add column payer text not null default '';
alter table fund add column document text not null default '';
alter table fund add column purpose text not null default '';
-- whether what a year left of the budget stays for the next
alter table fund add column carries_over integer not null default 1 check (carries_over in (0, 1));

create table money_receipt (
    book_id blob not null,
    id blob not null,
    no integer not null,
    fund_id blob not null,
    fen integer not null check (fen > 0),
    payer text not null,
    document text not null,
    purpose text not null,
    received_on integer not null,
    state text not null,
    recorded_at integer not null,
    recorded_by text not null,
    decided_at integer,
    decided_by text,
    reason text not null,
    -- its posting
    seq integer,
    -- the number on the paper a donor gets: drawn with the posting, so without gaps
    receipt_no integer,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, seq),
    unique (book_id, receipt_no),
    foreign key (book_id, fund_id) references fund (book_id, id)
) strict, without rowid;

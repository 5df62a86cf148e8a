-- Where the money behind the points comes from, and what was received of it. The money itself is the ledger's: a receipt
-- is a paper that one person wrote and another confirmed.

alter table fund add column kind text not null default 'other';
alter table fund add column payer text not null default '';
alter table fund add column document text not null default '';
alter table fund add column purpose text not null default '';
-- whether what a year left of the budget stays for the next
alter table fund add column carries_over boolean not null default true;

create table money_receipt (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    fund_id uuid not null,
    fen bigint not null check (fen > 0),
    payer text not null,
    document text not null,
    purpose text not null,
    received_on integer not null,
    state text not null,
    recorded_at bigint not null,
    recorded_by text not null,
    decided_at bigint,
    decided_by text,
    reason text not null,
    -- its posting
    seq bigint,
    -- the number on the paper a donor gets: drawn with the posting, so without gaps
    receipt_no bigint,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, seq),
    unique (book_id, receipt_no),
    foreign key (book_id, fund_id) references fund (book_id, id)
);

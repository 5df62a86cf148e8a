-- Stock papers: what comes in, goes to another counter, is written off or counted, drawn up by one person and agreed to
-- by another; the batches goods lie in, and from how few pieces on a shelf counts as low.

create table stock_paper (
    book_id uuid not null,
    id uuid not null,
    -- consecutive over all kinds
    no bigint not null,
    kind text not null check (kind in ('receipt', 'transfer', 'loss', 'count')),
    counter_id uuid not null,
    -- where a transfer goes
    to_counter_id uuid,
    -- the source a receipt counts against
    fund text,
    -- who gave the goods; empty = bought with the fund's money
    donor text not null,
    -- the household of the village that gave them: its name goes with its last person
    donor_household_id uuid,
    -- why goods are written off
    reason text check (reason in ('expired', 'damaged', 'spoiled', 'missing', 'sent_back', 'other')),
    note text not null,
    state text not null check (state in ('counting', 'drawn_up', 'posted', 'refused', 'withdrawn')),
    drawn_at bigint not null,
    drawn_by text not null,
    decided_at bigint,
    decided_by text,
    words text,
    txn_seq bigint,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, counter_id) references counter (book_id, id),
    foreign key (book_id, to_counter_id) references counter (book_id, id),
    foreign key (book_id, donor_household_id) references household (book_id, id)
);
create index stock_paper_state on stock_paper (book_id, state, no);
create index stock_paper_counter on stock_paper (book_id, counter_id, state);
create index stock_paper_seq on stock_paper (book_id, txn_seq) where txn_seq is not null;
create index stock_paper_donor on stock_paper (book_id, donor_household_id) where donor_household_id is not null;

create table stock_line (
    book_id uuid not null,
    paper_id uuid not null,
    -- of a count, the number of the article
    line integer not null,
    sku bigint not null,
    -- moved; of a count, found on the shelf
    pieces bigint not null check (pieces >= 0),
    -- of a receipt: what came with it, and what one piece cost
    last_day integer,
    label text not null,
    cost_fen bigint check (cost_fen >= 0),
    -- the batch named, or the one a receipt became
    batch bigint,
    -- of a count: the last transaction before it was counted
    counted_seq bigint,
    -- what the second person's agreement found: pieces by the book when they were counted, cost of a piece before and after
    book_pieces bigint,
    cost_was bigint,
    cost_now bigint,
    primary key (book_id, paper_id, line),
    foreign key (book_id, paper_id) references stock_paper (book_id, id),
    foreign key (book_id, sku) references goods (book_id, sku)
);

create table stock_batch (
    book_id uuid not null,
    no bigint not null,
    sku bigint not null,
    paper_id uuid not null,
    label text not null,
    last_day integer,
    cost_fen bigint not null,
    pieces bigint not null,
    primary key (book_id, no),
    foreign key (book_id, paper_id) references stock_paper (book_id, id)
);

-- Batches on a shelf as the last stock paper left them. What was redeemed since went in turn.
create table stock_lot (
    book_id uuid not null,
    counter_id uuid not null,
    sku bigint not null,
    -- 0 = not of a batch
    batch bigint not null,
    last_day integer,
    came bigint not null,
    left_over bigint not null check (left_over between 0 and came),
    primary key (book_id, counter_id, sku, batch),
    foreign key (book_id, counter_id) references counter (book_id, id)
);
create index stock_lot_last_day on stock_lot (book_id, last_day) where left_over > 0;

create table stock_floor (
    book_id uuid not null,
    counter_id uuid not null,
    sku bigint not null,
    pieces bigint not null check (pieces > 0),
    primary key (book_id, counter_id, sku),
    foreign key (book_id, counter_id) references counter (book_id, id),
    foreign key (book_id, sku) references goods (book_id, sku)
);

-- What is on a paper stays, and so does what became of it; what speaks of people may only go, whole. A line is counted
-- until it is posted.
create trigger stock_paper_erase_only before update on stock_paper for each row
    when (new.id <> old.id or new.no <> old.no or new.kind <> old.kind or new.counter_id <> old.counter_id
        or new.to_counter_id is distinct from old.to_counter_id or new.fund is distinct from old.fund
        or new.donor_household_id is distinct from old.donor_household_id or new.reason is distinct from old.reason
        or new.drawn_at <> old.drawn_at or new.drawn_by <> old.drawn_by
        or new.donor not in ('—', old.donor) or new.note not in ('', old.note)
        or (old.decided_at is not null and (new.state <> old.state or new.decided_at is distinct from old.decided_at
            or new.decided_by is distinct from old.decided_by or new.txn_seq is distinct from old.txn_seq
            or new.words is null or new.words not in ('', old.words))))
    execute function append_only();
create trigger stock_line_stays before update on stock_line for each row
    when (old.cost_now is not null or new.paper_id <> old.paper_id or new.line <> old.line or new.sku <> old.sku
        or new.last_day is distinct from old.last_day or new.label <> old.label
        or new.cost_fen is distinct from old.cost_fen or (old.counted_seq is null and new.pieces <> old.pieces))
    execute function append_only();
create trigger stock_batch_no_update before update on stock_batch for each row execute function append_only();

do $$
declare t text;
begin
    foreach t in array array['stock_paper', 'stock_line', 'stock_batch', 'stock_lot']
    loop
        execute format('create trigger %I before delete on %I for each row execute function append_only()',
            t || '_no_delete', t);
        execute format('create trigger %I before truncate on %I for each statement execute function append_only()',
            t || '_no_truncate', t);
    end loop;
end $$;

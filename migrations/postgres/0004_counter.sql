-- The love supermarket: counters, goods, prices and redemptions.

create table counter (
    book_id uuid not null,
    id uuid not null,
    -- part of account paths: ASCII, never changes
    code text not null,
    name text not null,
    name_en text not null,
    state text not null check (state in ('open', 'closed')),
    primary key (book_id, id),
    unique (book_id, code),
    foreign key (book_id) references book (book_id)
);

-- Which counters a shopkeeper stands at.
create table counter_keeper (
    book_id uuid not null,
    counter_id uuid not null,
    user_id uuid not null,
    primary key (book_id, counter_id, user_id),
    foreign key (book_id, counter_id) references counter (book_id, id)
);

create table goods (
    book_id uuid not null,
    sku bigint not null check (sku between 1 and 999999),
    name text not null,
    name_en text not null,
    unit text not null,
    unit_en text not null,
    category text not null,
    -- services have no stock
    kind text not null check (kind in ('goods', 'service')),
    barcode text,
    pinyin text not null,
    initials text not null,
    -- pieces a household may take in a period; absent = no limit
    quota bigint,
    quota_period text check (quota_period in ('day', 'month', 'quarter', 'year')),
    -- the price in force (minor points) and the unit cost in fen; history is in goods_price
    price bigint not null check (price > 0),
    cost_fen bigint not null check (cost_fen >= 0),
    price_version integer not null,
    state text not null check (state in ('on_sale', 'withdrawn')),
    primary key (book_id, sku),
    foreign key (book_id) references book (book_id)
);

create table goods_price (
    book_id uuid not null,
    sku bigint not null,
    version integer not null,
    price bigint not null,
    cost_fen bigint not null,
    set_at bigint not null,
    set_by text not null,
    primary key (book_id, sku, version),
    foreign key (book_id, sku) references goods (book_id, sku)
);

create table redemption (
    book_id uuid not null,
    id uuid not null,
    -- consecutive, without gaps: the receipt number
    no bigint not null,
    counter_id uuid not null,
    household_id uuid not null,
    -- how the household was known: 'phone', 'card', 'card_pin'
    credential text not null check (credential in ('phone', 'card', 'card_pin')),
    card_id uuid,
    -- SHA-256 of the phone code, which works once
    code_digest bytea,
    cashier text not null,
    placed_at bigint not null,
    points bigint not null,
    cost_fen bigint not null,
    available_before bigint not null,
    available_after bigint not null,
    txn_seq bigint not null,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, code_digest),
    foreign key (book_id, counter_id) references counter (book_id, id),
    foreign key (book_id, household_id) references household (book_id, id)
);
create index redemption_counter on redemption (book_id, counter_id, placed_at);
create index redemption_household on redemption (book_id, household_id, placed_at);
create index redemption_seq on redemption (book_id, txn_seq);

create table redemption_line (
    book_id uuid not null,
    redemption_id uuid not null,
    line integer not null,
    sku bigint not null,
    name text not null,
    unit text not null,
    quantity bigint not null check (quantity > 0),
    price bigint not null,
    points bigint not null,
    cost_fen bigint not null,
    primary key (book_id, redemption_id, line),
    foreign key (book_id, redemption_id) references redemption (book_id, id)
);

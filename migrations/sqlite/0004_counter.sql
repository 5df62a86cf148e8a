-- The love supermarket: counters, goods, prices and redemptions.

create table counter (
    book_id blob not null,
    id blob not null,
    -- part of account paths: ASCII, never changes
    code text not null,
    name text not null,
    name_en text not null,
    state text not null check (state in ('open', 'closed')),
    primary key (book_id, id),
    unique (book_id, code),
    foreign key (book_id) references book (book_id)
) strict;

-- Which counters a shopkeeper stands at.
create table counter_keeper (
    book_id blob not null,
    counter_id blob not null,
    user_id blob not null,
    primary key (book_id, counter_id, user_id),
    foreign key (book_id, counter_id) references counter (book_id, id)
) strict;

create table goods (
    book_id blob not null,
    sku integer not null check (sku between 1 and 999999),
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
    quota integer,
    quota_period text check (quota_period in ('day', 'month', 'quarter', 'year')),
    -- the price in force (minor points) and the unit cost in fen; history is in goods_price
    price integer not null check (price > 0),
    cost_fen integer not null check (cost_fen >= 0),
    price_version integer not null,
    state text not null check (state in ('on_sale', 'withdrawn')),
    primary key (book_id, sku),
    foreign key (book_id) references book (book_id)
) strict;

create table goods_price (
    book_id blob not null,
    sku integer not null,
    version integer not null,
    price integer not null,
    cost_fen integer not null,
    set_at integer not null,
    set_by text not null,
    primary key (book_id, sku, version),
    foreign key (book_id, sku) references goods (book_id, sku)
) strict, without rowid;

create table redemption (
    book_id blob not null,
    id blob not null,
    -- consecutive, without gaps: the receipt number
    no integer not null,
    counter_id blob not null,
    household_id blob not null,
    -- how the household was known: 'phone', 'card', 'card_pin'
    credential text not null check (credential in ('phone', 'card', 'card_pin')),
    card_id blob,
    -- SHA-256 of the phone code, which works once
    code_digest blob,
    cashier text not null,
    placed_at integer not null,
    points integer not null,
    cost_fen integer not null,
    available_before integer not null,
    available_after integer not null,
    txn_seq integer not null,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, code_digest),
    foreign key (book_id, counter_id) references counter (book_id, id),
    foreign key (book_id, household_id) references household (book_id, id)
) strict;
create index redemption_counter on redemption (book_id, counter_id, placed_at);
create index redemption_household on redemption (book_id, household_id, placed_at);
create index redemption_seq on redemption (book_id, txn_seq);

create table redemption_line (
    book_id blob not null,
    redemption_id blob not null,
    line integer not null,
    sku integer not null,
    name text not null,
    unit text not null,
    quantity integer not null check (quantity > 0),
    price integer not null,
    points integer not null,
    cost_fen integer not null,
    primary key (book_id, redemption_id, line),
    foreign key (book_id, redemption_id) references redemption (book_id, id)
) strict, without rowid;

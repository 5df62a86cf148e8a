-- Selling without network: points and goods that a device has in hand, every entry it sent, and what people decided about
-- those that could not be taken.

create table offline_round (
    book_id blob not null,
    id blob not null,
    -- the client's key: made ready once
    key text not null,
    counter_id blob not null,
    device_name text not null,
    -- an uncompressed point of P-256
    device_key blob not null,
    readied_at integer not null,
    readied_by text not null,
    -- above this a PIN is asked for, which needs the server
    sale_max integer not null,
    state text not null check (state in ('open', 'closed', 'stopped', 'lost')),
    -- the number that the next entry must have, and the digest that it must name
    next_no integer not null,
    head blob not null,
    -- counts what was sent, so that two at once are told apart
    turn integer not null,
    -- the posting that keeps its goods aside now
    goods_seq integer,
    synced_at integer,
    -- why it was stopped
    fault text,
    -- said to be lost, which a second person decides
    missing_at integer,
    missing_by text,
    missing_reason text,
    ended_at integer,
    ended_by text,
    primary key (book_id, id),
    unique (book_id, key),
    foreign key (book_id, counter_id) references counter (book_id, id)
) strict;
create index offline_round_counter on offline_round (book_id, counter_id, readied_at);
create index offline_round_state on offline_round (book_id, state, readied_at);

create table offline_allowance (
    book_id blob not null,
    round_id blob not null,
    household_id blob not null,
    card_id blob not null,
    -- what stands on the device for the QR and for the number of the card
    qr_mark blob not null,
    number_mark blob not null,
    points integer not null check (points > 0),
    remaining integer not null check (remaining >= 0),
    -- what it is counted against
    meter text not null,
    -- the posting that keeps the points aside now
    hold_seq integer,
    primary key (book_id, round_id, household_id),
    foreign key (book_id, round_id) references offline_round (book_id, id),
    foreign key (book_id, household_id) references household (book_id, id)
) strict, without rowid;
create index offline_allowance_household on offline_allowance (book_id, household_id, hold_seq);

create table offline_goods (
    book_id blob not null,
    round_id blob not null,
    sku integer not null,
    -- nothing of a service lies on a shelf
    pieces integer,
    remaining integer,
    price integer not null,
    primary key (book_id, round_id, sku),
    foreign key (book_id, round_id) references offline_round (book_id, id)
) strict, without rowid;

create table offline_entry (
    book_id blob not null,
    round_id blob not null,
    number integer not null,
    digest blob not null,
    -- as it was signed
    content text not null,
    signature blob not null,
    received_at integer not null,
    received_by text not null,
    -- whose card it was, if that was known
    household_id blob,
    -- sold, or why people decide
    outcome text not null,
    -- what people should know of it, separated by spaces
    flags text not null,
    -- the redemption that it became
    redemption_id blob,
    -- the posting of the sale, or the one that sets its pieces apart
    txn_seq integer,
    primary key (book_id, round_id, number),
    foreign key (book_id, round_id) references offline_round (book_id, id)
) strict, without rowid;
create index offline_entry_redemption on offline_entry (book_id, redemption_id);
create index offline_entry_flagged on offline_entry (book_id, received_at) where flags <> '';

create table offline_conflict (
    book_id blob not null,
    round_id blob not null,
    number integer not null,
    received_at integer not null,
    decision text check (decision in ('posted', 'back', 'loss')),
    decided_at integer,
    decided_by text,
    txn_seq integer,
    primary key (book_id, round_id, number),
    foreign key (book_id, round_id, number) references offline_entry (book_id, round_id, number)
) strict, without rowid;
create index offline_conflict_open on offline_conflict (book_id, decision, received_at);

-- What a device sent stays as it was signed.
create trigger offline_entry_no_update before update on offline_entry begin select raise(abort, 'append-only: update refused'); end;
create trigger offline_entry_no_delete before delete on offline_entry begin select raise(abort, 'append-only: delete refused'); end;

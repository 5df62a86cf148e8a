-- Places, people, cards and sign-ins. Small tables that every village shares (org, programme, login …) stand
-- beside the tables of one book, which carry book_id first.

create table org (
    id blob not null primary key,
    parent_id blob references org (id),
    kind text not null,
    -- which of the two label sets its people use
    labels text not null check (labels in ('rural', 'urban')),
    name text not null,
    position integer not null,
    opened_on integer not null,
    closed_on integer
) strict;

-- The 12-digit division code is a dated attribute, never a key: codes change when places merge.
create table org_code (
    org_id blob not null references org (id),
    code_system text not null,
    code text not null,
    valid_from integer not null,
    valid_to integer,
    primary key (org_id, code_system, valid_from)
) strict;

-- One points programme of one village: the name under which a book is found.
create table programme (
    book_id blob not null primary key,
    org_id blob not null references org (id),
    -- the short number people type when they sign in without a phone
    no integer not null unique,
    name text not null,
    name_en text not null,
    opened_on integer not null,
    demo integer not null check (demo in (0, 1))
) strict;

create table household (
    book_id blob not null,
    id blob not null,
    no text not null,
    -- its household group (联户)
    org_id blob not null references org (id),
    -- its group (村民小组), kept so that notices and quotas need no walk up the tree
    group_id blob not null references org (id),
    -- pending, active, frozen:<reason>, closed
    state text not null,
    -- the number inside a phone code; says nothing about the household
    credential_no integer not null,
    address text not null,
    opened_on integer not null,
    closed_on integer,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, credential_no),
    foreign key (book_id) references book (book_id)
) strict;

create table household_pin (
    book_id blob not null,
    household_id blob not null,
    pin_hash text not null,
    -- wrong tries in a row; three block the PIN until it is set anew
    wrong integer not null check (wrong >= 0),
    set_at integer not null,
    primary key (book_id, household_id),
    foreign key (book_id, household_id) references household (book_id, id)
) strict;

create table person (
    book_id blob not null,
    id blob not null,
    no text not null,
    name text not null,
    -- folded search keys, because the two engines fold text differently
    pinyin text not null,
    initials text not null,
    birth_year integer,
    phone text,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id) references book (book_id)
) strict;

-- Membership is dated: an act counts for the household the person belonged to on that day.
create table membership (
    book_id blob not null,
    person_id blob not null,
    from_on integer not null,
    to_on integer,
    household_id blob not null,
    relation text not null,
    primary key (book_id, person_id, from_on),
    foreign key (book_id, person_id) references person (book_id, id),
    foreign key (book_id, household_id) references household (book_id, id)
) strict;
create index membership_household on membership (book_id, household_id);

-- Close kin, the relation only: for recusal.
create table kin (
    book_id blob not null,
    person_id blob not null,
    other_id blob not null,
    relation text not null,
    primary key (book_id, person_id, other_id),
    foreign key (book_id, person_id) references person (book_id, id),
    foreign key (book_id, other_id) references person (book_id, id)
) strict;

create table card (
    book_id blob not null,
    id blob not null,
    household_id blob not null,
    -- 10 digits with a check digit, for typing
    card_no text not null,
    -- only the digest of what the QR says: a copy of this database prints no cards
    token_digest blob not null,
    state text not null check (state in ('active', 'revoked')),
    issued_at integer not null,
    issued_by text not null,
    revoked_at integer,
    revoked_reason text,
    primary key (book_id, id),
    unique (book_id, card_no),
    unique (book_id, token_digest),
    foreign key (book_id, household_id) references household (book_id, id)
) strict;
create index card_household on card (book_id, household_id);

create table login (
    id blob not null primary key,
    login_name text not null unique,
    display_name text not null,
    password_hash text not null,
    -- sealed with the installation's key; absent until the second factor is set up
    totp_secret blob,
    -- the last time step a code was taken for, so that a code works once
    totp_step integer not null,
    -- 'temporary': the password was set by somebody else and must be changed at the next sign-in
    state text not null check (state in ('active', 'temporary', 'disabled')),
    created_at integer not null
) strict;

create table login_grant (
    id blob not null primary key,
    user_id blob not null references login (id),
    role text not null,
    org_id blob not null references org (id),
    granted_at integer not null,
    granted_by text not null,
    revoked_at integer
) strict;
create index login_grant_user on login_grant (user_id);

-- Who of the village a user is, so that nobody acts on their own household or kin.
create table login_person (
    book_id blob not null,
    user_id blob not null,
    person_id blob not null,
    primary key (book_id, user_id),
    foreign key (book_id, person_id) references person (book_id, id)
) strict;

create table session (
    -- digest of the cookie's secret
    digest blob not null primary key,
    id blob not null unique,
    user_id blob references login (id),
    book_id blob,
    household_id blob,
    stage text not null check (stage in ('password', 'full')),
    csrf text not null,
    created_at integer not null,
    seen_at integer not null,
    expires_at integer not null,
    revoked_at integer
) strict;
create index session_of_user on session (user_id);

create table throttle (
    subject text not null primary key,
    failures integer not null,
    -- the last failure: waiting counts from here
    failed_at integer not null
) strict;

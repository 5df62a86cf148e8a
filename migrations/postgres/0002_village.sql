-- Places, people, cards and sign-ins. Small tables that every village shares (org, programme, login …) stand
-- beside the tables of one book, which carry book_id first.

create table org (
    id uuid not null primary key,
    parent_id uuid references org (id),
    kind text not null,
    -- which of the two label sets its people use
    labels text not null check (labels in ('rural', 'urban')),
    name text not null,
    position integer not null,
    opened_on integer not null,
    closed_on integer
);

-- The 12-digit division code is a dated attribute, never a key: codes change when places merge.
create table org_code (
    org_id uuid not null references org (id),
    code_system text not null,
    code text not null,
    valid_from integer not null,
    valid_to integer,
    primary key (org_id, code_system, valid_from)
);

-- One points programme of one village: the name under which a book is found.
create table programme (
    book_id uuid not null primary key,
    org_id uuid not null references org (id),
    -- the short number people type when they sign in without a phone
    no bigint not null unique,
    name text not null,
    name_en text not null,
    opened_on integer not null,
    demo boolean not null
);

create table household (
    book_id uuid not null,
    id uuid not null,
    no text not null,
    -- its household group (联户)
    org_id uuid not null references org (id),
    -- its group (村民小组), kept so that notices and quotas need no walk up the tree
    group_id uuid not null references org (id),
    -- pending, active, frozen:<reason>, closed
    state text not null,
    -- the number inside a phone code; says nothing about the household
    credential_no bigint not null,
    address text not null,
    opened_on integer not null,
    closed_on integer,
    primary key (book_id, id),
    unique (book_id, no),
    unique (book_id, credential_no),
    foreign key (book_id) references book (book_id)
);

create table household_pin (
    book_id uuid not null,
    household_id uuid not null,
    pin_hash text not null,
    -- wrong tries in a row; three block the PIN until it is set anew
    wrong integer not null check (wrong >= 0),
    set_at bigint not null,
    primary key (book_id, household_id),
    foreign key (book_id, household_id) references household (book_id, id)
);

create table person (
    book_id uuid not null,
    id uuid not null,
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
);

-- Membership is dated: an act counts for the household the person belonged to on that day.
create table membership (
    book_id uuid not null,
    person_id uuid not null,
    from_on integer not null,
    to_on integer,
    household_id uuid not null,
    relation text not null,
    primary key (book_id, person_id, from_on),
    foreign key (book_id, person_id) references person (book_id, id),
    foreign key (book_id, household_id) references household (book_id, id)
);
create index membership_household on membership (book_id, household_id);

-- Close kin, the relation only: for recusal.
create table kin (
    book_id uuid not null,
    person_id uuid not null,
    other_id uuid not null,
    relation text not null,
    primary key (book_id, person_id, other_id),
    foreign key (book_id, person_id) references person (book_id, id),
    foreign key (book_id, other_id) references person (book_id, id)
);

create table card (
    book_id uuid not null,
    id uuid not null,
    household_id uuid not null,
    -- 10 digits with a check digit, for typing
    card_no text not null,
    -- only the digest of what the QR says: a copy of this database prints no cards
    token_digest bytea not null,
    state text not null check (state in ('active', 'revoked')),
    issued_at bigint not null,
    issued_by text not null,
    revoked_at bigint,
    revoked_reason text,
    primary key (book_id, id),
    unique (book_id, card_no),
    unique (book_id, token_digest),
    foreign key (book_id, household_id) references household (book_id, id)
);
create index card_household on card (book_id, household_id);

create table login (
    id uuid not null primary key,
    login_name text not null unique,
    display_name text not null,
    password_hash text not null,
    -- sealed with the installation's key; absent until the second factor is set up
    totp_secret bytea,
    -- the last time step a code was taken for, so that a code works once
    totp_step bigint not null,
    -- 'temporary': the password was set by somebody else and must be changed at the next sign-in
    state text not null check (state in ('active', 'temporary', 'disabled')),
    created_at bigint not null
);

create table login_grant (
    id uuid not null primary key,
    user_id uuid not null references login (id),
    role text not null,
    org_id uuid not null references org (id),
    granted_at bigint not null,
    granted_by text not null,
    revoked_at bigint
);
create index login_grant_user on login_grant (user_id);

-- Who of the village a user is, so that nobody acts on their own household or kin.
create table login_person (
    book_id uuid not null,
    user_id uuid not null,
    person_id uuid not null,
    primary key (book_id, user_id),
    foreign key (book_id, person_id) references person (book_id, id)
);

create table session (
    -- digest of the cookie's secret
    digest bytea not null primary key,
    id uuid not null unique,
    user_id uuid references login (id),
    book_id uuid,
    household_id uuid,
    stage text not null check (stage in ('password', 'full')),
    csrf text not null,
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint
);
create index session_of_user on session (user_id);

create table throttle (
    subject text not null primary key,
    failures bigint not null,
    -- the last failure: waiting counts from here
    failed_at bigint not null
);

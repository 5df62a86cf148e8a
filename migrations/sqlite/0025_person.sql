-- One person, one login of a book. What was stated of a login is kept with who stated it and when; a statement that is
-- replaced ends, and still tells that two logins were one person. Where one person had several logins, the login made
-- first keeps the person (the account's own date, then its id: the links had no date); the link of the others ends here,
-- and their acts still count as that person's.
create table login_person_next (
    book_id blob not null,
    user_id blob not null,
    -- 1, 2, 3 … per login
    ordinal integer not null,
    -- absent: whoever signs in lives in no household of this village
    person_id blob,
    state text not null check (state in ('holds', 'ended')),
    -- absent: stated before statements were dated
    stated_at integer,
    stated_by text not null,
    -- absent while it holds, and where it ended with this migration
    ended_at integer,
    ended_by text,
    primary key (book_id, user_id, ordinal),
    foreign key (book_id, person_id) references person (book_id, id)
) strict, without rowid;

insert into login_person_next (book_id, user_id, ordinal, person_id, state, stated_by)
select p.book_id, p.user_id, 1, p.person_id, case when row_number() over (partition by p.book_id, p.person_id
    order by coalesce(l.created_at, 9223372036854775807), p.user_id) = 1 then 'holds' else 'ended' end, ''
    from login_person as p left join login as l on l.id = p.user_id;
drop table login_person;
alter table login_person_next rename to login_person;
create unique index login_person_one_person on login_person (book_id, user_id) where state = 'holds';
create unique index login_person_one_login on login_person (book_id, person_id) where state = 'holds';
create index login_person_ever on login_person (book_id, person_id);
-- What was stated may only end.
create trigger login_person_end_only before update on login_person
when old.state <> 'holds' or new.state <> 'ended' or new.book_id <> old.book_id or new.user_id <> old.user_id
    or new.ordinal <> old.ordinal or new.person_id is not old.person_id or new.stated_at is not old.stated_at
    or new.stated_by <> old.stated_by
begin select raise(abort, 'append-only: update refused'); end;
create trigger login_person_no_delete before delete on login_person begin select raise(abort, 'append-only: delete refused'); end;

-- Roles given before anybody had to say who a login is: they go on working, and are listed until it is said.
alter table login_grant add column undeclared integer not null default 0;
update login_grant set undeclared = 1;
create index login_grant_org on login_grant (org_id);

-- Kinship is written down with who and when, and taken back with a date, never deleted.
create table kin_next (
    book_id blob not null,
    person_id blob not null,
    other_id blob not null,
    -- 1, 2, 3 … per pair: it may be written down again
    ordinal integer not null,
    relation text not null,
    -- absent: written down before ties were dated
    entered_at integer,
    entered_by text not null,
    -- the first day on which it bars nobody; days before still see it
    until_on integer,
    withdrawn_at integer,
    withdrawn_by text,
    primary key (book_id, person_id, other_id, ordinal),
    foreign key (book_id, person_id) references person (book_id, id),
    foreign key (book_id, other_id) references person (book_id, id)
) strict, without rowid;

insert into kin_next (book_id, person_id, other_id, ordinal, relation, entered_by)
select book_id, person_id, other_id, 1, relation, '' from kin;
drop table kin;
alter table kin_next rename to kin;
create unique index kin_in_force on kin (book_id, person_id, other_id) where until_on is null;
create index kin_other on kin (book_id, other_id);
create trigger kin_end_only before update on kin
when old.until_on is not null or new.until_on is null or new.book_id <> old.book_id or new.person_id <> old.person_id
    or new.other_id <> old.other_id or new.ordinal <> old.ordinal or new.relation <> old.relation
    or new.entered_at is not old.entered_at or new.entered_by <> old.entered_by
begin select raise(abort, 'append-only: update refused'); end;
create trigger kin_no_delete before delete on kin begin select raise(abort, 'append-only: delete refused'); end;

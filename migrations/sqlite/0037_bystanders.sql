-- Who stands at the counter beside what was shown: a witness where nothing could be shown, a second person where the goods
-- go to the shopkeeper's own household or kin, a helper who fetches for others. And whoever brings the cards of many.

-- the register of redemptions learns two more ways to be known; the column is put in place of the old one
drop trigger redemption_no_update;
alter table redemption rename column credential to known_before;
alter table redemption add column credential text not null default 'card'
    check (credential in ('phone', 'card', 'card_pin', 'pickup', 'witness', 'helper'));
update redemption set credential = known_before;
alter table redemption drop column known_before;
create trigger redemption_no_update before update on redemption begin select raise(abort, 'append-only: update refused'); end;

-- Helpers (代办人): people of other households whom a household lets redeem for it, up to so much a day, until it ends that.
create table helper (
    book_id blob not null,
    id blob not null,
    no integer not null,
    household_id blob not null,
    person_id blob not null,
    -- the most the helper may take in one day, in hundredths of a point
    day_max integer not null check (day_max > 0),
    state text not null check (state in ('active', 'ended')),
    registered_at integer not null,
    registered_by text not null,
    ended_at integer,
    ended_by text,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, household_id) references household (book_id, id),
    foreign key (book_id, person_id) references person (book_id, id)
) strict;
create index helper_household on helper (book_id, household_id, state);
create index helper_person on helper (book_id, person_id, state);

-- What was agreed stays as it was; it ends once.
create trigger helper_ends_once before update on helper
when old.state <> 'active' or new.state <> 'ended' or new.ended_at is null or new.ended_by is null or new.id <> old.id
    or new.no <> old.no or new.household_id <> old.household_id or new.person_id <> old.person_id
    or new.day_max <> old.day_max or new.registered_at <> old.registered_at or new.registered_by <> old.registered_by
begin select raise(abort, 'append-only: update refused'); end;
create trigger helper_no_delete before delete on helper begin select raise(abort, 'append-only: delete refused'); end;

create table redemption_bystander (
    book_id blob not null,
    redemption_id blob not null,
    household_id blob not null,
    -- what the other person was there for; absent when only the bearer was there before
    part text check (part in ('witness', 'second', 'helper')),
    -- the login or the household that vouched with code or PIN
    person text,
    -- why nothing could be shown
    reason text check (reason in ('forgot', 'broken', 'lost', 'none_yet')),
    -- what the shopkeeper is to the household
    recused text check (recused in ('own_household', 'kin_household')),
    helper_id blob,
    -- the redemption that the same person came for just before
    same_as blob,
    -- by what several redemptions are known to be one person's
    bearer text,
    placed_at integer not null,
    primary key (book_id, redemption_id),
    foreign key (book_id, redemption_id) references redemption (book_id, id),
    foreign key (book_id, household_id) references household (book_id, id)
) strict;
create index redemption_bystander_bearer on redemption_bystander (book_id, bearer, placed_at);
create index redemption_bystander_placed on redemption_bystander (book_id, placed_at);
create trigger redemption_bystander_no_update before update on redemption_bystander begin select raise(abort, 'append-only: update refused'); end;
create trigger redemption_bystander_no_delete before delete on redemption_bystander begin select raise(abort, 'append-only: delete refused'); end;

-- One person came for several households within minutes: somebody looks into it.
create table bearer_alert (
    book_id blob not null,
    id blob not null,
    bearer text not null,
    counter_id blob not null,
    -- the redemption with which it was noticed
    redemption_id blob not null,
    raised_at integer not null,
    households integer not null,
    state text not null check (state in ('open', 'reviewed')),
    reviewed_at integer,
    reviewed_by text,
    -- what was found
    note text,
    primary key (book_id, id),
    foreign key (book_id, counter_id) references counter (book_id, id)
) strict;
create index bearer_alert_raised on bearer_alert (book_id, raised_at);
create index bearer_alert_bearer on bearer_alert (book_id, bearer, raised_at);
create index bearer_alert_state on bearer_alert (book_id, state);

-- It is reviewed once; what was found may only go, whole.
create trigger bearer_alert_reviewed_once before update on bearer_alert
when new.id <> old.id or new.bearer <> old.bearer or new.raised_at <> old.raised_at or new.households <> old.households
    or new.redemption_id <> old.redemption_id or new.state <> 'reviewed'
    or (old.state = 'reviewed' and (new.note <> '' or new.reviewed_by <> old.reviewed_by or new.reviewed_at <> old.reviewed_at))
begin select raise(abort, 'append-only: update refused'); end;
create trigger bearer_alert_no_delete before delete on bearer_alert begin select raise(abort, 'append-only: delete refused'); end;

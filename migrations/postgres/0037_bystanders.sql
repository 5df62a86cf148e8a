-- Who stands at the counter beside what was shown: a witness where nothing could be shown, a second person where the goods
-- go to the shopkeeper's own household or kin, a helper who fetches for others. And whoever brings the cards of many.

-- the register of redemptions learns two more ways to be known
alter table redemption drop constraint redemption_credential_check;
alter table redemption add constraint redemption_credential_check
    check (credential in ('phone', 'card', 'card_pin', 'pickup', 'witness', 'helper'));

-- Helpers (代办人): people of other households whom a household lets redeem for it, up to so much a day, until it ends that.
create table helper (
    book_id uuid not null,
    id uuid not null,
    no bigint not null,
    household_id uuid not null,
    person_id uuid not null,
    -- the most the helper may take in one day, in hundredths of a point
    day_max bigint not null check (day_max > 0),
    state text not null check (state in ('active', 'ended')),
    registered_at bigint not null,
    registered_by text not null,
    ended_at bigint,
    ended_by text,
    primary key (book_id, id),
    unique (book_id, no),
    foreign key (book_id, household_id) references household (book_id, id),
    foreign key (book_id, person_id) references person (book_id, id)
);
create index helper_household on helper (book_id, household_id, state);
create index helper_person on helper (book_id, person_id, state);

-- What was agreed stays as it was; it ends once.
create trigger helper_ends_once before update on helper for each row
    when (old.state <> 'active' or new.state <> 'ended' or new.ended_at is null or new.ended_by is null or new.id <> old.id
        or new.no <> old.no or new.household_id <> old.household_id or new.person_id <> old.person_id
        or new.day_max <> old.day_max or new.registered_at <> old.registered_at or new.registered_by <> old.registered_by)
    execute function append_only();
create trigger helper_no_delete before delete on helper for each row execute function append_only();
create trigger helper_no_truncate before truncate on helper for each statement execute function append_only();

create table redemption_bystander (
    book_id uuid not null,
    redemption_id uuid not null,
    household_id uuid not null,
    -- what the other person was there for; absent when only the bearer was there before
    part text check (part in ('witness', 'second', 'helper')),
    -- the login or the household that vouched with code or PIN
    person text,
    -- why nothing could be shown
    reason text check (reason in ('forgot', 'broken', 'lost', 'none_yet')),
    -- what the shopkeeper is to the household
    recused text check (recused in ('own_household', 'kin_household')),
    helper_id uuid,
    -- the redemption that the same person came for just before
    same_as uuid,
    -- by what several redemptions are known to be one person's
    bearer text,
    placed_at bigint not null,
    primary key (book_id, redemption_id),
    foreign key (book_id, redemption_id) references redemption (book_id, id),
    foreign key (book_id, household_id) references household (book_id, id)
);
create index redemption_bystander_bearer on redemption_bystander (book_id, bearer, placed_at);
create index redemption_bystander_placed on redemption_bystander (book_id, placed_at);
create trigger redemption_bystander_append_only before update or delete on redemption_bystander for each row
    execute function append_only();
create trigger redemption_bystander_no_truncate before truncate on redemption_bystander for each statement execute function append_only();

-- One person came for several households within minutes: somebody looks into it.
create table bearer_alert (
    book_id uuid not null,
    id uuid not null,
    bearer text not null,
    counter_id uuid not null,
    -- the redemption with which it was noticed
    redemption_id uuid not null,
    raised_at bigint not null,
    households bigint not null,
    state text not null check (state in ('open', 'reviewed')),
    reviewed_at bigint,
    reviewed_by text,
    -- what was found
    note text,
    primary key (book_id, id),
    foreign key (book_id, counter_id) references counter (book_id, id)
);
create index bearer_alert_raised on bearer_alert (book_id, raised_at);
create index bearer_alert_bearer on bearer_alert (book_id, bearer, raised_at);
create index bearer_alert_state on bearer_alert (book_id, state);

-- It is reviewed once; what was found may only go, whole.
create trigger bearer_alert_reviewed_once before update on bearer_alert for each row
    when (new.id <> old.id or new.bearer <> old.bearer or new.raised_at <> old.raised_at or new.households <> old.households
        or new.redemption_id <> old.redemption_id or new.state <> 'reviewed'
        or (old.state = 'reviewed' and (new.note <> '' or new.reviewed_by <> old.reviewed_by or new.reviewed_at <> old.reviewed_at)))
    execute function append_only();
create trigger bearer_alert_no_delete before delete on bearer_alert for each row execute function append_only();
create trigger bearer_alert_no_truncate before truncate on bearer_alert for each statement execute function append_only();

-- Nothing is ever edited or deleted: the database itself refuses. The triggers name no table but their own, so
-- they may run on a shard.
set citus.enable_unsafe_triggers = on;

create function append_only() returns trigger language plpgsql as $$
begin
    raise exception 'append-only: % refused', tg_op using errcode = 'integrity_constraint_violation';
end $$;

do $$
declare t text;
begin
    foreach t in array array['commodity', 'account', 'txn', 'entry', 'meter_use', 'refusal', 'checkpoint',
        'ruleset', 'ruleset_adoption', 'award_batch', 'award_review', 'event', 'goods_price', 'redemption', 'redemption_line']
    loop
        execute format('create trigger %I before update or delete on %I for each row execute function append_only()',
            t || '_append_only', t);
        execute format('create trigger %I before truncate on %I for each statement execute function append_only()',
            t || '_no_truncate', t);
    end loop;
    foreach t in array array['book', 'balance', 'meter', 'award', 'notice', 'objection', 'reversal', 'household',
        'person', 'membership', 'card', 'login', 'programme', 'goods', 'counter', 'fund', 'serial']
    loop
        execute format('create trigger %I before delete on %I for each row execute function append_only()',
            t || '_no_delete', t);
    end loop;
end $$;

-- Nothing is ever edited or deleted: the database itself refuses.

create trigger commodity_no_update before update on commodity begin select raise(abort, 'append-only: update refused'); end;
create trigger commodity_no_delete before delete on commodity begin select raise(abort, 'append-only: delete refused'); end;

create trigger account_no_update before update on account begin select raise(abort, 'append-only: update refused'); end;
create trigger account_no_delete before delete on account begin select raise(abort, 'append-only: delete refused'); end;

create trigger txn_no_update before update on txn begin select raise(abort, 'append-only: update refused'); end;
create trigger txn_no_delete before delete on txn begin select raise(abort, 'append-only: delete refused'); end;

create trigger entry_no_update before update on entry begin select raise(abort, 'append-only: update refused'); end;
create trigger entry_no_delete before delete on entry begin select raise(abort, 'append-only: delete refused'); end;

create trigger meter_use_no_update before update on meter_use begin select raise(abort, 'append-only: update refused'); end;
create trigger meter_use_no_delete before delete on meter_use begin select raise(abort, 'append-only: delete refused'); end;

create trigger refusal_no_update before update on refusal begin select raise(abort, 'append-only: update refused'); end;
create trigger refusal_no_delete before delete on refusal begin select raise(abort, 'append-only: delete refused'); end;

create trigger checkpoint_no_update before update on checkpoint begin select raise(abort, 'append-only: update refused'); end;
create trigger checkpoint_no_delete before delete on checkpoint begin select raise(abort, 'append-only: delete refused'); end;

create trigger ruleset_no_update before update on ruleset begin select raise(abort, 'append-only: update refused'); end;
create trigger ruleset_no_delete before delete on ruleset begin select raise(abort, 'append-only: delete refused'); end;

create trigger ruleset_adoption_no_update before update on ruleset_adoption begin select raise(abort, 'append-only: update refused'); end;
create trigger ruleset_adoption_no_delete before delete on ruleset_adoption begin select raise(abort, 'append-only: delete refused'); end;

create trigger award_batch_no_update before update on award_batch begin select raise(abort, 'append-only: update refused'); end;
create trigger award_batch_no_delete before delete on award_batch begin select raise(abort, 'append-only: delete refused'); end;

create trigger award_review_no_update before update on award_review begin select raise(abort, 'append-only: update refused'); end;
create trigger award_review_no_delete before delete on award_review begin select raise(abort, 'append-only: delete refused'); end;

create trigger event_no_update before update on event begin select raise(abort, 'append-only: update refused'); end;
create trigger event_no_delete before delete on event begin select raise(abort, 'append-only: delete refused'); end;

create trigger goods_price_no_update before update on goods_price begin select raise(abort, 'append-only: update refused'); end;
create trigger goods_price_no_delete before delete on goods_price begin select raise(abort, 'append-only: delete refused'); end;

create trigger redemption_no_update before update on redemption begin select raise(abort, 'append-only: update refused'); end;
create trigger redemption_no_delete before delete on redemption begin select raise(abort, 'append-only: delete refused'); end;

create trigger redemption_line_no_update before update on redemption_line begin select raise(abort, 'append-only: update refused'); end;
create trigger redemption_line_no_delete before delete on redemption_line begin select raise(abort, 'append-only: delete refused'); end;

create trigger book_no_delete before delete on book begin select raise(abort, 'append-only: delete refused'); end;

create trigger balance_no_delete before delete on balance begin select raise(abort, 'append-only: delete refused'); end;

create trigger meter_no_delete before delete on meter begin select raise(abort, 'append-only: delete refused'); end;

create trigger award_no_delete before delete on award begin select raise(abort, 'append-only: delete refused'); end;

create trigger notice_no_delete before delete on notice begin select raise(abort, 'append-only: delete refused'); end;

create trigger objection_no_delete before delete on objection begin select raise(abort, 'append-only: delete refused'); end;

create trigger reversal_no_delete before delete on reversal begin select raise(abort, 'append-only: delete refused'); end;

create trigger household_no_delete before delete on household begin select raise(abort, 'append-only: delete refused'); end;

create trigger person_no_delete before delete on person begin select raise(abort, 'append-only: delete refused'); end;

create trigger membership_no_delete before delete on membership begin select raise(abort, 'append-only: delete refused'); end;

create trigger card_no_delete before delete on card begin select raise(abort, 'append-only: delete refused'); end;

create trigger login_no_delete before delete on login begin select raise(abort, 'append-only: delete refused'); end;

create trigger programme_no_delete before delete on programme begin select raise(abort, 'append-only: delete refused'); end;

create trigger goods_no_delete before delete on goods begin select raise(abort, 'append-only: delete refused'); end;

create trigger counter_no_delete before delete on counter begin select raise(abort, 'append-only: delete refused'); end;

create trigger fund_no_delete before delete on fund begin select raise(abort, 'append-only: delete refused'); end;

create trigger serial_no_delete before delete on serial begin select raise(abort, 'append-only: delete refused'); end;

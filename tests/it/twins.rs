//! What a page can do, the API can do: each form of the pages has its operation, or a reason to have none.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use greencoin::api;

/// Forms by address, with the operations that do the same. An operation in brackets is a reason to have none.
const TWINS: [(&str, &str); 162] = [
    ("/account/password", "change_own_password"),
    ("/account/sessions/end-others", "end_other_sign_ins"),
    ("/account/sessions/{id}/end", "end_own_sign_in"),
    ("/admin/places/{id}/book", "open_programme"),
    ("/admin/places/{id}/close", "close_place"),
    ("/admin/places/{id}/code", "set_division_code"),
    ("/admin/places/{id}/new", "make_place"),
    ("/admin/places/{id}/rename", "rename_place"),
    ("/admin/users", "create_user"),
    ("/admin/users/{id}/disable", "disable_user"),
    ("/admin/users/{id}/enable", "enable_user"),
    ("/admin/users/{id}/factor", "reset_second_factor"),
    ("/admin/users/{id}/grant", "grant_role"),
    ("/admin/users/{id}/password", "reset_password"),
    ("/admin/users/{id}/person", "link_user"),
    ("/admin/users/{id}/revoke", "revoke_role"),
    ("/admin/webhooks/{no}", "add_webhook"),
    ("/admin/webhooks/{no}/{id}", "change_webhook rotate_webhook"),
    ("/audit/call-backs", "draw_call_backs"),
    ("/audit/call-backs/{id}", "answer_call_back"),
    ("/audit/verify", "verify"),
    ("/clerk/cards/print", "issue_cards"),
    ("/clerk/cards/{no}/pin", "set_pin"),
    ("/clerk/cards/{no}/reissue", "reissue_card"),
    ("/clerk/cards/{no}/revoke", "revoke_card"),
    ("/clerk/claims/new", "hand_in_claim"),
    ("/clerk/claims/{id}/accept", "accept_claim"),
    ("/clerk/claims/{id}/check", "check_claim"),
    ("/clerk/claims/{id}/erase", "erase_claim_papers"),
    ("/clerk/claims/{id}/refuse", "refuse_claim"),
    ("/clerk/counters", "add_counter"),
    ("/clerk/counters/{id}/keepers", "add_keeper"),
    ("/clerk/counters/{id}/keepers/{user}/remove", "remove_keeper"),
    ("/clerk/counters/{id}/open", "set_counter_open"),
    ("/clerk/elsewhere", "note_elsewhere"),
    ("/clerk/goods/new", "add_goods"),
    ("/clerk/goods/{sku}/picture", "set_goods_picture"),
    ("/clerk/goods/{sku}/picture/remove", "remove_goods_picture"),
    ("/clerk/goods/{sku}/price", "set_price"),
    ("/clerk/goods/{sku}/sale", "set_on_sale"),
    ("/clerk/households/new", "open_household"),
    ("/clerk/households/{no}/add", "add_member"),
    ("/clerk/households/{no}/kin", "add_kin"),
    ("/clerk/households/{no}/kin/withdraw", "withdraw_kin"),
    ("/clerk/households/{no}/leave", "leave_household"),
    ("/clerk/households/{no}/move", "move_person"),
    ("/clerk/households/{no}/state", "change_household"),
    ("/clerk/import", "import_register"),
    ("/clerk/import/confirm", "import_register"),
    ("/clerk/inspections", "open_inspection"),
    ("/clerk/inspections/{id}/close", "close_inspection"),
    ("/clerk/inspections/{id}/confirm", "confirm_inspection"),
    ("/clerk/inspections/{id}/preview", "confirm_inspection"),
    ("/clerk/inspections/{id}/remind", "remind_faults"),
    ("/clerk/inspections/{id}/reopen", "reopen_inspection"),
    ("/clerk/inspections/{id}/third", "name_third"),
    ("/clerk/inspections/{id}/withdraw", "withdraw_inspection"),
    ("/clerk/notices", "compile_notice"),
    ("/clerk/notices/{id}/take-down", "take_down_notice"),
    ("/clerk/notices/{id}/withdraw", "withdraw_notice"),
    ("/clerk/objections/new", "object"),
    ("/clerk/record", "find_household_by_code"),
    ("/clerk/record/{no}", "record_awards"),
    ("/clerk/reminders", "remind"),
    (
        "/clerk/reminders/{id}/step",
        "recheck_reminder remind_again withdraw_reminder deduct_reminded restore_reminded",
    ),
    ("/clerk/returned/{id}", "resubmit_award"),
    ("/clerk/returned/{id}/give-up", "give_up_award"),
    ("/clerk/honours", "record_honour"),
    ("/clerk/honours/{id}", "claim_honour withdraw_honour"),
    ("/clerk/red-lists", "propose_red_list"),
    ("/clerk/red-lists/{id}", "show_red_list end_red_list"),
    ("/clerk/red-lists/{id}/consent", "answer_red_list"),
    ("/my/red-lists/{id}", "answer_red_list"),
    ("/review/honours/{id}", "confirm_honour"),
    ("/review/red-lists/{id}", "approve_red_list"),
    ("/board/{no}/answers", "unnamed_objection"),
    ("/board/{no}/appeal", "appeal_unnamed"),
    ("/board/{no}/{sheet}/{line}", "object_unnamed"),
    ("/clerk/objections/{id}/accept", "accept_objection"),
    ("/clerk/objections/{id}/appeal", "appeal"),
    ("/my/objections/{id}", "appeal"),
    ("/review/objections/{id}/accept", "accept_objection"),
    ("/township/appeals/{id}", "decide_appeal"),
    ("/clerk/reversals", "request_reversal"),
    ("/clerk/scan", "(reads a picture for browsers that cannot; a program reads its own)"),
    ("/clerk/sheet", "record_awards_bulk"),
    ("/clerk/sheet/file", "import_awards"),
    ("/clerk/sheet/file/confirm", "import_awards"),
    ("/clerk/sittings", "convene_sitting"),
    ("/clerk/sittings/{id}/call-off", "call_off_sitting"),
    ("/clerk/sittings/{id}/close", "close_sitting"),
    ("/money", "record_money"),
    ("/money/funds", "open_fund"),
    ("/money/funds/{code}", "authorise_points close_budget"),
    ("/money/{id}", "confirm_money refuse_money"),
    ("/time/clearing", "draw_clearing_statements decide_clearing_statement resolve_clearing_dispute"),
    ("/time/elsewhere", "ask_with_hours_from"),
    ("/time/estates", "open_time_estate draw_heir decide_heir"),
    ("/time/late", "enter_late_service"),
    ("/time/orders", "ask_time_order"),
    ("/time/orders/{id}/step", "take_time_step"),
    (
        "/time/people/{no}/step",
        "join_time_bank offer_service end_time_offer see_need give_minutes take_gift_back donate_minutes",
    ),
    ("/time/scan", "(reads a picture for browsers that cannot; a program reads its own)"),
    ("/township/time-bank", "adopt_time_policy issue_time_pool"),
    ("/my/card/lost", "report_card_lost"),
    ("/my/claims", "hand_in_claim"),
    ("/my/claims/{id}/withdraw", "withdraw_claim"),
    ("/matters/new", "report_matter"),
    (
        "/matters/{id}/step",
        "accept_matter mark_matter_duplicate refuse_matter assign_matter finish_matter send_matter_back verify_matter \
         close_matter erase_matter_papers",
    ),
    ("/my/matters", "report_matter"),
    ("/my/matters/{id}/withdraw", "withdraw_matter"),
    ("/my/object/{award}", "object"),
    ("/my/pin", "change_pin"),
    ("/my/proposals/{id}", "speak"),
    ("/periods", "close_period"),
    ("/review", "review_awards"),
    ("/review/awards/{id}", "review_awards"),
    ("/review/notices/{id}/publish", "publish_notice"),
    ("/review/notices/{id}/recall", "recall_notice"),
    ("/review/objections/{id}", "decide_objection"),
    ("/review/reversals/{id}", "approve_reversal correct_posting refuse_reversal"),
    ("/review/sittings/{id}/attend", "attend_sitting"),
    ("/review/sittings/{id}/observe", "observe_sitting"),
    ("/review/sittings/{id}/vote", "cast_vote"),
    ("/rules", "begin_draft"),
    ("/rules/repeal", "repeal_paper"),
    ("/rules/voices/{id}", "answer_voice"),
    (
        "/rules/{id}",
        "change_text override_rule open_comment check_proposal enter_meeting disclose_decision file_proposal \
         accept_filing return_filing announce_result withdraw_proposal speak",
    ),
    ("/clerk/orders/{no}", "place_order"),
    ("/devices/{id}/missing", "report_device_missing"),
    ("/devices/{id}/end", "end_missing_device"),
    ("/devices/{id}/entries/{number}", "decide_entry"),
    ("/clerk/orders/{no}/cancel", "cancel_order"),
    ("/alerts/{id}", "review_bearer_alert"),
    ("/clerk/helpers/{no}", "register_helper"),
    ("/clerk/helpers/{no}/{id}/end", "end_helper"),
    ("/my/helpers", "register_own_helper"),
    ("/my/helpers/{id}/end", "end_own_helper"),
    ("/my/messages/read", "read_messages"),
    ("/passbook/{no}", "passbook_printed"),
    ("/my/orders", "place_own_order"),
    ("/my/orders/{id}/cancel", "cancel_own_order"),
    ("/shop/orders/{id}", "collect_order"),
    ("/shop/orders/{id}/cancel", "cancel_order"),
    ("/shop/receipts/{id}/return", "take_goods_back"),
    ("/shop/receipts/{id}/void", "make_void"),
    ("/shop/closes", "close_day"),
    ("/shop/closes/sign", "sign_day_close"),
    ("/shop/confirm", "list_goods"),
    ("/shop/customer", "identify"),
    ("/shop/open", "set_counter_open"),
    ("/shop/redeem", "redeem"),
    ("/shop/scan", "(reads a picture for browsers that cannot; a program reads its own)"),
    ("/stock/new/{kind}", "draw_stock_paper"),
    ("/stock/papers/{id}/photo", "add_stock_photo"),
    (
        "/stock/papers/{id}",
        "approve_stock_paper refuse_stock_paper withdraw_stock_paper write_stock_count submit_stock_count",
    ),
    ("/stock/shelves/{counter}", "set_stock_floor"),
    ("/township/bodies", "name_body"),
    ("/login", "create_token"),
    ("/login/code", "create_token"),
    ("/witness/add-checkpoint", "(no form: other logs speak their protocol here)"),
    ("/prefs", "(language and type size of a browser: headers say it)"),
];
/// Forms of signing in and out by cookie, of choosing a village (`?v=`) and of the first start.
const OF_BROWSERS: [&str; 5] = ["/login/enrol", "/login/resident", "/logout", "/setup", "/village"];

/// The addresses of the pages and whether each takes a form.
pub fn pages() -> BTreeMap<String, bool> {
    fn walk(folder: &Path, out: &mut BTreeMap<String, bool>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                for route in text.split(".route(\"").skip(1) {
                    let (address, rest) = route.split_once('"').unwrap();
                    let posts =
                        rest.split(".route(").next().unwrap().split('\n').next().unwrap().contains("post(");
                    out.insert(address.to_owned(), posts);
                }
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web"), &mut out);
    out
}

#[test]
fn every_form_of_the_pages_has_its_operation() {
    let document = serde_json::to_value(api::description()).unwrap();
    let items = document["paths"].as_object().unwrap().values();
    let operations: BTreeSet<String> = items
        .flat_map(|item| item.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    let forms: BTreeSet<String> = pages().into_iter().filter(|(_, posts)| *posts).map(|(at, _)| at).collect();
    let known: BTreeSet<String> =
        TWINS.iter().map(|(at, _)| *at).chain(OF_BROWSERS).map(str::to_owned).collect();
    assert_eq!(forms, known, "a form without a twin, or a twin without a form");
    for (at, twins) in TWINS.iter().filter(|(_, twins)| !twins.starts_with('(')) {
        for twin in twins.split(' ') {
            assert!(operations.contains(twin), "{at}: no operation {twin}");
        }
    }
}

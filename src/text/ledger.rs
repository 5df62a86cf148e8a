//! Why the ledger refuses a command. Codes that people meet at a counter or desk have their words there.

use super::refusal::RefusalWords;

/// Refusals of the decision core.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "closed_period",
        "{effective_on}所在的账期已关账（关到{closed_through}），不能再记入。请用今天的业务日期记，事情发生的日子写在说明里。",
        "The period of {effective_on} is closed (through {closed_through}): nothing lands there any more. Post it for today and say in the reason when it happened.",
    ),
    (
        "not_in_chart",
        "科目表里没有{account}（{commodity}）。",
        "The chart of accounts has no {account} in {commodity}.",
    ),
    (
        "no_lots",
        "{account}上的数不会过期，不能带到期日。",
        "What stands on {account} does not lapse and takes no expiry day.",
    ),
    ("nothing_moves", "这一笔（{kind}）没有移动任何数。", "This {kind} would move nothing."),
    (
        "invalid_link",
        "这一类（{kind}）和它引用的那笔对不上。",
        "A {kind} cannot refer to a transaction in this way.",
    ),
    ("original_not_found", "引用的第{seq}笔不存在。", "There is no transaction {seq} to refer to."),
    (
        "reversal_of_hold",
        "预占（第{seq}笔）只能退回或取货，不能冲正。",
        "A hold ({seq}) is released or captured, not reversed.",
    ),
    ("not_mirror", "冲正的各行和第{seq}笔不是正好相反。", "The lines are not the exact mirror of {seq}."),
    ("not_a_hold", "第{seq}笔不是预占。", "Transaction {seq} is no hold."),
    (
        "already_resolved",
        "第{seq}笔预占已由第{resolved_by}笔处理。",
        "Hold {seq} was resolved by {resolved_by} already.",
    ),
    (
        "reserve_mismatch",
        "{account}上的预占只能由处理它的那一笔移动。",
        "What {account} reserves is moved only by the resolution of its hold.",
    ),
    ("transfer", "积分不能从{from}转给{to}。", "Points do not pass from {from} to {to}."),
    ("exceeds_hold", "取的比预占的多（{account}）。", "More would be taken than was held ({account})."),
    (
        "limit_exceeded",
        "超过上限{limit}：已用{used}，又要{asked}（{meter}）。",
        "It would pass the limit of {limit}: {used} used, {asked} asked for ({meter}).",
    ),
    (
        "meter_underflow",
        "退的比用的多：已用{used}，要退{asked}（{meter}）。",
        "More would be given back than was used: {used} used, {asked} asked for ({meter}).",
    ),
    (
        "insufficient_budget",
        "额度不够：需要{needed}，{account}只剩{available}。请先追加额度。",
        "The budget does not cover it: {needed} needed, {account} has {available} left. Authorise more first.",
    ),
    (
        "insufficient_stock",
        "库存不够：需要{needed}件，{account}只有{available}件。",
        "Too few pieces: {needed} needed, {account} has {available}.",
    ),
    (
        "insufficient_time",
        "时长不够：需要{needed}分钟，只有{available}分钟。",
        "Too few minutes: {needed} needed, {available} there.",
    ),
    (
        "insufficient_honor",
        "评比分不够扣：要扣{needed}，只有{available}。",
        "The score cannot sink by {needed}: it stands at {available}.",
    ),
    (
        "balance_limit",
        "超出{account}的限额：需要{needed}，还可以{available}。",
        "{account} would pass its bound: {needed} needed, {available} possible.",
    ),
    ("out_of_range", "数字太大，记不准。", "The figure would be too large to be exact."),
];

//! Refusals of many things at once, and of dry runs.

use super::refusal::RefusalWords;

/// Refusals of bulk requests, opening balances and dry runs.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "not_applied",
        "没有办：同一批里第{item}条（从0数起）办不成，整批都不办。",
        "Not done: item {item} of the same request (counted from 0) may not be done, so none was.",
    ),
    (
        "brought_over",
        "{household}户的期初积分已经转入过，每户只转一次。有错请冲正后另记更正。",
        "The opening balance of {household} was brought over already: once for each household. If it is wrong, reverse it and record a correction.",
    ),
    (
        "budget_short",
        "{fund}的额度不够：需要{needed}分，只剩{available}分。请先追加额度。",
        "The budget of {fund} does not cover it: {needed} points needed, {available} left. Authorise more first.",
    ),
    (
        "text_unreadable",
        "文字里有不能保存的字符（{field}），请重新输入。",
        "The text holds a character that cannot be kept ({field}): type it again.",
    ),
    (
        "no_dry_run",
        "这项操作不能试算；什么都没有改动。",
        "This operation has no dry run; nothing was changed.",
    ),
];

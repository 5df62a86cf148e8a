//! Words of the recall of a sheet that hung with a plain mistake.

use super::refusal::RefusalWords;

catalogue! {
    notice_recalled { zh: "已撤回更正", en: "recalled, to be put right" }
    recall_title { zh: "整张有明显错误？撤回更正", en: "Plainly wrong as a whole? Recall it" }
    recall_hint { zh: "公示期内、由没有发布它的人撤回。原表继续挂到期满，注明“已撤回更正”和理由；条目退回初审，不入账，占用的额度放开；未处理的异议一并答复。", en: "While it hangs, by somebody who did not publish it. The sheet stays up to its day, marked as recalled and with the reason; its lines go back to the first review and nothing is posted; its points are free again; open objections are answered." }
    recall_why { zh: "错在哪里（公开）", en: "What is wrong (everybody reads it)" }
    recall_do { zh: "撤回更正", en: "Recall it" }
    recall_done { zh: "已撤回更正，条目退回初审。", en: "Recalled; its lines wait for their first review." }
    recall_because { zh: "撤回理由", en: "Recalled because" }
    recall_on { zh: "撤回时间", en: "Recalled" }
    recall_by { zh: "撤回人", en: "Recalled by" }
    recall_read { zh: "这张公示有错，已撤回更正，表上各条不入账；更正后重新公示。", en: "This sheet was wrong and is recalled: none of its lines is posted. They are put right and hung up again." }
    recall_answer(reason) { zh: "公示已撤回更正：{reason}。这一条退回重新审核，再公示时仍可提出异议。", en: "The sheet was recalled: {reason}. This line is reviewed anew; when it hangs again, anybody may object again." }
    verb_recall { zh: "公示撤回更正，退回初审", en: "Its sheet recalled, back to the first review" }
}

/// Codes of this area.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "own_publication",
        "这张公示是您发布的，要由另一个人撤回。",
        "You published this sheet: another person must recall it.",
    ),
    (
        "recall_late",
        "公示期已满，不能再撤回。已入账的请申请冲正。",
        "Its notice is over and it cannot be recalled. Ask for the reversal of what is posted.",
    ),
    (
        "recall_hangs",
        "已撤回更正的公示要挂到{until}，不能提前撤下。",
        "A recalled sheet stays up until {until} and is not taken down before.",
    ),
];

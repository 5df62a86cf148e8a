//! Words of what is recorded many at a time: a meeting's sign-in sheet, a file of awards.

use super::refusal::RefusalWords;

catalogue! {
    sheet_list { zh: "列出名单", en: "List them" }
    sheet_begin { zh: "开始", en: "Begin" }
    sheet_group_hint { zh: "不选就按签到表逐户输入", en: "leave empty to type them one after the other" }
    sheet_typed { zh: "逐户输入：户号、姓名或拼音首字母，每个后面按回车", en: "One after the other: number, name or initials, each with Enter" }
    sheet_typed_hint { zh: "例：12 回车，zjg 回车；同一户里的人写 12/lxy。", en: "For example: 12 Enter, zjg Enter; of one household write 12/lxy." }
    sheet_typed_check { zh: "核对名单", en: "Look them up" }
    sheet_twice(who) { zh: "{who} 已经在表上", en: "{who} is on the sheet already" }
    sheet_nobody(word) { zh: "没有找到“{word}”，请换户号或姓名", en: "Nobody found for “{word}”: use the number or the name" }
    sheet_several(word) { zh: "“{word}”有好几位，请选", en: "“{word}” may be several: choose" }
    sheet_no_answer { zh: "网络没有应答，保存时再核对", en: "No answer: it is looked up when you save" }
    sheet_count { zh: "已选", en: "On the sheet" }
    sheet_paper { zh: "纸质签到表共几户（人）", en: "How many the paper sheet has" }
    sheet_paper_hint { zh: "填了就核对：数不一样不保存。", en: "Compared: with another number nothing is saved." }
    sheet_paper_differs { zh: "与纸质表的数不一样", en: "not as many as on paper" }
    sheet_each { zh: "能记的都记上；不能记的逐户说明原因。", en: "What can be recorded is; for the rest the reason is shown." }
    sheet_save { zh: "全部保存", en: "Save all" }
    sheet_result { zh: "保存结果", en: "What was saved" }
    sheet_result_told(new, again, refused) { zh: "新记{new}条，以前已记{again}条，不能记{refused}条。", en: "{new} recorded now, {again} recorded before, {refused} refused." }
    sheet_result_new { zh: "已记", en: "recorded" }
    sheet_result_cut { zh: "已记，有封顶", en: "recorded, capped" }
    sheet_result_again(no) { zh: "以前已记（{no}号）", en: "recorded before (no. {no})" }
    sheet_result_refused { zh: "不能记", en: "refused" }
    sheet_result_what { zh: "结果", en: "Result" }
    sheet_result_mend { zh: "改正不能记的", en: "Mend what was refused" }
    sheet_another { zh: "再记一张", en: "Another sheet" }
    sheet_file { zh: "导入表格", en: "Import a file" }
    sheet_file_hint { zh: "Excel 或 CSV，先试算再导入", en: "Excel or CSV, tried out first" }
    sheet_file_pick { zh: "积分登记表（XLSX 或 CSV）", en: "File of awards (XLSX or CSV)" }
    sheet_file_paper { zh: "表里共几行", en: "How many rows it has" }
    sheet_file_template { zh: "下载空白表格", en: "Download an empty one" }
    sheet_file_try { zh: "试算", en: "Try it" }
    sheet_file_tried { zh: "这是试算，还没有写入。", en: "This was a trial: nothing is written yet." }
    sheet_file_would(new, again, refused) { zh: "将新记{new}行；以前已记{again}行，不会重复；不能记{refused}行。", en: "{new} rows would be recorded; {again} are recorded already and stay as they are; {refused} are refused." }
    sheet_file_confirm(count) { zh: "确认导入{count}行", en: "Import {count} rows" }
    sheet_file_row { zh: "行", en: "Row" }
    sheet_file_nothing_new { zh: "没有新的可导入。", en: "There is nothing new to import." }
}

/// Refusals of sheets and files.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "sheet_count",
        "纸质表上是{paper}，这里是{lines}，数不一样，什么都没有保存。请核对后再保存。",
        "The paper says {paper}, here are {lines}: nothing was saved. Compare them and save again.",
    ),
    (
        "file_unreadable",
        "文件打不开：请另存为 XLSX 或 CSV（UTF-8 或 GB18030）再上传。什么都没有写入。",
        "The file cannot be read: save it as XLSX or CSV (UTF-8 or GB18030) and upload it again. Nothing was written.",
    ),
    (
        "file_too_long",
        "文件超过{limit}行，请分成几个文件。什么都没有写入。",
        "The file has more than {limit} rows: split it. Nothing was written.",
    ),
    ("file_empty", "表头下面没有内容。", "There is nothing below the headings."),
    (
        "file_column_missing",
        "缺少“{column}”这一列，请在表头加上，或下载空白表格。",
        "The column “{column}” is missing: add it to the headings, or download an empty file.",
    ),
    (
        "file_column_twice",
        "“{column}”这一列出现了两次，请只留一列。",
        "The column “{column}” appears twice: keep one.",
    ),
    (
        "row_household",
        "本村没有户号{household}，请核对。",
        "The village has no household {household}: check the number.",
    ),
    (
        "row_name",
        "这一户没有“{name}”，户号和姓名对不上，请核对。",
        "The household has no “{name}”: number and name do not go together. Check them.",
    ),
    (
        "row_name_twice",
        "这一户有两位“{name}”，请在快速加分里选人记。",
        "The household has two of the name “{name}”: record it for one household and choose the person.",
    ),
    ("row_grade", "{item}要写等级：{grades}。", "{item} needs a grade: {grades}."),
    (
        "row_repeated",
        "和第{row}行完全一样，只记一次。确实是两次，请在备注里写明区别。",
        "The same as row {row}, recorded once. If it happened twice, say in the remark what is different.",
    ),
];

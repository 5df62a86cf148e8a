//! What the clerk reads about a register that cannot be taken over: one sentence a fault, with what to do.

catalogue! {
    import_fault_unreadable { zh: "文件打不开：请另存为 CSV（UTF-8 或 GB18030）或 XLSX 再上传", en: "The file cannot be read: save it as CSV (UTF-8 or GB18030) or XLSX and upload it again" }
    import_fault_empty { zh: "文件里没有人员，请在表头下面填写", en: "The file has no people in it: fill in rows below the headings" }
    import_fault_too_many(value) { zh: "文件超过{value}行，请分成几个文件", en: "The file has more than {value} rows: split it" }
    import_fault_missing_column(value) { zh: "缺少“{value}”这一列，请在表头加上", en: "The column “{value}” is missing: add it to the headings" }
    import_fault_repeated_column(value) { zh: "“{value}”这一列出现了两次，请只留一列", en: "The column “{value}” appears twice: keep one" }
    import_fault_household_missing { zh: "没有户号，请填写户号", en: "No household number: fill it in" }
    import_fault_household_exists(value) { zh: "户号{value}已经登记，请去掉这一户或改用新户号", en: "Household {value} is registered already: remove it or give it a new number" }
    import_fault_household_scattered(value) { zh: "户号{value}的成员不在相邻的行里，请排在一起", en: "The members of household {value} are not on neighbouring rows: put them together" }
    import_fault_name_missing { zh: "没有姓名，请填写姓名", en: "No name: fill it in" }
    import_fault_name_too_long { zh: "姓名超过50个字，请核对", en: "The name has more than 50 characters: check it" }
    import_fault_name_invalid(value) { zh: "“{value}”不像姓名，请去掉数字和符号", en: "“{value}” is not a name: remove digits and signs" }
    import_fault_relation_missing { zh: "没有填与户主关系，请填写", en: "No relation to the head: fill it in" }
    import_fault_relation_unknown(value) { zh: "看不懂与户主关系“{value}”，可填户主、配偶、子女、父母、孙子女、其他等", en: "The relation “{value}” is not known: use head, spouse, child, parent, grandchild, other and so on" }
    import_fault_birth_year_invalid(value) { zh: "出生年“{value}”不对，请填四位年份", en: "The year of birth “{value}” is wrong: write four digits" }
    import_fault_phone_invalid(value) { zh: "手机号“{value}”不对，应为11位；没有可以不填", en: "The phone number “{value}” is wrong: eleven digits, or leave it empty" }
    import_fault_place_unknown(value) { zh: "本村没有“{value}”，请核对小组或联户名称", en: "The village has no “{value}”: check the group's name" }
    import_fault_place_differs(value) { zh: "同一户的小组不一致：“{value}”，请改成一样", en: "One household in two groups: “{value}”; make them the same" }
    import_fault_date_invalid(value) { zh: "日期“{value}”不对，请写成2026-01-31的样子", en: "The date “{value}” is wrong: write it like 2026-01-31" }
    import_fault_date_in_future(value) { zh: "日期{value}还没有到，请核对", en: "The date {value} has not come yet: check it" }
    import_fault_no_head(value) { zh: "户号{value}没有户主，请指定一位户主", en: "Household {value} has no head: name one" }
    import_fault_two_heads(value) { zh: "户号{value}有两位户主，请只留一位", en: "Household {value} has two heads: keep one" }
    import_fault_repeated_person(value) { zh: "“{value}”在同一户里出现了两次，请去掉重复的一行", en: "“{value}” is in the household twice: remove the repeated row" }
    import_fault_place(row, column) { zh: "第{row}行“{column}”", en: "Row {row}, “{column}”" }
    import_fault_row(row) { zh: "第{row}行", en: "Row {row}" }
    import_fault_file { zh: "整个文件", en: "The file" }
}

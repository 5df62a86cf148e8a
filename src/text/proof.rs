//! Words of proofs: the page behind a receipt, the page of a log, keys and witnesses.

catalogue! {
    proof_title(seq) { zh: "第{seq}笔的在账证明", en: "Proof of transaction {seq}" }
    proof_link { zh: "核验这张单子确实记在账上", en: "Check that this is in the books" }
    proof_intro { zh: "这一页不靠我们作保：下面的核对在您自己的浏览器里完成。", en: "You need not trust us: what follows is checked in your own browser." }
    proof_not_yet { zh: "这笔还没有进入签名的账页头，请过一分钟再看。", en: "No signed head has this transaction yet. Look again in a minute." }
    proof_needs_script { zh: "浏览器没有运行脚本，这里什么都没有核对。请下载证明，用下面的命令核对。", en: "Your browser runs no script, so nothing was checked here. Download the proof and check it with the command below." }
    proof_working { zh: "正在核对…", en: "Checking …" }
    proof_insecure { zh: "没有核对：浏览器只在加密连接（https）下提供计算指纹的功能。请下载证明，用下面的命令核对。", en: "Not checked: a browser computes digests over an encrypted connection (https) only. Download the proof and check it with the command below." }
    proof_leaf_good { zh: "✓ 下面这笔账，正是证明里的那一笔。", en: "✓ The entry shown below is the one the proof speaks of." }
    proof_path_good { zh: "✓ 从这笔算到账页总指纹，一步不差：它在账上，没有被改过。", en: "✓ The path leads from the entry to the root of the log: it is in the books, unchanged." }
    proof_path_bad { zh: "✗ 算不到账页总指纹：这份证明不成立。请保留这一页，告诉乡镇。", en: "✗ The path does not lead to the root: this proof does not hold. Keep this page and tell the township." }
    proof_signature_good { zh: "✓ 账页头由本账套的密钥签名。", en: "✓ The head of the log is signed by the key of this book." }
    proof_signature_bad { zh: "✗ 账页头的签名不对：这份证明不成立。请保留这一页，告诉乡镇。", en: "✗ The signature under the head is wrong: this proof does not hold. Keep this page and tell the township." }
    proof_signature_unknown { zh: "— 这个浏览器不会核对 Ed25519 签名：只核对了指纹，没有核对签名。", en: "— This browser cannot verify Ed25519: the digests were checked, the signature was not." }
    proof_compare { zh: "请把账页总指纹与公示栏上印的比一比：纸上的改不了。", en: "Compare the root with the one printed on a notice sheet: paper cannot be changed." }
    proof_entry { zh: "账上的内容", en: "What was entered" }
    proof_head { zh: "账页头", en: "Head of the log" }
    proof_origin { zh: "账套", en: "Log" }
    proof_size { zh: "笔数", en: "Transactions" }
    proof_signed_at { zh: "签名时间", en: "Signed at" }
    proof_cosigned { zh: "见证", en: "Cosigned by" }
    proof_no_witness { zh: "还没有见证", en: "no witness yet" }
    proof_key { zh: "核验用的公钥", en: "Verifier key" }
    proof_text { zh: "证明全文", en: "The proof" }
    proof_download { zh: "下载证明", en: "Download the proof" }
    proof_command { zh: "不用任何账本数据，也能在电脑上核对：", en: "On a computer, without any database:" }
    proof_show { zh: "让别人扫码看这一页", en: "Let somebody else scan this page" }
    log_title(name) { zh: "{name} 账页头", en: "{name}: head of the log" }
    log_intro { zh: "本账套每一笔都在一本只增不改的日志里。任何人都可以取账页头和指纹来核对，不必登录。", en: "Every transaction of this book is in a log that only grows. Anybody may fetch its head and hashes and check them, without signing in." }
    log_empty { zh: "还没有签名的账页头。", en: "No head has been signed yet." }
    log_note { zh: "签名的账页头全文", en: "The signed head" }
    log_files { zh: "取用地址（C2SP tlog-tiles）", en: "Addresses (C2SP tlog-tiles)" }
    print_head(origin, size, root, day) { zh: "账本校验头 {day}：{origin}，{size}笔，指纹 {root}…", en: "Head of the ledger on {day}: {origin}, {size} transactions, root {root}…" }
}

/// Refusals about proofs, keys, witnesses and erasure.
pub(super) const REFUSALS: &[super::refusal::RefusalWords] = &[
    (
        "leaf_too_large",
        "这一笔内容太长（{bytes}字节，上限{limit}）。请分成几笔。",
        "This transaction is too long ({bytes} bytes, at most {limit}). Split it.",
    ),
    (
        "invalid_verifier_key",
        "“{key}”不是这里要的公钥：应为“名称+编号+密钥”一行，账套与见证各用各的。",
        "“{key}” is not the verifier key needed here: one line NAME+ID+KEY; a log's and a witness's differ.",
    ),
    (
        "invalid_witness_url",
        "见证地址“{url}”不对：以 http:// 开头。往来内容都是公开且签名的，要加密时请用本机代理。",
        "“{url}” is not the address of a witness: it begins with http://. What is sent is public and signed; for encryption put a local proxy in front.",
    ),
    (
        "person_still_member",
        "{person}还在户内，先办迁出、去世等变更，再删除个人信息。",
        "{person} still belongs to a household. Enter the leaving first, then erase.",
    ),
    ("no_private_text", "第{seq}笔没有可删除的文字。", "Transaction {seq} has no text that could be erased."),
];

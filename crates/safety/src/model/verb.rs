//! What a verb of the How column does when the catalog does not know it.

/// What a free verb does, judged by the words it contains; empty if nothing is recognised.
pub(crate) fn similar(how: &str) -> Vec<&'static str> {
    const STEMS: [(&str, &str); 16] = [
        ("閲覧", "view"),
        ("参照", "view"),
        ("操作", "operate"),
        ("更新", "operate"),
        ("入力", "operate"),
        ("作成", "create"),
        ("登録", "create"),
        ("保存", "store"),
        ("処理", "process"),
        ("転送", "transfer"),
        ("送", "transfer"),
        ("搬", "carry"),
        ("保管", "keep"),
        ("印刷", "output"),
        ("廃棄", "dispose"),
        ("移管", "migrate"),
    ];
    let mut does: Vec<&str> = STEMS.iter().filter(|(stem, _)| how.contains(stem)).map(|(_, does)| *does).collect();
    does.dedup();
    does
}

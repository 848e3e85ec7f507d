//! What the template engine says, in words for people who write a clause.

use std::error::Error as _;

use minijinja::{Error, ErrorKind};

/// The functions and filters a text may use.
pub(crate) const FUNCTIONS: [&str; 3] = ["ref", "has", "controls"];
const FILTERS: &str = "date、hours、number、percent、list";

/// One sentence in Japanese on a mistake in a text.
pub(crate) fn told(error: &Error) -> String {
    if let Some(own) = own_words(error) {
        return sentence(own);
    }
    let innermost = innermost(error);
    let name = innermost.detail().and_then(named);
    match innermost.kind() {
        ErrorKind::SyntaxError => "波括弧の書き方が正しくありません。「{{ 項目 }}」や「{% if 項目 %}…{% endif %}」の形になっているか、閉じ忘れがないかを確かめてください。".to_owned(),
        ErrorKind::UnknownFilter => format!("「| {}」という書き表し方はありません。使えるのは{FILTERS}です。", name.unwrap_or("…")),
        ErrorKind::UnknownFunction => {
            format!("「{}( )」はありません。使えるのは{}です。", name.unwrap_or("…"), FUNCTIONS.join("、"))
        }
        ErrorKind::UnknownTest => format!("「is {}」という確かめ方はありません。書いてあるかどうかは「{{% if 項目 %}}」で確かめてください。", name.unwrap_or("…")),
        ErrorKind::UnknownMethod => "項目に「.名前( )」は付けられません。項目の名前だけを書いてください。".to_owned(),
        ErrorKind::UndefinedError => "ない項目を使っています。項目の名前を確かめてください。".to_owned(),
        ErrorKind::TooManyArguments | ErrorKind::MissingArgument => "括弧の中に書くものの数が違います。".to_owned(),
        _ => "項目の使い方が正しくありません。文の中の波括弧を確かめてください。".to_owned(),
    }
}

/// What our own functions and filters said; the engine itself speaks English.
fn own_words(error: &Error) -> Option<&str> {
    let own = error.detail().filter(|detail| !detail.is_ascii());
    own.or_else(|| error.source()?.downcast_ref::<Error>().and_then(own_words))
}

fn innermost(error: &Error) -> &Error {
    error.source().and_then(|below| below.downcast_ref::<Error>()).map_or(error, innermost)
}

/// The name in `filter foo is unknown`, `foo is unknown`.
fn named(detail: &str) -> Option<&str> {
    let before = detail.strip_suffix(" is unknown")?;
    before.split_whitespace().last()
}

fn sentence(text: &str) -> String {
    if text.ends_with('。') { text.to_owned() } else { format!("{text}。") }
}

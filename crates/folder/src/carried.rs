//! The file of carried answers: YAML that a program proposes and people complete.

use shirube_safety::migration::CarriedFile;

/// Why a file of carried answers cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("引き継ぎの案として読めません。{0} 直すか、別の場所へ移してから、もう一度実行してください。")]
pub struct CarriedError(String);

const HEAD: &str = "\
# shirube catalog migrate が作った、回答の引き継ぎの案です。ここにあるものは、まだ答えではありません。
# 前の答え（from）と違い（difference）を読み、決めた人が confirmed に status・by・on・reason を書いてください。
# もう一度実行しても、confirmed は残ります。
";

/// Reads a file that [`write`] made and people completed.
pub fn read(bytes: &[u8]) -> Result<CarriedFile, CarriedError> {
    let text = std::str::from_utf8(bytes).map_err(|_| CarriedError("文字コードがUTF-8ではありません。".to_owned()))?;
    serde_saphyr::from_str(text).map_err(|error| {
        let line = error.location().map(|at| format!("{}行目のあたりの書き方が違います。", at.line()));
        CarriedError(line.unwrap_or_else(|| "書き方が違います。".to_owned()))
    })
}

/// Writes the file; the same content gives the same bytes.
pub fn write(file: &CarriedFile) -> Vec<u8> {
    let text = serde_saphyr::to_string(file).expect("plain values can be written");
    format!("{HEAD}{text}").into_bytes()
}

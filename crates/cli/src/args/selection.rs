//! Arguments of `shirube disclose` and `shirube selection`.

use std::path::PathBuf;

use clap::Args;

use super::ListFormat;

#[derive(Args)]
pub struct DiscloseArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 書き出すファイル（.json）
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// 秘密保持契約を結んだ相手に渡すものを作る（省くと、公開と答えた内容だけを載せる）
    #[arg(long)]
    pub with_nda: bool,
}

#[derive(Args)]
pub struct SelectionArgs {
    /// selection.yaml（一つ）、又は、並べる開示データ（.json）かサービスのフォルダ（いくつも書ける）
    #[arg(required = true, num_args = 1.., value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// 画面に出す形
    #[arg(long, value_enum, default_value = "table")]
    pub format: ListFormat,
    /// 事業者選定の比較表を書き出すフォルダ（省くと画面に出す）
    #[arg(long, value_name = "DIR", conflicts_with = "format")]
    pub out: Option<PathBuf>,
    /// 比較表の形式 xlsx、docx、pdf、html、md、csv、json（「,」で区切って並べられる。省くとxlsx、docx、pdf、html）
    #[arg(long, value_delimiter = ',', requires = "out", value_name = "FORMAT")]
    pub doc_format: Vec<String>,
}

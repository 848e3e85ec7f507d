//! What kind of file is taken as evidence, and under which name.

/// Largest file that is taken.
pub const LARGEST_FILE_BYTES: usize = 24 * 1024 * 1024;

/// Longest name that is taken: more does not fit into a ZIP on an old Windows.
const LONGEST_NAME_CHARS: usize = 120;

/// A type of file as the list of types has it.
struct Type {
    extension: &'static str,
    media: &'static str,
    begins: &'static str,
}

fn types() -> impl Iterator<Item = Type> {
    include_str!("types.tsv").lines().skip(1).filter_map(|line| {
        let mut cells = line.split('\t');
        Some(Type { extension: cells.next()?, media: cells.next()?, begins: cells.next()? })
    })
}

/// A name and media type that can be kept, or why the file is not taken.
pub fn accepted(name: &str, bytes: &[u8]) -> Result<(String, &'static str), String> {
    let name = named(name)?;
    if bytes.is_empty() {
        return Err(format!("「{name}」は空のファイルです。中身のあるファイルを選んでください。"));
    }
    if bytes.len() > LARGEST_FILE_BYTES {
        return Err(too_large());
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default();
    let Some(kind) = types().find(|kind| kind.extension == extension) else {
        let all: Vec<&str> = types().map(|kind| kind.extension).collect();
        let shown =
            if extension.is_empty() { "拡張子のないファイル".to_owned() } else { format!(".{extension}") };
        return Err(format!(
            "「{name}」（{shown}）は受け付けていません。受け付けるのは {} です。ほかの形のものは、PDFにするか、ZIPにまとめてください。",
            all.join("、")
        ));
    };
    if !kind.begins.is_empty() && !kind.begins.split('|').any(|hex| begins(bytes, hex)) {
        return Err(format!(
            "「{name}」の中身は、拡張子（.{extension}）のとおりの形ではありません。元のソフトで開けるかを確かめ、保存し直してください。"
        ));
    }
    if kind.begins.is_empty() && is_program(bytes) {
        return Err(format!("「{name}」の中身はプログラムです。根拠の資料としては受け付けません。"));
    }
    Ok((name, kind.media))
}

/// What is told of a file, or a form, that is larger than is taken.
pub fn too_large() -> String {
    format!(
        "ファイルが大きすぎます（上限{}MB）。分けるか、必要なページだけにしてください。何も保存していません。",
        LARGEST_FILE_BYTES / 1024 / 1024
    )
}

/// The name alone: some browsers send the way to the file with it.
fn named(sent: &str) -> Result<String, String> {
    let name = sent.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let plain: String = name.chars().filter(|c| !c.is_control() && !is_invisible(*c)).collect();
    let count = plain.chars().count();
    if plain.trim_matches(['.', ' ']).is_empty() {
        return Err("ファイルを選んでください。名前のないファイルは受け付けません。".to_owned());
    }
    if count > LONGEST_NAME_CHARS {
        let start: String = plain.chars().take(20).collect();
        return Err(format!(
            "「{start}…」の名前が長すぎます（{count}文字）。{LONGEST_NAME_CHARS}文字までに短くしてください。"
        ));
    }
    Ok(plain)
}

/// Characters that turn the reading direction or cannot be seen, with which `exe.pdf` can be written backwards.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn begins(bytes: &[u8], hex: &str) -> bool {
    let wanted =
        (0..hex.len()).step_by(2).map(|at| hex.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok()));
    wanted.zip(bytes).all(|(wanted, found)| wanted == Some(*found)) && bytes.len() * 2 >= hex.len()
}

fn is_program(bytes: &[u8]) -> bool {
    bytes.starts_with(b"MZ") || bytes.starts_with(b"\x7fELF") || bytes.starts_with(b"\xca\xfe\xba\xbe")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_contents_have_to_fit() {
        let long = format!("{}.pdf", "点検".repeat(60));
        for (name, bytes, expected) in [
            ("点検記録（令和8年度）.pdf", &b"%PDF-1.7"[..], Ok("点検記録（令和8年度）.pdf")),
            ("C:\\Users\\tanaka\\記録.PDF", b"%PDF-1.7", Ok("記録.PDF")),
            ("../../etc/cron.d/x.txt", b"x", Ok("x.txt")),
            ("記録\u{202e}.pdf", b"%PDF-1.7", Ok("記録.pdf")),
            ("写真.jpg", b"\xff\xd8\xff\xe0", Ok("写真.jpg")),
            ("空.pdf", b"", Err("空のファイル")),
            ("偽.pdf", b"<html>", Err("とおりの形ではありません")),
            ("短い.7z", b"7z", Err("とおりの形ではありません")),
            ("画面.html", b"<script>", Err(".html）は受け付けていません")),
            ("図.svg", b"<svg/>", Err("受け付けていません")),
            ("名前だけ", b"x", Err("拡張子のないファイル")),
            ("道具.txt", b"MZ\x90", Err("プログラム")),
            ("..", b"x", Err("名前のない")),
            ("", b"x", Err("名前のない")),
            (&long, b"%PDF", Err("長すぎます（124文字）")),
        ] {
            match (accepted(name, bytes), expected) {
                (Ok((found, _)), Ok(wanted)) => assert_eq!(found, wanted),
                (Err(told), Err(part)) => assert!(told.contains(part), "{name}: {told}"),
                (found, _) => panic!("{name}: {found:?}"),
            }
        }
        let large = vec![b'x'; LARGEST_FILE_BYTES + 1];
        assert!(accepted("大.txt", &large).unwrap_err().contains("24MB"));
    }

    /// Nothing that a browser would run has a media type of its own.
    #[test]
    fn no_type_is_active_content() {
        for kind in types() {
            assert!(
                !["html", "svg", "script", "xhtml", "xml"].iter().any(|word| kind.media.ends_with(word)),
                "{}",
                kind.media
            );
            assert!(kind.begins.len() % 2 == 0 || kind.begins.contains('|'), "{}", kind.extension);
        }
    }
}

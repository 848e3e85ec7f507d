//! DOC-001, DOC-003: the deliverables come out in printable and in editable form, complete and in Japanese.
//!
//! The files are read by the programs our readers use or their nearest relatives: openpyxl, python-docx,
//! LibreOffice and Poppler. They are needed to run these tests.

mod peers;
#[allow(dead_code)] // the benchmark uses the rest
mod torture;

use peers::{Folder, squeezed};
use shirube_documents::content::{Block, Document, Look, Meta, Page, Status};
use shirube_documents::fonts::missing_glyphs;
use shirube_documents::write::{Format, render};

/// Stands once in each of the sentences of the long cell, and nowhere else.
const IN_EACH_SENTENCE: char = '途';
const SENTENCES: usize = 45;

fn file(folder: &Folder, document: &Document, format: Format) -> std::path::PathBuf {
    folder.file(&format!("document.{format}"), &render(document, format).unwrap())
}

/// What a reader must find, in one of the ways in which the text of a file can be read.
fn assert_complete(texts: &[String]) {
    let texts: Vec<String> = texts.iter().map(|text| squeezed(text)).collect();
    for expected in [
        "リスクアセスメント結果一覧",
        torture::CHARACTERS,
        "SRB-2026-014",
        "令和8年4月1日から令和9年3月31日まで",
        "この文書は案です。決まっていない項目が12件あります。",
        "R-040",
        "=1+1",
        "-2+3",
        "証跡が確認できませんでした",
        "（記載する項目はありません）",
        "初版を作成した。",
    ] {
        let expected = squeezed(expected);
        assert!(texts.iter().any(|text| text.contains(&expected)), "「{expected}」 is lost");
    }
    // LibreOffice draws a cell over two pages on both.
    assert!(texts[0].matches(IN_EACH_SENTENCE).count() >= SENTENCES, "a long cell is cut");
}

/// Pages on which the heading of the table of risks stands.
fn pages_with_head(text: &str) -> usize {
    text.split('\u{c}').filter(|page| squeezed(page).contains("可能性レベル")).count()
}

#[test]
fn doc_001_the_same_document_gives_the_same_bytes() {
    for document in [torture::document(), torture::drawing_document()] {
        for format in Format::ALL {
            assert!(render(&document, format).unwrap() == render(&document, format).unwrap(), "{format} differs");
        }
    }
}

#[test]
fn doc_003_a_pdf_carries_its_fonts_and_repeats_the_heading_row() {
    let folder = Folder::new();
    let pdf = file(&folder, &torture::document(), Format::Pdf);

    let text = peers::pdf_text(&pdf);
    assert_complete(std::slice::from_ref(&text));
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    let with_head = pages_with_head(&text);
    assert!(pages.len() > 4 && with_head >= 3, "{} pages, heading row on {with_head}", pages.len());
    assert!(squeezed(pages[1]).contains(&format!("ページ2/{}", pages.len())));

    let fonts = peers::pdf_fonts(&pdf);
    assert!(!fonts.is_empty());
    for font in fonts {
        // Columns from the right: object id (2), unicode map, subset, embedded.
        let columns: Vec<&str> = font.split_whitespace().rev().collect();
        assert_eq!((columns[2], columns[4]), ("yes", "yes"), "{font}");
    }
    let info = peers::pdf_info(&pdf);
    for expected in ["Title:           リスクアセスメント結果一覧", "Tagged:          yes", "(A4)"] {
        assert!(info.contains(expected), "{expected} not in\n{info}");
    }
}

#[test]
fn doc_001_a_drawing_fills_one_page_of_pdf() {
    let folder = Folder::new();
    let mut document = torture::drawing_document();
    document.summary.clear();
    document.meta.history.clear();
    let pdf = file(&folder, &document, Format::Pdf);

    assert!(peers::pdf_info(&pdf).contains("Pages:           1\n"));
    let text = squeezed(&peers::pdf_text(&pdf));
    for expected in ["提供事業者データセンター", "診察室端末𠮷", "VPN接続①", "案"] {
        assert!(text.contains(expected), "「{expected}」 is lost");
    }
}

#[test]
fn doc_003_a_character_without_glyph_is_named_and_printed_as_geta() {
    let folder = Folder::new();
    let mut document = torture::document();
    assert!(missing_glyphs(&document).is_empty());

    document.blocks.push(Block::Paragraph("⽣年月日と🏥と\u{E123}を確かめます。".into()));
    assert_eq!(missing_glyphs(&document), ['⽣', '\u{E123}', '🏥']);
    let pdf = file(&folder, &document, Format::Pdf);
    assert!(squeezed(&peers::pdf_text(&pdf)).contains("〓年月日と〓と〓を確かめます。"));
    let html = String::from_utf8(render(&document, Format::Html).unwrap()).unwrap();
    assert!(html.contains("⽣年月日と🏥"));
}

#[test]
fn doc_001_a_workbook_is_set_up_for_paper() {
    let folder = Folder::new();
    let book = peers::python("xlsx.py", &file(&folder, &torture::document(), Format::Xlsx));

    let sheets = [
        "表紙",
        "本文",
        "全体構成図",
        "リスクアセスメント結果",
        "A／B： ［難しい］表？＊",
        "対応を求める事項",
        "データ",
    ];
    assert_eq!(book["sheets"], serde_json::json!(sheets));
    assert_eq!(book["title"], "リスクアセスメント結果一覧");
    assert_eq!(book["created"], "2026-04-01T00:00:00");
    for sheet in sheets {
        let facts = &book["facts"][sheet];
        assert_eq!((&facts["fit"], &facts["fit_width"]), (&true.into(), &1.into()), "{sheet}");
        assert!(facts["left_mm"].as_f64().unwrap() >= 25.0, "{sheet}");
        assert!(facts["print_area"].is_string() && !facts["print_area"].as_str().unwrap().is_empty(), "{sheet}");
        assert!(facts["header"][0].as_str().unwrap().contains("リスクアセスメント結果一覧"), "{sheet}");
        assert!(facts["header"][1].as_str().unwrap().contains("第1.0版【案】"), "{sheet}");
        assert!(facts["footer"].as_str().unwrap().contains("ページ &P / &N"), "{sheet}");
        assert_eq!(facts["unaligned"], serde_json::json!([]), "{sheet}");
        assert_eq!(facts["fonts"].as_array().unwrap().len(), 1, "{sheet} {}", facts["fonts"]);
    }
    let risks = &book["facts"]["リスクアセスメント結果"];
    assert_eq!((&risks["orientation"], &risks["paper"]), (&"landscape".into(), &9.into()));
    assert_eq!(risks["repeat_rows"], "$2:$3");
    assert_eq!(risks["freeze"], "A4");
    let merged = risks["merged"].as_array().unwrap();
    for area in ["A2:A3", "E2:G2", "B4:B6", "B40:B42"] {
        assert!(merged.contains(&area.into()), "{area} is not merged");
    }
    assert_eq!(book["facts"]["全体構成図"]["images"], 1);
    assert_eq!(book["facts"]["全体構成図"]["fit_height"], 1);
}

#[test]
fn doc_003_a_workbook_takes_no_text_for_a_formula() {
    let folder = Folder::new();
    let book = peers::python("xlsx.py", &file(&folder, &torture::document(), Format::Xlsx));
    for sheet in book["sheets"].as_array().unwrap() {
        for (place, cell) in book["facts"][sheet.as_str().unwrap()]["cells"].as_object().unwrap() {
            let formula_like = cell[1].as_str().is_some_and(|text| text.starts_with(['=', '+', '-', '@']));
            assert_ne!(cell[0], "f", "{sheet} {place}");
            assert_eq!(cell[2], formula_like, "{sheet} {place}: only such a text is marked as text");
        }
    }
    let data = &book["facts"]["データ"];
    assert_eq!(data["merged"], serde_json::json!([]));
    assert_eq!((&data["filter"], &data["freeze"]), (&"A1:D4".into(), &"A2".into()));
    assert_eq!(data["cells"]["C3"], serde_json::json!(["n", 2.5, false]));
    assert_eq!(data["cells"]["D2"], serde_json::json!(["s", "=1+1", true]));
    assert_eq!(data["cells"]["D4"], serde_json::json!(["s", "001", false]));
}

#[test]
fn doc_001_libreoffice_prints_a_workbook_in_full() {
    let folder = Folder::new();
    let texts = peers::libreoffice_texts(&file(&folder, &torture::document(), Format::Xlsx));
    assert_complete(&texts);
    let with_head = pages_with_head(&texts[0]);
    assert!(with_head >= 3, "heading rows are repeated on {with_head} pages");
}

#[test]
fn doc_001_a_word_document_has_styles_headings_and_merged_cells() {
    let folder = Folder::new();
    let word = peers::python("docx_facts.py", &file(&folder, &torture::document(), Format::Docx));

    assert_eq!(word["title"], "リスクアセスメント結果一覧");
    assert!(word["created"].as_str().unwrap().starts_with("2026-04-01T00:00:00"));
    assert_eq!((&word["width_mm"], &word["height_mm"]), (&297.into(), &210.into()));
    assert!(word["orientation"].as_str().unwrap().starts_with("LANDSCAPE"));
    assert!(word["left_mm"].as_u64().unwrap() >= 25);
    assert!(word["header"].as_str().unwrap().ends_with("【案】"));
    assert_eq!(word["fields"], serde_json::json!(["PAGE", "NUMPAGES"]));
    assert_eq!(word["east_asia"], "BIZ UDPGothic");
    assert_eq!(word["pictures"], serde_json::json!(["診療所の端末が、VPNを通じて提供事業者のサーバにつながる。"]));
    let paragraphs = word["paragraphs"].as_array().unwrap();
    for expected in [
        ["Title", "リスクアセスメント結果一覧"],
        ["Heading 1", "2 結果"],
        ["Heading 2", "1.1 全体構成図"],
        ["List Bullet", "影響と可能性は5段階で評価しました。"],
        ["Caption", "リスクアセスメント結果"],
    ] {
        assert!(paragraphs.contains(&serde_json::json!(expected)), "{expected:?}");
    }
    let risks = &word["tables"][3];
    assert_eq!((&risks["rows"], &risks["columns"], &risks["header_rows"]), (&42.into(), &9.into(), &2.into()));
    assert_eq!(risks["text"][4][1], risks["text"][2][1], "the group is merged over its rows");
    assert_eq!(risks["text"][0][4], risks["text"][0][6], "the heading is merged over its columns");
    let hard = &word["tables"][4]["text"];
    assert_eq!(hard[2][1], torture::CHARACTERS);
    assert_eq!(hard[4][1], "一行目\n二行目\n\n四行目");
}

#[test]
fn doc_003_libreoffice_prints_a_word_document_in_full() {
    let folder = Folder::new();
    let texts = peers::libreoffice_texts(&file(&folder, &torture::document(), Format::Docx));
    assert_complete(&texts);
    let with_head = pages_with_head(&texts[0]);
    assert!(with_head >= 3, "heading rows are repeated on {with_head} pages");
}

#[test]
fn doc_003_a_page_of_html_stands_alone() {
    let html = String::from_utf8(render(&torture::document(), Format::Html).unwrap()).unwrap();
    assert!(html.contains(r#"<th scope="colgroup" colspan="3">評価</th>"#));
    assert!(html.contains(r#"rowspan="3"><span class="keep">A-O1"#));
    assert!(html.contains("&#60;b&#62;&#38;amp;|"), "text is escaped");
    for tag in ["<script", "<link", "src=\"http", "url(", "@import"] {
        assert!(!html.contains(tag), "{tag}");
    }
    assert_complete(&[html]);
}

#[test]
fn doc_003_markdown_repeats_merged_cells() {
    let markdown = String::from_utf8(render(&torture::document(), Format::Markdown).unwrap()).unwrap();
    assert!(markdown.contains("| 評価 / 影響 | 評価 / 可能性 | 評価 / レベル |"));
    assert_eq!(markdown.matches("A-O1<br>").count(), 3);
    assert!(markdown.contains("&lt;b&gt;&amp;amp;\\|\\*\\_\\`#\\[ \\]"));
}

#[test]
fn doc_001_an_empty_document_is_written_in_every_format() {
    let document = Document {
        name: "empty",
        title: "用語解説".into(),
        meta: Meta { status: Status::Issued, ..Meta::default() },
        page: Page::A4_PORTRAIT,
        look: Look::default(),
        summary: vec![],
        notices: vec![],
        blocks: vec![],
        data: vec![],
    };
    for format in Format::ALL {
        assert!(!render(&document, format).unwrap().is_empty());
    }
}

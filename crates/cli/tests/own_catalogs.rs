//! Lists that users bring, and the register of standards (CATALOG-011, -021, -023, -024).

mod support;

use std::fs;

use serde_json::Value;
use support::edited::checked;
use support::own::{ITEMS, OWN, add, approve, array, tree, with_links, with_list};
use support::{copy_of_sample, json, path, shirube};

/// CATALOG-011: every mistake of a table at once, each with its line, what was found and what would be right; nothing
/// is written while one stands.
#[test]
fn mistakes_in_rows_come_at_once_and_nothing_is_written() {
    let own: &[&str] = &OWN;
    let links: &[&str] = &["--crosswalk", "pg-1.0", "mhlw-6.0"];
    let rows: [(&str, &str, &[&str], &[&str]); 10] = [
        ("a.csv", "id,txt,class\n1,a,◎\n", own, &["見出しの行: 列「txt」は使えません。「text」ではありませんか"]),
        ("b.csv", "id,text,id\n1,a,2\n", own, &["列「id」が二つあります"]),
        ("c.csv", "id,text\n1,a\n1,b\n", own, &["3行目: 番号「1」は2行目にもあります"]),
        (
            "d.csv",
            "id,text\n,a\n2,\na b,c\n4,d,e\n",
            own,
            &[
                "2行目: 番号（id）がありません",
                "3行目: 「2」に求められること（text）も題（title）もありません",
                "4行目: 番号「a b」は使えません",
                "5行目: 列が3個ありますが、見出しは2個です",
            ],
        ),
        (
            "e.csv",
            "id,text,certainty\n1,a,sure\n",
            own,
            &["2行目: 「1」の確かさ「sure」は使えません", "seen（原文で確認）"],
        ),
        ("f.csv", "id,text,text_from\n1,a,mhlw-99\n", own, &["文言の元の版（text_from）「mhlw-99」は収録していません"]),
        (
            "g.csv",
            "id,text\n6.5.C.7,a\n",
            &["--edition", "mhlw-5.0"],
            &["「mhlw-5.0/6.5.C.7」は収録済みの項目です。収録済みの項目は変えられません"],
        ),
        (
            "h.json",
            "[{\"id\":\"1\",\"text\":\"a\"},{\"id\":\"1\",\"text\":[]},3]",
            own,
            &[
                "2件目: 「text」は文字で書いてください",
                "2件目: 番号「1」は1件目にもあります",
                "3件目: 項目が { … } の形になっていません",
            ],
        ),
        ("i.json", "[{\"id\": ]", own, &["1行目: JSONとして読めません"]),
        (
            "j.csv",
            "source,relation,target\n3.1①-1,half,経営管理編.1.1.①\n9.9①-1,equal,x.1\n1.1①-1,none,経営管理編.1.1.①\n",
            links,
            &[
                "2行目: 関係「half」は使えません。使えるのは equal（同文）",
                "3行目: 元（source）の「9.9①-1」は、pg-1.0にありません",
                "3行目: 行き先（target）の「x.1」は、mhlw-6.0にありません",
                "4行目: 「1.1①-1」は「対応なし」（none）ですが、行き先「経営管理編.1.1.①」があります",
            ],
        ),
    ];
    let dir = copy_of_sample();
    let before = tree(dir.path());
    for (name, text, more, says) in rows {
        let ran = add(&dir, name, text, more);
        assert_eq!(ran.code, 2, "{name}: {}{}", ran.stdout, ran.stderr);
        for words in says {
            assert!(ran.stderr.contains(words), "{name}: 「{words}」 is not said\n{}", ran.stderr);
        }
        assert!(ran.stderr.contains("誤りがあるため、一件も加えていません"), "{name}: {}", ran.stderr);
    }
    assert_eq!(tree(dir.path()), before, "nothing is written");
}

/// CATALOG-011: where a list cannot go, or what it lacks, is told before anything is read or written.
#[test]
fn where_rows_go_must_be_known() {
    let dir = copy_of_sample();
    let before = tree(dir.path());
    let rows: [(&[&str], &str); 7] = [
        (&["--edition", "own-aoba"], "--title で名前を付けてください"),
        (&["--edition", "mhlw-6.9"], "近い名前の版は"),
        (&["--edition", "../x", "--title", "x"], "の名前は使えません"),
        (&["--edition", "own-a/b", "--title", "x"], "の名前は使えません"),
        (&["--crosswalk", "pg-1.0", "own-aoba"], "版「own-aoba」はありません"),
        (&["--crosswalk", "pg-1.0", "pg-1.0"], "同じ版への対応は加えられません"),
        (&[], "--edition"),
    ];
    for (more, says) in rows {
        let ran = add(&dir, "items.csv", ITEMS, more);
        assert!(ran.code == 2 && ran.stderr.contains(says), "{more:?}: {}{}", ran.stdout, ran.stderr);
    }
    assert_eq!(tree(dir.path()), before);
    let empty = tempfile::tempdir().expect("a temporary folder");
    let ran = add(&empty, "items.csv", ITEMS, &OWN);
    assert!(ran.code == 2 && ran.stderr.contains("shirube.yamlがありません"), "{}", ran.stderr);
}

/// CATALOG-011: what is only missing is asked about, and comes along as unknown; a partial edition grows by rows
/// without losing one.
#[test]
fn rows_are_added_to_a_partial_edition() {
    let dir = copy_of_sample();
    let held = json(&["catalog", "list", "mhlw-5.2", "--format", "json"]);
    let rows = "id,part,chapter,title,text\n付表9.9.9,付表9,99,試験の項目,試験として加える。\n";
    let ran = add(&dir, "page9.csv", rows, &["--edition", "mhlw-5.2"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    for words in ["区分（class）が空です", "出典（source）が空です", "確かさ（certainty）が空です", "加える1件"]
    {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
    let now = json(&["catalog", "list", "mhlw-5.2", "--with", path(&dir), "--format", "json"]);
    let (old, new) = (array(&held, "entries"), array(&now, "entries"));
    assert_eq!(&new[..old.len()], old, "embedded entries are untouched");
    let added = new.last().expect("an entry");
    assert_eq!((added["id"].as_str(), added["certainty"].as_str()), (Some("付表9.9.9"), Some("derived")));
    assert!(added["added"].as_str().is_some_and(|said| said.contains("利用者が加えた項目") && said.contains("案")));
    assert_eq!(json(&["catalog", "list", "mhlw-5.2", "--format", "json"]), held, "without the folder nothing is seen");
}

/// CATALOG-011: an edition that was exported can be read again as rows, in both formats.
#[test]
fn exported_lists_can_be_added() {
    let list = json(&["catalog", "list", "mhlw-7.0", "--format", "json"]);
    for format in ["csv", "json"] {
        let dir = copy_of_sample();
        let file = dir.path().join(format!("list.{format}"));
        let file = file.to_str().expect("a UTF-8 path");
        let ran = shirube(&["catalog", "export", "mhlw-7.0", "--format", format, "--out", file]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let text = fs::read_to_string(file).expect("written");
        let ran = add(&dir, &format!("list.{format}"), &text, &["--edition", "own-copy", "--title", "写し"]);
        assert!(ran.code <= 1, "{format}: {}{}", ran.stdout, ran.stderr);
        let copy = json(&["catalog", "list", "own-copy", "--with", path(&dir), "--format", "json"]);
        let texts = |list: &Value| -> Vec<[Value; 4]> {
            array(list, "entries").iter().map(|e| ["id", "text", "class", "certainty"].map(|k| e[k].clone())).collect()
        };
        assert_eq!(texts(&copy), texts(&list), "{format}");
    }
}

/// CATALOG-011: lines are counted as an editor counts them, whatever ends them and whatever a cell holds.
#[test]
fn lines_are_those_of_the_file() {
    let dir = copy_of_sample();
    for text in ["id,text\n1,a\n,b\n", "id,text\r\n1,a\r\n,b\r\n", "\u{feff}id\ttext\r\n1\ta\r\n\tb\r\n"] {
        let ran = add(&dir, "items.csv", text, &OWN);
        assert!(ran.code == 2 && ran.stderr.contains("3行目: 番号（id）がありません"), "{text:?}: {}", ran.stderr);
    }
    let ran = add(&dir, "items.csv", "id,text\r\n1,\"a\r\nb\"\r\n\r\n,c\r\n", &OWN);
    assert!(ran.code == 2 && ran.stderr.contains("5行目: 番号（id）がありません"), "{}", ran.stderr);
}

/// CATALOG-023: own lists stand beside the embedded ones wherever these are shown, marked as the user's.
#[test]
fn own_lists_are_seen_everywhere() {
    let dir = with_links();
    let with = ["--with", path(&dir)];
    let runs: [(&[&str], &[&str]); 5] = [
        (&["catalog", "list"], &["own-aoba あおば内科の要求", "独自の一覧です"]),
        (&["catalog", "list", "own-aoba"], &["（利用者が加えた項目）", "第1版 案（承認前）"]),
        (
            &["catalog", "show", "own-aoba/1.1"],
            &["私物を用いない", "加えた人と版", "pg-1.0/3.1①-1", "利用者が加えた対応"],
        ),
        (&["catalog", "search", "私物"], &["own-aoba/1.1"]),
        (&["catalog", "crosswalk", "pg-1.0", "own-aoba"], &["3.1①-1", "重なる", "該当する項目がない"]),
    ];
    for (args, says) in runs {
        let ran = shirube(&[args, &with[..]].concat());
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.stderr);
        says.iter().for_each(|words| assert!(ran.stdout.contains(words), "{args:?} 「{words}」: {}", ran.stdout));
        let without = shirube(args);
        assert!(without.code != 0 || !without.stdout.contains("own-aoba"), "{args:?} without the folder");
    }
    let migrated = json(&["catalog", "migrate", path(&dir), "--to", "own-aoba", "--format", "json"]);
    assert_eq!(array(&migrated, "items").len(), 2);
    assert!(array(&migrated, "lists")[0].as_str().is_some_and(|list| list.contains("own-aoba 第1版（案")));
    let carried = fs::read_to_string(dir.path().join("carried/own-aoba.yaml")).expect("written");
    assert!(carried.contains("own-aoba 第1版") && !carried.contains("confirmed:\n"), "{carried}");
    let said = checked(&dir);
    let notices = array(&said["catalogs"], "notices");
    assert!(notices.iter().any(|notice| notice["attention"] == true), "{notices:?}");
}

/// CATALOG-023: an embedded entry or link stays as it is, even when a list says otherwise behind our back.
#[test]
fn embedded_entries_cannot_be_shadowed() {
    let dir = copy_of_sample();
    let rows = "id,text,class,certainty,source\n付表9.9.9,試験,A,seen,x\n";
    assert_eq!(add(&dir, "page9.csv", rows, &["--edition", "mhlw-5.2"]).code, 0);
    let held = json(&["catalog", "list", "mhlw-5.2", "--format", "json"]);
    let first = array(&held, "entries")[0]["id"].as_str().expect("an id").to_owned();
    let file = dir.path().join("catalogs/mhlw-5.2.json");
    let mut list: Value = serde_json::from_slice(&fs::read(&file).expect("written")).expect("JSON");
    // As a release of ours would do it that embeds what a user had brought before.
    list["revisions"][0]["rows"][0]["id"] = first.clone().into();
    fs::write(&file, list.to_string()).expect("written");
    let ran = shirube(&["catalog", "list", "mhlw-5.2", "--with", path(&dir)]);
    assert!(ran.code == 2 && ran.stderr.contains("第1版の内容が、加えたときと違います"), "{}", ran.stderr);
    assert_eq!(checked(&dir)["catalogs"]["problems"].as_array().map(Vec::len), Some(1));
    let link = "source,relation,target,rationale,certainty\n1.1①-1,equal,1.1①-1,x,seen\n";
    let ran = add(&copy_of_sample(), "links.csv", link, &["--crosswalk", "pg-1.0", "pg-1.1"]);
    assert!(ran.code == 2 && ran.stderr.contains("収録済みの対応は変えられません"), "{}", ran.stderr);
}

/// CATALOG-024: another person approves, from a day on; until then it is 案; earlier revisions stay and can be shown.
#[test]
fn changes_need_a_second_person_and_keep_their_history() {
    let dir = with_list();
    let list = ["--edition", "own-aoba"];
    let refused = [
        ("標 一郎", "2026-11-21", "2026-12-01", "作った人とは別の人が承認してください"),
        ("標　一郎", "2026-11-21", "2026-12-01", "作った人とは別の人が承認してください"),
        ("港 四郎", "2026-11-19", "2026-12-01", "作った日（2026-11-20）より前です"),
        ("港 四郎", "2026-11-21", "2026-11-20", "承認の日（2026-11-21）より前です"),
        (" ", "2026-11-21", "2026-12-01", "承認した人（--by）を書いてください"),
    ];
    for (by, on, from, says) in refused {
        let ran = approve(&dir, &list, by, on, from);
        assert!(ran.code == 2 && ran.stderr.contains(says), "{by} {on} {from}: {}{}", ran.stdout, ran.stderr);
    }
    assert_eq!(approve(&dir, &list, "港 四郎", "2026-11-21", "2026-12-01").code, 0);
    let again = approve(&dir, &list, "灯台 花子", "2026-11-22", "2026-12-01");
    assert!(again.code == 2 && again.stderr.contains("承認済み"), "{}", again.stderr);

    let changed = ITEMS.replace("私物を用いない", "私物を決して用いない");
    let ran = add(&dir, "items.csv", &changed, &list);
    assert!(ran.code == 0 && ran.stdout.contains("加える0件、改める1件、同じ1件"), "{}", ran.stdout);
    assert!(
        add(&dir, "items.csv", &changed, &list).stdout.contains("変わりがないため"),
        "the same list is no revision"
    );
    let shown = |more: &[&str]| -> (String, Value) {
        let usual = ["catalog", "list", "own-aoba", "--with", path(&dir), "--format", "json"];
        let value = json(&[&usual[..], more].concat());
        (array(&value, "entries")[0]["text"].as_str().expect("a text").to_owned(), value)
    };
    let standings = |value: &Value| -> Vec<String> {
        array(value, "revisions").iter().map(|one| one["standing"].as_str().unwrap_or_default().to_owned()).collect()
    };
    for (on, expected, revisions) in [
        ("2026-11-30", "業務に使う端末は、私物を決して用いない。", ["coming", "draft"]),
        ("2026-12-01", "業務に使う端末は、私物を用いない。", ["in-force", "draft"]),
    ] {
        let (text, value) = shown(&["--on", on]);
        assert_eq!((text.as_str(), standings(&value)), (expected, revisions.map(str::to_owned).to_vec()), "{on}");
    }
    assert_eq!(approve(&dir, &list, "灯台 花子", "2026-12-10", "2027-01-01").code, 0);
    for (on, expected) in [
        ("2026-12-31", "業務に使う端末は、私物を用いない。"),
        ("2027-01-01", "業務に使う端末は、私物を決して用いない。"),
    ] {
        assert_eq!(shown(&["--on", on]).0, expected, "{on}");
    }
    assert_eq!(shown(&["--on", "2027-01-01", "--revision", "1"]).0, "業務に使う端末は、私物を用いない。");
    let none = shirube(&["catalog", "list", "own-aoba", "--with", path(&dir), "--revision", "9"]);
    assert!(none.code == 2 && none.stderr.contains("第9版はありません（あるのは第1・2版です）"), "{}", none.stderr);

    let replaced = ITEMS.lines().take(2).collect::<Vec<_>>().join("\n");
    let ran = add(&dir, "items.csv", &replaced, &["--edition", "own-aoba", "--replace"]);
    assert!(ran.stdout.contains("外す1件") && ran.stdout.contains("外す: 1.2"), "{}", ran.stdout);
}

/// CATALOG-021: the register has the standards of the footnotes and references, and warns where two places cite
/// different years of one.
#[test]
fn standards_with_different_years_are_named() {
    let register = json(&["catalog", "standards", "--format", "json"]);
    let all = array(&register, "standards");
    for number in [
        "JIS Q 27001:2014",
        "JIS Q 27002:2014",
        "ISO/IEC 27005:2018",
        "JIS Q 27017:2016",
        "ISO/IEC 27018:2014",
        "ISO/IEC 27018:2019",
        "IEC 62853:2018",
        "JIS Q 31000:2019",
        "平成29年個人情報保護委員会告示第1号",
    ] {
        let one = all.iter().find(|one| one["number"].as_str().is_some_and(|text| text.contains(number)));
        let one = one.unwrap_or_else(|| panic!("{number} is missing"));
        assert!(one["cited_by"].as_str().is_some_and(|places| !places.is_empty()), "{number} tells where it is cited");
        assert_eq!(!array(one, "warnings").is_empty(), number.contains("27018"), "{number}: {one}");
    }
    assert!(all.iter().any(|one| one["title"] == "SSL/TLS 暗号設定ガイドライン" && one["number"] == "第2.0版"));
    let differing = array(&register, "years_that_differ");
    assert_eq!(differing.len(), 1, "{differing:?}");
    assert_eq!(differing[0]["name"], "ISO/IEC 27018");
    let shown = shirube(&["catalog", "show", "iso-27018-2014"]);
    assert!(shown.code == 0 && shown.stdout.contains("2019年版も引かれています"), "{}{}", shown.stdout, shown.stderr);
    assert!(
        shirube(&["catalog", "standards"]).stdout.contains("注意: ISO/IEC 27018の年が、引くところによって違います")
    );
}

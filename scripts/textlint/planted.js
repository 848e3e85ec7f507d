// Small files with one fault each, to see that texts are found in every kind of file and reported at their line.
'use strict';

module.exports = [
  { file: 'catalogs/planted.tsv', line: 3, source: 'id\ttitle\ttext\n1\t全てのサーバー\t記録を残す。\n2\t題\t全てを残す。\n' },
  { file: 'catalogs/planted.yaml', line: 4, source: '# 次の\n- title: 全ての題\n  text: ABC\n    全てを残す。\n' },
  { file: 'samples/planted.yaml', line: 3, source: 'a:\n  b: |\n    全てを残す。\n' },
  { file: 'samples/comment.yaml', line: 2, source: 'a: b\nc: d # 全てを残す\n' },
  {
    file: 'crates/planted/src/lib.rs',
    line: 4,
    source: "// 全ての記録\nfn a<'a>(b: char) -> String { let c = '\"'; format!(\"{b}を残す。{}\", c) }\nconst D: &str = \"記録を残し、\\\n    全てを見る。\";\n#[cfg(test)]\nmod tests { const E: &str = \"全て\"; }\n",
  },
  { file: 'crates/planted/src/doc.rs', line: 2, source: '/// 記録を残す。\n/// 全てを見る。\nstruct A;\n' },
  { file: 'crates/planted/templates/a.html', line: 3, source: '<p>{{ a }}を\n<b>残します</b>。\n全てを見ます。</p>\n<!-- 全て -->\n' },
  { file: 'crates/planted/templates/b.html', line: 1, source: '<nav aria-label="全ての{{ a }}">{% if b %}記録{% endif %}</nav>\n' },
  { file: 'crates/planted/src/a.typ', line: 2, source: '// 全て\n#text("全てを見る")\n' },
  { file: 'planted.md', line: 3, source: '# 記録\n\n全てを残します。`全て`\n' },
];

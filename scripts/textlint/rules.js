// Which rules hold for which texts, and why a rule of the preset is switched off.
//
// The preset is textlint-rule-preset-ja-technical-writing. Four rules are our own: `one-style`, `last-sentence-ends`,
// `no-stray-space` and `weekday-fits`. Terms are in words.yml.
'use strict';

const path = require('node:path');

const POLITE = /(?:です|ます|ました|ません|でした|でしょう|ましょう|ください)か?$/;
// Sentences that end in a noun belong to either style.
const PLAIN = /(?:である|だ|[うくすつぬむぶるぐいた])か?$/;

/** The sentences of a paragraph, without what is quoted or bracketed. */
function sentences(text) {
  let bare = text;
  for (let before = ''; before !== bare;) {
    before = bare;
    bare = bare.replace(/「[^「」]*」|『[^『』]*』|（[^（）]*）|\([^()]*\)|【[^【】]*】/g, '');
  }
  return bare.split('。').map((sentence) => sentence.trim()).filter((sentence) => sentence !== '');
}

/** です・ます and である do not stand side by side in one text; where a place has one style, every text keeps to it. */
function oneStyle(context, { style }) {
  const { Syntax, RuleError, report, getSource } = context;
  return {
    [Syntax.Paragraph](node) {
      // Items of a list may be notes between polite sentences.
      const wanted = node.parent?.type === Syntax.ListItem ? undefined : style;
      // What follows the last 「。」 may be a title or a fragment of a longer text.
      const ended = sentences(getSource(node).replace(/[^。]*$/, ''));
      const polite = ended.find((sentence) => POLITE.test(sentence));
      const plain = ended.find((sentence) => PLAIN.test(sentence) && !POLITE.test(sentence));
      if (polite && plain) report(node, new RuleError(`です・ます（…${polite.slice(-8)}）と、である（…${plain.slice(-8)}）が一つの文章に混じっています。`));
      else if (wanted === 'plain' && polite) report(node, new RuleError(`ここの文は、である調です（…${polite.slice(-8)}）。`));
      else if (wanted === 'polite' && plain) report(node, new RuleError(`ここの文は、です・ます調です（…${plain.slice(-8)}）。`));
    },
  };
}

/** A text of several sentences ends as its sentences do. */
function lastSentenceEnds(context) {
  const { Syntax, RuleError, report, getSource } = context;
  return {
    [Syntax.Paragraph](node) {
      const text = getSource(node).trim();
      if (/。./.test(text.replace(/「[^「」]*」|（[^（）]*）/g, '')) && !/[。：:」』）？]$/.test(text)) {
        report(node, new RuleError('途中の文は「。」で終わるのに、最後の文に「。」がありません。'));
      }
    },
  };
}

/** The day of the week is that of the date. */
function weekdayFits(context) {
  const { Syntax, RuleError, report, getSource, locator } = context;
  return {
    [Syntax.Paragraph](node) {
      for (const found of getSource(node).matchAll(/(\d{4})年(\d{1,2})月(\d{1,2})日[(（]([日月火水木金土])[)）]/g)) {
        const [year, month, day] = found.slice(1, 4).map(Number);
        const right = '日月火水木金土'[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
        if (right !== found[4]) report(node, new RuleError(`${found[0]}は、${right}曜日です。`, { padding: locator.range([found.index, found.index + found[0].length]) }));
      }
    },
  };
}

/** A space where a line was broken or a word was cut out: beside 、。 and brackets, and between Japanese words in a sentence. */
function noStraySpace(context) {
  const { Syntax, RuleError, report, getSource, locator } = context;
  return {
    [Syntax.Paragraph](node) {
      for (const found of getSource(node).matchAll(/[、。] +(?=\S)|[ぁ-ん・] (?=[ぁ-んァ-ヶ一-龠])|\S +[、。）」』]|[（「『] +(?=[^ ])| 　|　 /g)) {
        const range = [found.index, found.index + found[0].length];
        report(node, new RuleError(`要らない空白があります（${found[0]}）。`, { padding: locator.range(range) }));
      }
    },
  };
}

/** All rules by name, from the installed packages. */
function load(require) {
  const rule = (name) => {
    const module = require(name);
    return module.default ?? module;
  };
  return {
    ...rule('textlint-rule-preset-ja-technical-writing').rules,
    'no-dropping-i': rule('@textlint-ja/textlint-rule-no-dropping-i'),
    'no-insert-dropping-sa': rule('@textlint-ja/textlint-rule-no-insert-dropping-sa'),
    'no-insert-re': rule('@textlint-ja/textlint-rule-no-insert-re'),
    'no-mixed-zenkaku-and-hankaku-alphabet': rule('textlint-rule-no-mixed-zenkaku-and-hankaku-alphabet'),
    prh: rule('textlint-rule-prh'),
    'one-style': oneStyle,
    'last-sentence-ends': lastSentenceEnds,
    'no-stray-space': noStraySpace,
    'weekday-fits': weekdayFits,
  };
}

// Damage to characters. Facts (official titles, names, sources) are worded by others, but may not be damaged.
const CHARACTERS = {
  'no-nfd': true,
  'no-invalid-control-character': true,
  'no-zero-width-spaces': true,
  'no-hankaku-kana': true,
};

const PROSE = {
  ...CHARACTERS,
  'no-unmatched-pair': true,
  // A sentence with its conditions. What is bracketed or quoted, the items of (1), (2) …, and English, are read by
  // themselves.
  'sentence-length': { max: 120, skipPatterns: ['/（[^（）]*）/', '/「[^「」]*」/', '/『[^『』]*』/', '/\\(\\d+\\) [^。]*/', '/\\[[^\\]]*\\]/', '/[!-~ “”’]{30,}/'] },
  // Conditions and exceptions of the guidelines take up to four; above that a sentence has to be cut.
  'max-ten': { max: 4 },
  // These return in good Japanese: 速やかに…に渡す, …が見えることがある, AもBも, AかBか, AとBとする. A doubled は, を, で,
  // の, へ or から is a fault.
  'no-doubled-joshi': { min_interval: 1, allow: ['に', 'が', 'も', 'ても', 'でも', 'にも', 'か', 'や', 'と', 'たり', 'とか'] },
  'no-doubled-conjunction': true,
  'no-doubled-conjunctive-particle-ga': true,
  'no-double-negative-ja': true,
  'no-dropping-the-ra': true,
  'no-dropping-i': true,
  'no-insert-dropping-sa': true,
  'no-insert-re': true,
  'ja-no-weak-phrase': true,
  'ja-no-successive-word': true,
  'ja-no-abusage': true,
  // Compounds that the guidelines use as terms cannot drop 行う: 入退管理を行う, 遠隔保守を行う事業者, 内部監査を行う.
  'ja-no-redundant-expression': {
    dictOptions: {
      dict5: {
        allows: ['/^(?:管理|保守|教育|研修|訓練|監査|認証|署名|分析|委託|保存|診療|試験|点検|対応|検査)を行/', '/^処理を行[ぁ-ん]/', '/^[ァ-ヶ]+を.?行[ぁ-ん]/', '/^[a-zA-Z]+を.?行[ぁ-ん]/'],
      },
    },
  },
  'ja-unnatural-alphabet': { allow: ['/[A-Z]/'] },
  'no-mixed-zenkaku-and-hankaku-alphabet': true,
  'weekday-fits': true,
  prh: { rulePaths: [path.join(__dirname, 'words.yml')] },
  'one-style': {},
  'last-sentence-ends': true,
  'no-stray-space': true,
};

// Switched off everywhere:
// * max-kanji-continuous-len: the guidelines' own terms are longer (医療情報システム安全管理責任者).
// * arabic-kanji-numbers: small counts are 一つ, 二つ here; words.yml holds that.
// * ja-no-mixed-period: cells, labels and titles end without 「。」. last-sentence-ends finds the mixture.
// * no-mix-dearu-desumasu: it knows である but no verb in plain form, and judges a whole file. one-style does both for each text.
// * max-comma: our commas stand in ids and code.
// * no-exclamation-question-mark: nothing here shouts; the marks stand where signs are explained.

/** The rules for one place: its folder, and whether its texts are whole. */
function rulesFor({ file, kind }) {
  if (kind === 'fact') return CHARACTERS;
  const rules = { ...PROSE };
  // What explains a screen speaks like the screen; examples are short. Each outline has a voice of its own, and its
  // notes another. Each text has one style.
  if (/^catalogs\/(?:(?:glossary|explanations|outlines|registers)\/|rules\/maintenance\.yaml)/.test(file)) rules['one-style'] = {};
  else if (/^catalogs\//.test(file)) rules['one-style'] = { style: 'plain' };
  else if (/\.(?:html|md)$/.test(file)) rules['one-style'] = { style: 'polite' };
  // A comment goes on in the next line. So does the Markdown of a link.
  if (kind === 'comment' || file.endsWith('.md')) delete rules['last-sentence-ends'];
  // A clause has branches, and a fact may be its last sentence.
  if (file.startsWith('catalogs/outlines/')) {
    delete rules['last-sentence-ends'];
    delete rules['no-stray-space'];
  }
  // Messages are put together at run time: a part may end anywhere, and the 「。」 of an error is added where it is shown.
  if (/\.(?:rs|html|typ)$/.test(file)) {
    delete rules['last-sentence-ends'];
    delete rules['no-stray-space'];
    delete rules['no-unmatched-pair'];
  }
  return rules;
}

// Findings of a rule that say nothing, by their message. (The rule's own option takes a quarter of all the time.)
const HARMLESS = {
  // Nested brackets close twice, lines are drawn with repeated signs, and 一つ一つ is a word.
  'ja-no-successive-word': /^"(?:[^ぁ-んァ-ヶ一-龠]+|[A-Z]|一つ)" /,
};

// Findings that are wrong. One that no longer occurs is itself reported.
const EXCEPTIONS = [
  { rule: 'ja-no-abusage', text: '機器管', reason: '機器管理台帳 is read as 器管' },
  { rule: 'prh', text: '職員全てとの', reason: 'quotes a title of 別紙2' },
  { rule: 'no-doubled-joshi', text: '確かではありません', reason: 'では of a negation is read as a second は' },
  { rule: 'ja-unnatural-alphabet', text: 'a～g', reason: 'marks of the original' },
  { rule: 'ja-no-redundant-expression', text: '記録・確認を行った情報', reason: 'quotes a definition' },
  { rule: 'no-doubled-joshi', text: 'やむをえない事情で', reason: 'quotes the original to show its fault' },
  { rule: 'no-doubled-joshi', text: 'どの機器で/どの媒体で', reason: "heading of the guideline's table" },
];

module.exports = { load, rulesFor, EXCEPTIONS, HARMLESS };

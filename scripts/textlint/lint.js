// Runs textlint over the Japanese texts of the project and prints each finding with its file and line.
//
//   lint.js PACKAGES [FILE ...]     PACKAGES: the folder that scripts/lint-japanese installs
//
// Beside them it lints texts with known faults (faults.txt, planted.js): a linter that finds nothing there has found
// nothing elsewhere.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const { createRequire } = require('node:module');
const os = require('node:os');
const path = require('node:path');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

const { extract } = require('./extract.js');
const planted = require('./planted.js');
const { load, rulesFor, EXCEPTIONS, HARMLESS } = require('./rules.js');

const root = path.resolve(__dirname, '../..');

// Places with texts for people. The specification is written in English and quotes.
const PLACES = ['catalogs', 'samples', 'crates/intake/rules', ':(glob)crates/*/src/**', ':(glob)crates/*/catalogs/**', ':(glob)crates/*/templates/**', '*.md', ':!docs/spec'];

// Texts of one rule set are linted together: a run of textlint has a price of its own.
const TOGETHER = 120;

function packages(home) {
  return createRequire(path.join(home, 'package.json'));
}

function files(named) {
  if (named.length > 0) return named.map((file) => path.relative(root, path.resolve(file)));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...PLACES], { cwd: root, encoding: 'utf8' });
  return listed.split('\0').filter((file) => /\.(?:tsv|yaml|rs|html|typ|md)$/.test(file) && fs.existsSync(path.join(root, file)));
}

/** The texts of all files, equal ones once; each keeps the places where it stands. */
function gather(sources, require) {
  const library = require('yaml');
  const texts = new Map();
  for (const { file, source } of sources) {
    for (const text of extract(file, source, library)) {
      const rules = rulesFor(text);
      const key = JSON.stringify([rules, text.format, text.value]);
      const known = texts.get(key);
      if (known) known.places.push(text);
      else texts.set(key, { ...text, rules, places: [text] });
    }
  }
  return [...texts.values()];
}

/** Parts of the work, none with texts of different rules or formats. */
function parts(texts) {
  const groups = new Map();
  for (const text of texts) {
    const key = JSON.stringify([text.format, text.rules, text.format === 'md' && text.file]);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(text);
  }
  return [...groups.values()].flatMap((group) => {
    const cut = [];
    for (let at = 0; at < group.length; at += TOGETHER) cut.push(group.slice(at, at + TOGETHER));
    return cut;
  });
}

/** Six rules cut the same paragraphs into sentences, which takes a quarter of the time: each is cut once. */
function splitOnce(require) {
  const splitter = require('sentence-splitter');
  const { splitAST } = splitter;
  const known = new WeakMap();
  splitter.splitAST = (node, options) => {
    if (!known.has(node)) known.set(node, new Map());
    const cuts = known.get(node);
    const key = JSON.stringify(options ?? null);
    if (!cuts.has(key)) cuts.set(key, splitAST(node, options));
    return cuts.get(key);
  };
}

/** Lints one part; gives for each finding the text, where in it, the rule and what it says. */
async function lint(part, require, kernel, rules) {
  const plugin = (name) => require(name).default ?? require(name);
  const starts = [];
  let body = '';
  for (const text of part) {
    starts.push(body.length);
    body += `${text.value}\n\n`;
  }
  const format = part[0].format ?? 'txt';
  const result = await kernel.lintText(body, {
    filePath: `texts.${format}`,
    ext: `.${format}`,
    plugins: [
      { pluginId: 'text', plugin: plugin('@textlint/textlint-plugin-text') },
      { pluginId: 'markdown', plugin: plugin('@textlint/textlint-plugin-markdown') },
    ],
    rules: Object.entries(part[0].rules).map(([ruleId, options]) => ({ ruleId, rule: rules[ruleId], options })),
  });
  return result.messages.map(({ ruleId, message, range }) => {
    const at = starts.findLastIndex((start) => start <= range[0]);
    return { text: part[at], offset: range[0] - starts[at], rule: ruleId, message: message.split('\n')[0] };
  });
}

/** Lints all parts on as many threads as there are processors, up to four. */
async function lintAll(work, home) {
  const count = Math.min(work.length, os.availableParallelism(), 4);
  const findings = [];
  let next = 0;
  await Promise.all(Array.from({ length: count }, () => new Promise((resolve, reject) => {
    const worker = new Worker(__filename, { workerData: { home } });
    const give = () => {
      if (next < work.length) worker.postMessage(work[next++]);
      else worker.terminate().then(resolve);
    };
    worker.on('error', reject);
    worker.on('message', (found) => {
      findings.push(...found);
      give();
    });
    give();
  })));
  return findings;
}

function work(home) {
  const require = packages(home);
  const { TextlintKernel } = require('@textlint/kernel');
  splitOnce(require);
  const kernel = new TextlintKernel();
  const rules = load(require);
  let before = Promise.resolve();
  parentPort.on('message', (part) => {
    before = before.then(() => lint(part, require, kernel, rules)).then((found) => parentPort.postMessage(found));
    before.catch((error) => { throw error; });
  });
}

function excepted({ rule, message, text, offset }) {
  if (HARMLESS[rule]?.test(message)) return true;
  const found = EXCEPTIONS.find((exception) => {
    if (exception.rule !== rule) return false;
    const at = text.value.lastIndexOf(exception.text, offset);
    return at >= 0 && offset <= at + exception.text.length;
  });
  if (found) found.used = true;
  return found !== undefined;
}

/** Lines of faults.txt, "rule: text", or "none: text" for a sound one. */
function faults() {
  return fs.readFileSync(path.join(__dirname, 'faults.txt'), 'utf8').split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, rule, value] = /^([\w-]+): (.*)$/.exec(line);
      const text = { file: 'catalogs/faults.yaml', kind: 'prose', value: JSON.parse(`"${value}"`), lines: [[0, 1]], expected: rule };
      return { ...text, rules: rulesFor(text), places: [text] };
    });
}

/** What is wrong with the linter itself. */
function misses(known, findings) {
  const atLines = planted.flatMap(({ file, line }) => {
    const found = findings.filter((finding) => finding.text.file === file).map((finding) => shown(finding).line);
    return found.length === 1 && found[0] === line ? [] : [`planted.js: ${file} の誤りは${line}行目に一つですが、見つかった行は「${found.join('、')}」です。`];
  });
  return atLines.concat(known.flatMap((text) => {
    const rules = findings.filter((finding) => finding.text.value === text.value).map((finding) => finding.rule);
    if (text.expected === 'none') return rules.length === 0 ? [] : [`faults.txt: 正しい文が指摘されました（${rules.join('、')}）: ${text.value}`];
    return rules.includes(text.expected) ? [] : [`faults.txt: ${text.expected} が見つけるはずの誤りが見つかりません: ${text.value}`];
  }));
}

function shown({ text, offset, rule, message }) {
  const line = text.lines.findLast(([start]) => start <= offset)[1];
  const from = Math.max(0, offset - 20);
  const excerpt = `${from > 0 ? '…' : ''}${text.value.slice(from, offset + 40).replaceAll('\n', ' ')}${offset + 40 < text.value.length ? '…' : ''}`;
  const elsewhere = text.places.length > 1 ? `（ほか${text.places.length - 1}か所に同じ文）` : '';
  return { file: text.file, line, words: `${text.file}:${line}: ${rule}: ${message}\n    ${excerpt}${elsewhere}` };
}

async function main() {
  const [home, ...named] = process.argv.slice(2);
  const require = packages(path.resolve(home));
  const texts = gather(files(named).map((file) => ({ file, source: fs.readFileSync(path.join(root, file), 'utf8') })), require);
  const known = faults();
  const traps = gather(planted, require);
  const trapped = new Set(planted.map(({ file }) => file));
  const isTrap = ({ text }) => text.expected !== undefined || trapped.has(text.file);

  const all = await lintAll([known, ...parts(traps), ...parts(texts)], path.resolve(home));
  const problems = misses(known, all.filter(isTrap));
  const findings = all.filter((finding) => !isTrap(finding) && !excepted(finding)).map(shown)
    .sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
  if (named.length === 0) {
    for (const { rule, text, used } of EXCEPTIONS) if (!used) problems.push(`rules.js: 例外（${rule}、「${text}」）に当たるものが、もうありません。`);
  }
  for (const { words } of findings) console.log(words);
  for (const problem of problems) console.log(problem);
  console.log(`日本語の文章${texts.length}件と、わざと誤らせた${known.length + planted.length}件を調べました。指摘: ${findings.length + problems.length}件`);
  process.exitCode = findings.length + problems.length === 0 ? 0 : 1;
}

if (isMainThread) {
  main().catch((error) => {
    console.error(error);
    process.exitCode = 2;
  });
} else {
  work(workerData.home);
}

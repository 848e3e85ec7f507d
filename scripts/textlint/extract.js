// The Japanese texts that people read, taken out of the files that hold them, each with its line.
//
// A text is { file, value, kind, lines }. `kind` is "prose" for our own words, "comment" for those beside data, and
// "fact" for what has to stay as the original has it: official titles, names, sources. `lines` are pairs of an offset in `value` and the line that starts there.
'use strict';

// What stands for a value that is only known at run time. A noun to the analyser, and no brackets or digits.
const VALUE = 'A';

// Columns of the catalogs' tables that are written by us. The rest are ids, official titles, marks and sources.
const PROSE_COLUMNS = new Set(['text', 'note', 'rationale', 'technical', 'operational', 'sample_rule', 'about', 'what_changed_own_words']);

// Fields of YAML files that hold facts or names and no sentences of ours.
const FACT_FIELDS = {
  // Before the other catalogs: rows of its tables and items are sentences. What is written into a text is a value.
  'catalogs/outlines/': ['id', 'title', 'style', 'voice', 'number', 'source', 'requirements', 'when', 'each', 'owner', 'size', 'caption', 'head'],
  'catalogs/': ['title', 'section_title', 'life_cycle_title', 'name', 'label', 'synonym', 'item', 'row', 'group', 'law', 'section', 'volume', 'part',
    'edition', 'issuers', 'figure', 'refs', 'also', 'items', 'entries', 'number', 'version', 'source', 'where', 'id', 'controls', 'old_items'],
  // Words that are looked for in answers of other people.
  'crates/intake/rules/': ['bare', 'not_applicable', 'words', 'unless', 'done', 'yes', 'no', 'items', 'ids', 'item'],
  'samples/': ['id', 'risks', 'row', 'place', 'by', 'owner', 'participants', 'actor', 'nodes', 'between', 'within', 'information', 'medium', 'site', 'party', 'documents'],
};

function lineCounter(source) {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}

/** Joins lines that were broken only to fit the page: with a space between Latin letters, without one in Japanese. */
function join(parts) {
  let value = '';
  const lines = [];
  for (const part of parts) {
    if (value !== '' && /[!-~]$/.test(value) && /^[!-~]/.test(part.value)) value += ' ';
    lines.push([value.length, part.line]);
    value += part.value;
  }
  return { value, lines };
}

function tsv(file, source) {
  const [head, ...rows] = source.split('\n').map((row) => row.split('\t'));
  return rows.flatMap((row, at) => row.map((value, column) => ({
    file, value, kind: PROSE_COLUMNS.has(head[column]) ? 'prose' : 'fact', lines: [[0, at + 2]],
  })));
}

/** A template of a clause with something in its gaps, and without what it asks. */
function filled(value) {
  return value.replace(/\{\{[^]*?\}\}/g, VALUE).replace(/\{%[^]*?%\}/g, '');
}

function yaml(file, source, library) {
  const line = lineCounter(source);
  const holder = Object.keys(FACT_FIELDS).find((folder) => file.startsWith(folder));
  const facts = new Set(holder ? FACT_FIELDS[holder] : []);
  const texts = [];
  const document = library.parseDocument(source);
  if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0].message}`);
  library.visit(document, {
    Scalar(role, node, path) {
      if (role === 'key' || typeof node.value !== 'string') return;
      const fields = path.filter((step) => library.isPair(step)).map((pair) => String(pair.key));
      const kind = fields.some((field) => facts.has(field)) ? 'fact' : 'prose';
      const start = line(node.range[0]);
      if (holder === 'catalogs/outlines/') node.value = filled(node.value);
      if (node.type === 'BLOCK_LITERAL') {
        node.value.split('\n').forEach((value, below) => texts.push({ file, value, kind, lines: [[0, start + 1 + below]] }));
        return;
      }
      // YAML folds the lines of any other text into one, with a space for each end of line.
      let at = 0;
      const lines = source.slice(node.range[0], node.range[1]).split('\n').map((row, below) => {
        const begins = [at, start + below];
        at += row.trim().length + 1;
        return begins;
      });
      texts.push({ file, value: node.value.trim(), kind, lines });
    },
  });
  source.split('\n').forEach((row, at) => {
    const comment = /(?:^|\s)#\s?(.*)$/.exec(row);
    if (comment && !/["'].*#.*["']/.test(row)) texts.push({ file, value: comment[1].trim(), kind: 'comment', lines: [[0, at + 1]] });
  });
  return texts;
}

/** String literals and doc comments of Rust code; what only tests compile is left out. */
function rust(file, source) {
  const line = lineCounter(source);
  const texts = [];
  let doc = [];
  const flush = () => {
    if (doc.length > 0) texts.push({ file, kind: 'prose', ...join(doc) });
    doc = [];
  };
  const pattern = /(?<doc>\/\/\/[^\n]*)|\/\/[^\n]*|\/\*[^]*?\*\/|b?r(?<hashes>#*)"(?<raw>[^]*?)"\k<hashes>|b?"(?<text>(?:\\[^]|[^"\\])*)"|'(?:\\(?:u\{[^}]*\}|x..|.)|[^'\\])'|(?<test>#\[cfg\(test\)\]\s*mod\s+\w+\s*\{)|(?<other>[^\s])/gu;
  for (const found of source.matchAll(pattern)) {
    const { groups } = found;
    if (groups.test) break;
    if (groups.doc !== undefined) {
      const value = groups.doc.slice(3).trim();
      if (value === '' || value.startsWith('* ')) flush();
      if (value !== '') doc.push({ value, line: line(found.index) });
      continue;
    }
    flush();
    const literal = groups.text ?? groups.raw;
    if (literal === undefined) continue;
    const start = found.index + found[0].indexOf('"') + 1;
    let value = '';
    const lines = [[0, line(start)]];
    const parts = groups.raw === undefined ? /\\(?:u\{([0-9a-fA-F]+)\}|\n\s*|[^])|\{\{|\}\}|\{[A-Za-z0-9_.]*(?::[^{}]*)?\}|[^]/gu : /[^]/gu;
    for (const part of literal.matchAll(parts)) {
      if (/^\\?\n/.test(part[0])) lines.push([value.length + (part[0] === '\n' ? 1 : 0), line(start + part.index) + 1]);
      value += unescape(part);
    }
    texts.push({ file, kind: 'prose', value, lines });
  }
  flush();
  return texts.flatMap(paragraphs);
}

function unescape(part) {
  const text = part[0];
  if (part[1]) return String.fromCodePoint(parseInt(part[1], 16));
  if (/^\\\n/.test(text)) return '';
  if (text === '\\n') return '\n';
  if (text === '\\t') return '\t';
  if (text[0] === '\\') return text[1];
  if (text === '{{' || text === '}}') return text[0];
  if (text[0] === '{' && text.length > 1) return VALUE;
  return text;
}

/** One text for each line that its reader sees. */
function paragraphs(text) {
  let from = 0;
  return text.value.split('\n').map((value) => {
    const at = from;
    from += value.length + 1;
    const lines = text.lines.filter(([offset]) => offset >= at && offset < from).map(([offset, line]) => [offset - at, line]);
    if (lines.length === 0 || lines[0][0] > 0) lines.unshift([0, text.lines.filter(([offset]) => offset <= at).pop()[1]]);
    return { ...text, value, lines };
  });
}

// Elements inside a sentence; every other one ends it.
const INLINE = new Set(['a', 'b', 'i', 'em', 'strong', 'code', 'kbd', 'abbr', 'mark', 'small', 'sub', 'sup', 'time']);

/** What a template shows, and what it says to those who do not see it. */
function html(file, source) {
  const line = lineCounter(source);
  const blank = (text) => text.replace(/[^\n]/g, ' ');
  const text = source
    .replace(/\{#[^]*?#\}|<!--[^]*?-->/g, blank)
    .replace(/<(style|script)\b[^]*?<\/\1>/g, blank);
  const texts = [];
  let parts = [];
  const flush = () => {
    if (parts.length > 0) texts.push({ file, kind: 'prose', ...join(parts) });
    parts = [];
  };
  for (const found of text.matchAll(/\{%[^]*?%\}|\{\{[^]*?\}\}|<\/?(\w+)((?:\{\{[^]*?\}\}|\{%[^]*?%\}|[^>])*)>|[^<{]+|[<{]/g)) {
    const piece = found[0];
    const at = line(found.index);
    if (piece.startsWith('{%')) flush();
    else if (piece.startsWith('{{')) parts.push({ value: VALUE, line: at });
    else if (found[1] !== undefined) {
      if (!INLINE.has(found[1])) flush();
      for (const attribute of found[2].matchAll(/(?:title|alt|placeholder|aria-label|content|data-\w+)="([^"]*)"/g)) {
        const value = attribute[1].replace(/\{%[^]*?%\}/g, '').replace(/\{\{[^]*?\}\}/g, VALUE);
        texts.push({ file, kind: 'prose', value, lines: [[0, line(found.index + found[0].indexOf(attribute[0]))]] });
      }
    } else {
      piece.split('\n').forEach((value, below) => {
        if (value.trim() !== '') parts.push({ value: value.trim(), line: at + below });
      });
    }
  }
  flush();
  return texts;
}

/** Strings and marked-up text of a Typst template. */
function typst(file, source) {
  return source.split('\n').flatMap((row, at) => {
    const code = row.replace(/(^|\s)\/\/.*$/, '');
    return [...code.matchAll(/"((?:\\.|[^"\\])*)"|\[([^\[\]]*)\]/g)].map((found) => ({
      file, kind: 'prose', value: (found[1] ?? found[2]).replace(/#[\w.]+(\([^)]*\))*/g, VALUE), lines: [[0, at + 1]],
    }));
  });
}

/** A page, if it is written in Japanese. */
function markdown(file, source) {
  const lines = source.split('\n');
  let at = 0;
  const starts = lines.map((row, number) => {
    const start = [at, number + 1];
    at += row.length + 1;
    return start;
  });
  return [{ file, kind: 'prose', format: 'md', value: source, lines: starts }];
}

/** Whether a text is Japanese, and not English with Japanese terms in it. */
function isJapanese(value) {
  const words = value.replace(/`[^`]*`|https?:\S+/g, '');
  const japanese = words.match(/[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]/gu)?.length ?? 0;
  const latin = words.match(/[A-Za-z]{2,}/g)?.join('').length ?? 0;
  return japanese > 0 && (/[\u3040-\u309f]/.test(words) || latin === 0) && japanese * 2 > latin;
}

/** The texts of one file; `library` is the package `yaml`. */
function extract(file, source, library) {
  const by = { tsv, yaml, rs: rust, html, typ: typst, md: markdown };
  const texts = by[file.slice(file.lastIndexOf('.') + 1)](file, source, library);
  return texts.filter(({ value }) => isJapanese(value));
}

module.exports = { extract };

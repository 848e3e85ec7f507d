'use strict';

// What the browser tests share: the browser, a place for its modules, and what is looked for on every page.

const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const target = process.env.CARGO_TARGET_DIR || path.join(root, 'target');
const WIDTHS = [{ width: 1280, height: 900 }, { width: 390, height: 844 }];
const BROWSER_FLAGS = ['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

function option(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

function modules() {
  const home = path.join(target, 'test-browser');
  const wanted = { 'playwright-core': '1.65.1', 'axe-core': '4.14.1', 'oidc-provider': '9.13.3' };
  const missing = Object.keys(wanted).filter((name) => !fs.existsSync(path.join(home, 'node_modules', name)));
  if (missing.length > 0) {
    fs.mkdirSync(home, { recursive: true });
    const names = Object.entries(wanted).map(([name, version]) => `${name}@${version}`);
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', home, ...names], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const load = (name) => require(path.join(home, 'node_modules', name));
  return { home, chromium: load('playwright-core').chromium, axe: load('axe-core').source };
}

/** A browser without anything that would look for the network. */
async function launch() {
  const { home, chromium, axe } = modules();
  const sandbox = process.getuid && process.getuid() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: [...BROWSER_FLAGS, ...sandbox] });
  return { browser, axe, home };
}

/** Builds the program and starts it with a folder of its own; gives its process, the first address it prints, and how to run
 *  another command of the program beside it. */
function start(command, args) {
  const given = option('--program');
  if (!given) execFileSync('cargo', ['build', '--release', '--locked'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shirube-browser-'));
  const program = given || path.join(target, 'release', 'shirube');
  const server = spawn(path.resolve(program), [command, ...args(folder)], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  server.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  return new Promise((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`shirube ${command} が終わりました（${code}）。`)));
    let said = '';
    server.stdout.on('data', (text) => {
      said += text;
      const address = /http:\/\/[0-9a-z.]+:[0-9]+/.exec(said);
      const run = (...words) => execFileSync(path.resolve(program), words, { cwd: folder, encoding: 'utf8' });
      if (address) resolve({ server, url: address[0], said: () => said, program: path.resolve(program), folder, run });
    });
  });
}

/** Notes what goes wrong on a page from now on. What pages of others (`also`) do is theirs. */
function listen(page, url, tolerated = [], also = []) {
  const found = [];
  const wrong = { push: (text) => { if (!also.some((known) => page.url().startsWith(known))) found.push(text); } };
  page.on('console', (message) => {
    if (message.type() === 'error' && !tolerated.some((text) => message.text().includes(text))) wrong.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => wrong.push(`error: ${error}`));
  page.on('requestfailed', (request) => {
    // Whoever leaves a page while it loads ends its requests; that is no failure.
    const why = request.failure().errorText;
    if (why !== 'net::ERR_ABORTED') wrong.push(`request failed: ${request.url()} (${why})`);
  });
  page.on('request', (request) => {
    if (![url, 'data:', ...also].some((known) => request.url().startsWith(known))) wrong.push(`leaves the site: ${request.url()}`);
  });
  return found;
}

/** Looks at the page that is open: nothing scrolls sideways, nothing serious for people who see or move differently. */
async function look(page, axe) {
  const wrong = [];
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (overflow > 0) {
    const widest = await page.evaluate(() => {
      const over = [...document.querySelectorAll('main *')].filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth);
      return over.length > 0 ? over.at(-1).outerHTML.slice(0, 120) : '';
    });
    wrong.push(`scrolls sideways by ${overflow} px: ${widest}`);
  }
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  for (const violation of found.violations.filter((v) => ['serious', 'critical'].includes(v.impact))) {
    wrong.push(`axe ${violation.id} (${violation.nodes.length}): ${violation.nodes[0].html.slice(0, 160)} ${violation.nodes[0].failureSummary.split('\n')[1] || ''}`);
  }
  // The second paper: the same page, judged by its contrast alone.
  // Without motion, so that no colour is met on its way from one paper to the other.
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  const dark = await page.evaluate(() => window.axe.run(document, { runOnly: ['color-contrast'], resultTypes: ['violations'] }));
  for (const violation of dark.violations) {
    wrong.push(`axe dark ${violation.id} (${violation.nodes.length}): ${violation.nodes[0].html.slice(0, 160)} ${violation.nodes[0].failureSummary.split('\n')[1] || ''}`);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: 'reduce' });
  return wrong;
}

/** A picture of the second paper. */
async function shootDark(page, shots, name) {
  await page.emulateMedia({ colorScheme: 'dark' });
  await shoot(page, shots, `${name}-dark`);
  await page.emulateMedia({ colorScheme: null });
}

async function shoot(page, shots, name) {
  if (!shots) return;
  const { width } = page.viewportSize();
  // Chromium takes no picture longer than its largest texture.
  const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), 12000);
  const file = path.join(shots, `${name.replace(/[^A-Za-z0-9.-]+/g, '_')}-${width}.png`);
  await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width, height } });
}

function shotsFolder() {
  const shots = option('--shots');
  if (shots) fs.mkdirSync(shots, { recursive: true });
  return shots;
}

module.exports = { WIDTHS, option, launch, start, listen, look, shoot, shootDark, shotsFolder };

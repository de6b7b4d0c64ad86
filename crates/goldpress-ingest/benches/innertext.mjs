// How near the blocks of a page are to what a browser shows: the share of words in the
// same order, both ways, of 40 pages of wcxb-dev against `document.body.innerText`.
//
// Each page is fed to headless Chromium over its debugging pipe, with a policy that runs
// no script and no style sheet; nothing is fetched. Style sheets inside the page run in a
// second pass, to tell what they hide. Needs Node 20, Chromium and the program `blocks`:
//
//     make bench-innertext
//     node innertext.mjs BLOCKS PAGES [PAGE…]      with PAGE: what differs, line by line

import { spawn, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const N_PAGES = 40;
const LOAD_MS = 20000;
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND", "--window-size=1280,2000",
  "--remote-debugging-pipe",
];
const POLICIES = {
  "no sheets": "default-src 'none'; style-src-attr 'unsafe-inline'",
  "own sheets": "default-src 'none'; style-src 'unsafe-inline'",
};

/// Chromium behind its debugging pipe: messages of JSON, each ended by a zero byte.
class Browser {
  constructor() {
    this.profile = mkdtempSync(join(tmpdir(), "innertext-"));
    const program = process.env.CHROMIUM || "chromium";
    const flags = [...FLAGS, `--user-data-dir=${this.profile}`, "about:blank"];
    const stdio = ["ignore", "ignore", "ignore", "pipe", "pipe"];
    this.child = spawn(program, flags, { stdio });
    this.child.on("error", (error) => fail(`${program}: ${error.message}`));
    this.waiting = new Map();
    this.heard = new Map();
    this.next = 1;
    let rest = Buffer.alloc(0);
    this.child.stdio[4].on("data", (piece) => {
      rest = Buffer.concat([rest, piece]);
      for (let end; (end = rest.indexOf(0)) >= 0; rest = rest.subarray(end + 1)) {
        this.take(JSON.parse(rest.subarray(0, end).toString()));
      }
    });
  }

  take(message) {
    if (message.id) {
      const { resolve, reject } = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      message.error ? reject(new Error(message.error.message)) : resolve(message.result);
    } else {
      this.heard.get(message.method)?.(message.params);
    }
  }

  ask(method, params = {}) {
    const id = this.next++;
    const message = { id, method, params, ...(this.session && { sessionId: this.session }) };
    this.child.stdio[3].write(JSON.stringify(message) + "\0");
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  async open() {
    const { targetId } = await this.ask("Target.createTarget", { url: "about:blank" });
    const flat = { targetId, flatten: true };
    this.session = (await this.ask("Target.attachToTarget", flat)).sessionId;
    await this.ask("Page.enable");
    await this.ask("Fetch.enable", { patterns: [{ urlPattern: "*" }] });
  }

  /// Text that the page shows under a policy; every other request fails.
  async innerText(name, bytes, policy) {
    const url = `http://page.invalid/${name}`;
    this.heard.set("Fetch.requestPaused", ({ requestId, request, resourceType }) => {
      const isPage = request.url === url && resourceType === "Document";
      const answer = isPage
        ? this.ask("Fetch.fulfillRequest", {
            requestId,
            responseCode: 200,
            responseHeaders: [
              { name: "Content-Type", value: "text/html" },
              { name: "Content-Security-Policy", value: policy },
            ],
            body: bytes.toString("base64"),
          })
        : this.ask("Fetch.failRequest", { requestId, errorReason: "BlockedByClient" });
      answer.catch(() => {});
    });
    const loaded = new Promise((resolve) => this.heard.set("Page.loadEventFired", resolve));
    await this.ask("Page.navigate", { url });
    const late = new Promise((resolve) => setTimeout(resolve, LOAD_MS).unref());
    await Promise.race([loaded, late]);
    const { result } = await this.ask("Runtime.evaluate", {
      expression: "document.body ? document.body.innerText : ''",
    });
    return result.value;
  }

  async close() {
    const ended = new Promise((resolve) => this.child.on("exit", resolve));
    delete this.session;
    await this.ask("Browser.close").catch(() => {});
    await ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }
}

function fail(why) {
  console.error(why);
  process.exit(1);
}

/// The texts of pages as goldpress renders them, one block a line.
function blocksOf(program, paths) {
  const out = execFileSync(program, paths, { maxBuffer: 1 << 28 }).toString();
  const texts = new Map();
  let lines = [];
  for (const line of out.split("\n")) {
    const head = line.match(/^== (.*\.html\.gz)(.*) ==$|^== (.*\.html\.gz): /);
    const block = line.match(/^\S+ \d+ % \| (.*)$/);
    if (head) texts.set(head[1] ?? head[3], (lines = []));
    else if (block) lines.push(block[1]);
  }
  return texts;
}

/// Words without case, since style sheets change it.
function words(text) {
  return text.normalize("NFKC").toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/// Length of the longest common subsequence.
function inOrder(a, b) {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let row = new Uint32Array(b.length + 1);
  for (let i = start; i < a.length; i++) {
    let diagonal = 0;
    for (let j = start; j < b.length; j++) {
      const above = row[j + 1];
      row[j + 1] = a[i] === b[j] ? diagonal + 1 : Math.max(above, row[j]);
      diagonal = above;
    }
  }
  return start + row[b.length];
}

function percent(part, whole) {
  return whole ? ((100 * part) / whole).toFixed(1) : "-";
}

/// Lines of one side whose words the other side has not as often.
function surplus(lines, others) {
  const left = new Map();
  for (const word of words(others.join("\n"))) left.set(word, (left.get(word) ?? 0) + 1);
  return lines.filter((line) => {
    const own = words(line);
    const missing = own.filter((word) => {
      const n = left.get(word) ?? 0;
      left.set(word, n - 1);
      return n <= 0;
    });
    return missing.length > 0 && 2 * missing.length >= own.length;
  });
}

const [program, folder, ...chosen] = process.argv.slice(2);
const digest = (name) => createHash("sha256").update(name).digest("hex");
const all = readdirSync(folder).filter((name) => name.endsWith(".html.gz"));
const names = chosen.length
  ? chosen
  : all.sort((a, b) => (digest(a) < digest(b) ? -1 : 1)).slice(0, N_PAGES).sort();
const ours = blocksOf(program, names.map((name) => join(folder, name)));
const browser = new Browser();
await browser.open();
const sums = {};
console.log("page\tshown\tours\tof shown %\tof ours %\town sheets: of shown %\tof ours %");
for (const name of names) {
  const bytes = gunzipSync(readFileSync(join(folder, name)));
  const lines = ours.get(join(folder, name)) ?? [];
  const own = words(lines.join("\n"));
  const cells = [];
  const differences = [];
  for (const [kind, policy] of Object.entries(POLICIES)) {
    const text = await browser.innerText(name, bytes, policy);
    const shown = words(text);
    const common = inOrder(shown, own);
    if (!cells.length) cells.push(shown.length, own.length);
    cells.push(percent(common, shown.length), percent(common, own.length));
    const sum = (sums[kind] ??= { common: 0, shown: 0, own: 0, recall: 0, precision: 0 });
    sum.common += common;
    sum.shown += shown.length;
    sum.own += own.length;
    sum.recall += shown.length ? common / shown.length : 1;
    sum.precision += own.length ? common / own.length : 1;
    if (chosen.length && kind === "no sheets") {
      const theirs = text.split("\n").filter((line) => line.trim());
      differences.push(...surplus(theirs, lines).map((line) => `  shown only | ${line}`));
      differences.push(...surplus(lines, theirs).map((line) => `  ours only  | ${line}`));
    }
  }
  console.log([[name, ...cells].join("\t"), ...differences].join("\n"));
}
for (const [kind, sum] of Object.entries(sums)) {
  const n = names.length;
  console.log(
    `${kind}: of shown ${percent(sum.common, sum.shown)} %, ` +
      `of ours ${percent(sum.common, sum.own)} %; mean of pages ` +
      `${percent(sum.recall, n)} %, ${percent(sum.precision, n)} %`,
  );
}
await browser.close();

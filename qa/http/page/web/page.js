// Everything works without this script; with it nothing reloads and the source opens beside.
const $ = (selector, root = document) => root.querySelector(selector);
const LOADING_AFTER = 150, SLOW_AFTER = 4000, GIVE_UP_AFTER = 60000; // milliseconds
const RETRIES = 3, KEPT = 30, OPENS_BESIDE = "(min-width: 68rem)", OPENED_UNASKED = 300000;
const texts = $("#texts").dataset;
const SAID_FOR = 10000; // milliseconds: then nobody meets it again further down
let silence = 0;
const say = (text) => {
  $("#status").textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => { $("#status").textContent = ""; }, SAID_FOR);
};
const parse = (html) => new DOMParser().parseFromString(html, "text/html");
const store = (kind, key, value) => { // storage may be forbidden: then nothing is remembered
  try { return value === undefined ? kind()[key] : (kind()[key] = value); } catch { return undefined; }
};

// --- a range of code points, in a laid out document ---------------------------------------------

const rangeOf = (hash) => {
  const found = /^#c=(\d{1,12})-(\d{1,12})$/.exec(hash);
  return found && { start: Number(found[1]), end: Number(found[2]) };
};

// JavaScript counts UTF-16 units; citations count code points.
const unitsIn = (text, points) => {
  let units = 0;
  for (; points > 0 && units < text.length; points--) units += text.codePointAt(units) > 0xffff ? 2 : 1;
  return units;
};

function unmark(root) {
  for (const mark of root.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
  root.normalize();
}

function markUnits(block, from, to) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  let at = 0;
  for (const node of nodes) {
    const [start, end] = [Math.max(from - at, 0), Math.min(to - at, node.length)];
    at += node.length;
    if (start >= end) continue;
    const cited = node.splitText(start);
    cited.splitText(end - start);
    const mark = document.createElement("mark");
    cited.replaceWith(mark);
    mark.append(cited);
  }
}

/** Marks a range and returns its first mark, if there is any. */
function mark(root, range) {
  unmark(root);
  if (!range) return null;
  const { start, end } = range;
  for (const block of root.querySelectorAll("[data-start]")) {
    const [first, last] = [Number(block.dataset.start), Number(block.dataset.end)];
    if (last <= start || first >= end) continue;
    const text = block.textContent;
    markUnits(block, unitsIn(text, Math.max(0, start - first)), unitsIn(text, end - first));
  }
  return $("mark", root);
}

function reveal(root, range) {
  const first = mark(root, range);
  first?.scrollIntoView();
  return first;
}

// --- the page of a document ---------------------------------------------------------------------

/** Returns where a link leads in this document: elsewhere than it says if that has changed. */
const rangeIn = (read, hash) => rangeOf(hash === read.dataset.asked ? read.dataset.found ?? "" : hash);

function showRange() {
  const read = $("#document"), notice = $("#range"), asked = rangeOf(location.hash);
  if (!asked) return;
  const range = rangeIn(read, location.hash);
  if (!range && !notice.hidden) return say(notice.textContent);
  const first = reveal(read, range);
  const cited = texts.cited.replace("{}", `${(range ?? asked).start}–${(range ?? asked).end}`);
  if (location.hash !== read.dataset.asked) {
    notice.hidden = Boolean(first);
    notice.textContent = first ? "" : texts.rangeMissing.replace("{}", `${asked.start}–${asked.end}`);
  }
  say(notice.hidden ? cited : notice.textContent);
}

if (document.body.dataset.view === "document") {
  showRange();
  addEventListener("hashchange", showRange);
}

// --- the source beside the answer ---------------------------------------------------------------

const sources = new Map(); // documents, by address
let opener = null;

/** Reads a document once for all links into it, unless a link is into another version of it. */
async function readVersion({ pathname, search, searchParams }) {
  const read = await readSource(pathname);
  const wanted = searchParams.get("v");
  return !wanted || read.dataset.version.startsWith(wanted) ? read : readSource(pathname + search);
}

async function readSource(path) {
  if (!sources.has(path)) {
    const response = await fetch(path, { headers: { Accept: "text/html" } });
    const read = $("#document", parse(await response.text()));
    if (!response.ok || !read) throw new TypeError("no such document");
    if (!["whole", "here"].includes(read.dataset.state)) read.prepend($("#range", read.ownerDocument));
    sources.set(path, read);
  }
  return document.importNode(sources.get(path), true);
}

async function openSource(link, asked) {
  const url = new URL(link.href);
  let read;
  $(".trouble")?.remove();
  try { read = await readVersion(url); } catch { if (asked) regret(link); return; }
  if (!link.isConnected || (!asked && read.dataset.length > OPENED_UNASKED)) return;
  const panel = $("#source"), title = $("#source-title");
  title.textContent = read.dataset.title;
  title.lang = read.lang;
  $("a", panel).href = url;
  $("a", panel).textContent = read.dataset.alone;
  $(".paper", panel).replaceChildren(read);
  for (const other of document.querySelectorAll("[data-do=see][aria-current]")) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  panel.hidden = false;
  document.body.classList.add("beside");
  const paper = $(".paper", panel), first = mark(read, rangeIn(read, url.hash));
  if (first) paper.scrollTop += first.getBoundingClientRect().top - paper.getBoundingClientRect().top - paper.clientHeight / 4;
  opener = link;
  if (!asked) return;
  if (!matchMedia(OPENS_BESIDE).matches) panel.scrollIntoView();
  title.focus({ preventScroll: true });
}

/** Says that a document cannot be opened; the answer stays. */
function regret(link) {
  link.closest("article").append($("#unreachable").content.cloneNode(true));
  say($(".trouble").textContent);
}

function closeSource(back) {
  $("#source").hidden = true;
  document.body.classList.remove("beside");
  opener?.removeAttribute("aria-current");
  if (back) opener?.focus();
}

// --- the question -------------------------------------------------------------------------------

/** Makes room for the whole question, and says if it is too long to be asked. */
function measure() {
  const box = $("#q"), most = Number(box.dataset.most), length = [...box.value.trim()].length;
  if (!CSS.supports("field-sizing", "content")) {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  }
  if (box.ariaInvalid !== String(length > most)) box.ariaInvalid = String(length > most);
  const said = length > most ? texts.tooLong.replace("{}", length.toLocaleString(document.documentElement.lang)) : "";
  if ($("#limit").textContent !== said) $("#limit").textContent = said;
  return length <= most;
}

if ($("#q")) {
  $("#q").addEventListener("input", measure);
  $("#q").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    $("#q").form.requestSubmit();
  });
  $("#q").form.addEventListener("submit", (event) => {
    if (measure()) return;
    event.preventDefault();
    $("#q").focus();
  });
  measure();
}

// --- asking -------------------------------------------------------------------------------------

const pages = new Map(); // pages already read, by address, for the back button
const addressOf = (url) => url.pathname + url.search;
let asking = null, retryTimer = 0, latest = null;

function show(state) {
  const section = $("#answer");
  section.replaceChildren($(`#${state}`).content.cloneNode(true));
  section.dataset.state = state;
  closeSource(false);
  document.body.dataset.view = "answer";
  say(section.textContent.trim().replace(/\s+/g, " "));
}

function adopt(page) {
  for (const id of ["answer", "interface"]) $(`#${id}`).replaceWith(document.importNode($(`#${id}`, page), true));
  const one = $("#one", page);
  if (one && $("#only")?.value !== $("#only", page).value) {
    $("#one")?.remove();
    $(".options").append(document.importNode(one, true));
  }
  document.title = page.title;
  document.body.dataset.view = page.body.dataset.view;
  settle();
}

function settle() {
  const answer = $("#answer");
  closeSource(false);
  const first = $("[data-do=see]", answer);
  if (answer.dataset.state === "answered" && first && matchMedia(OPENS_BESIDE).matches) openSource(first, false);
  if (["answered", "unanswered"].includes(answer.dataset.state)) remember();
}

function announce() {
  const parts = ["h2", ".gauge", ".notice p"].map((s) => $(s, $("#answer"))?.textContent.trim().replace(/\s+/g, " "));
  say(parts.filter(Boolean).join(". "));
}

function fillForm(url) {
  $("#q").value = url.searchParams.get("q") ?? "";
  $("#lang").value = url.searchParams.get("lang") ?? "";
  $("#top_k").value = url.searchParams.get("top_k") ?? "5";
  for (const select of document.querySelectorAll("#ask .narrow")) select.value = url.searchParams.get(select.name) ?? "";
  measure();
}

async function go(url, { push = false, tries = RETRIES, again = false } = {}) {
  asking?.abort();
  clearTimeout(retryTimer);
  const mine = (asking = new AbortController());
  latest = url;
  if (push && url.href !== location.href) history.pushState(null, "", url);
  const timers = [
    ...(again ? [] : [setTimeout(show, LOADING_AFTER, "loading")]),
    setTimeout(show, SLOW_AFTER, "slow"),
    setTimeout(() => mine.abort("late"), GIVE_UP_AFTER),
  ];
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" }, signal: mine.signal });
    const page = parse(await response.text());
    if (mine !== asking) return;
    if (response.status === 429 || response.status === 503) return busy(url, response, tries);
    if (!$("#answer", page)) return show("failed");
    if (response.ok) keep(url, page);
    adopt(page);
    announce();
  } catch {
    if (mine === asking && mine.signal.reason !== "cancel") show(navigator.onLine ? "failed" : "offline");
  } finally {
    timers.forEach(clearTimeout);
  }
}

function keep(url, page) {
  pages.set(addressOf(url), page);
  if (pages.size > KEPT) pages.delete(pages.keys().next().value);
}

function busy(url, response, tries) {
  const asked = response.headers.get("Retry-After") ?? "";
  const wait = /^\d+$/.test(asked) ? Number(asked) : (Date.parse(asked) - Date.now()) / 1000;
  if ($("#answer").dataset.state !== "busy") show("busy");
  if (tries > 0) countDown(url, Math.min(120, Math.max(1, Math.ceil(wait) || 1)), tries - 1);
  else $(".countdown").textContent = "";
}

function countDown(url, seconds, tries) {
  if (seconds <= 0) return go(url, { tries, again: true });
  $(".countdown").textContent = texts.againIn.replace("{}", seconds);
  retryTimer = setTimeout(countDown, 1000, url, seconds - 1, tries);
}

function cancel() {
  asking?.abort("cancel");
  show("cancelled");
  $("#q").focus();
}

// --- this visit's questions ---------------------------------------------------------------------

const visit = () => sessionStorage;
const remembered = () => { try { return JSON.parse(store(visit, "questions") ?? "[]"); } catch { return []; } };

function remember() {
  const url = new URL(location.href);
  const asked = { q: url.searchParams.get("q"), href: addressOf(url) };
  const others = remembered().filter((entry) => entry.q !== asked.q);
  store(visit, "questions", JSON.stringify([asked, ...others].slice(0, KEPT)));
  showHistory();
}

function showHistory() {
  const entries = remembered().filter((entry) => entry.href?.startsWith("/?"));
  $("#history").hidden = entries.length === 0;
  $("#history ol").replaceChildren(...entries.map(({ q, href }) => {
    const [item, link] = [document.createElement("li"), document.createElement("a")];
    link.textContent = q;
    link.href = href;
    item.append(link);
    return item;
  }));
}

// --- copying ------------------------------------------------------------------------------------

async function copy(button) {
  const written = $("pre", button.closest("div"));
  let copied = true;
  try {
    await navigator.clipboard.writeText(written.textContent);
  } catch { // no permission, or not a secure address: the old way
    getSelection().selectAllChildren(written);
    copied = document.execCommand("copy");
  }
  const [before, said] = [button.textContent, copied ? texts.copied : texts.notCopied];
  say(said);
  if (before === said) return;
  button.textContent = said;
  setTimeout(() => { button.textContent = before; }, 2000);
}

// --- what people do -----------------------------------------------------------------------------

function formAddress() {
  const url = new URL("/", location.href);
  const [q, lang, count] = ["#q", "#lang", "#top_k"].map((s) => $(s).value);
  url.searchParams.set("q", q.trim());
  if (lang) url.searchParams.set("lang", lang);
  if (count && count !== "5") url.searchParams.set("top_k", count);
  for (const { name, value } of document.querySelectorAll("#ask .narrow")) if (value) url.searchParams.set(name, value);
  return url;
}

const doing = {
  see: (link) => openSource(link, true),
  copy,
  cancel,
  retry: () => go(latest),
};

function follow(event) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const target = event.target.closest("[data-do], a[href]:not([href^='#'])");
  if (!target) return;
  const url = target.href && new URL(target.href);
  if (target.dataset.do) doing[target.dataset.do](target);
  else if (url.origin === location.origin && url.pathname === "/" && url.searchParams.has("q") && !url.searchParams.has("ui")) {
    fillForm(url);
    go(url, { push: true });
    $("#q").focus({ preventScroll: true });
    scrollTo(0, 0);
  } else return;
  event.preventDefault();
}

if ($("#ask")) {
  const here = new URL(location.href);
  if (here.searchParams.has("ui")) { // the choice is in a cookie now, and is not for others
    here.searchParams.delete("ui");
    history.replaceState(null, "", here);
  }
  latest = here;
  document.addEventListener("click", follow);
  $("#ask").addEventListener("submit", (event) => {
    if (event.defaultPrevented) return; // it is too long
    event.preventDefault();
    go(formAddress(), { push: true });
  });
  $("#ask").addEventListener("change", ({ target }) => {
    if (target.matches("select") && $("#q").value.trim() && measure()) go(formAddress(), { push: true });
  });
  $("#source button").addEventListener("click", () => closeSource(true));
  $("#history button").addEventListener("click", () => {
    store(visit, "questions", "[]");
    showHistory();
    $("#q").focus();
  });
  addEventListener("popstate", () => {
    const url = new URL(location.href);
    if (addressOf(url) === addressOf(latest)) return; // only the fragment has changed
    fillForm(url);
    asking?.abort("cancel");
    if (!pages.has(addressOf(url))) return go(url);
    latest = url;
    adopt(pages.get(addressOf(url)));
    announce();
  });
  addEventListener("online", () => { if ($("#answer").dataset.state === "offline") go(latest); });
  if (!["busy", "broken"].includes($("#answer").dataset.state)) keep(here, document.cloneNode(true));
  settle();
  showHistory();
}

// --- keys ---------------------------------------------------------------------------------------

const lasting = () => localStorage;
const shortcut = $("#shortcut");

function showShortcut() {
  const on = store(lasting, "shortcut") !== "off";
  shortcut.setAttribute("aria-pressed", on);
  $("b", shortcut).textContent = on ? texts.shortcutOn : texts.shortcutOff;
}

shortcut.addEventListener("click", () => {
  store(lasting, "shortcut", store(lasting, "shortcut") === "off" ? "on" : "off");
  showShortcut();
});
showShortcut();

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && $("#source")?.contains(document.activeElement)) closeSource(true);
  const typing = event.target.closest?.("input, select, textarea");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!$("#q") || store(lasting, "shortcut") === "off") return;
  event.preventDefault();
  $("#q").select();
});

// Files are dropped or chosen, sent in parts, and followed until they are indexed; without this
// script the form sends them, and the page of the job asks again by itself.
const $ = (selector, root = document) => root.querySelector(selector);
const AGAIN_AFTER = 1000, LISTED_WITHIN = 5; // milliseconds; seconds that a server takes to see it
const MOST_MISSED = 120;
const jobs = $("#jobs"), form = $("#upload");
const wait = (time) => new Promise((done) => { setTimeout(done, time); });
const say = (text) => { $("#status").textContent = text.trim().replace(/\s+/g, " "); };
const parse = (html) => new DOMParser().parseFromString(html, "text/html");
const isUnfinished = (job) => ["waiting", "running"].includes(job.dataset.state);

/** Shows a job as it stands until it has ended; returns how it is shown then. */
async function follow(job) {
  for (let missed = 0; isUnfinished(job) && missed < MOST_MISSED;) {
    await wait(AGAIN_AFTER);
    const now = await read(`/jobs/${job.dataset.job}`, ".job").catch(() => null);
    missed = now ? 0 : missed + 1; // a server may not be there for a moment
    if (!now) continue;
    if ($("h2", now).textContent !== $("h2", job).textContent) say($("h2", now).textContent);
    job.replaceWith(now);
    job = now;
  }
  return job;
}

async function read(path, selector) {
  const response = await fetch(path, { headers: { Accept: "text/html" } });
  const found = response.ok && $(selector, parse(await response.text()));
  return found ? document.importNode(found, true) : null;
}

/** Shows the list anew: a server takes a second to see a new index. */
async function list() {
  for (let second = 0; second < LISTED_WITHIN; second++) {
    const now = await read(location.href, "#list").catch(() => null);
    const is = now && now.textContent !== $("#list").textContent;
    if (now) $("#list").replaceWith(now);
    if (is) return;
    await wait(1000);
  }
}

// --- sending ------------------------------------------------------------------------------------

/** Divides files into parts that one request may hold. */
function parts(files) {
  const { most, largest } = form.dataset, found = [];
  let size = Infinity;
  for (const file of files) {
    size += file.size;
    if (size > 3 * largest || found.at(-1).length >= most) { found.push([]); size = file.size; }
    found.at(-1).push(file);
  }
  return found;
}

/** Sends files; returns the job that is shown for them. */
function send(files, tell) {
  const body = new FormData(), request = new XMLHttpRequest();
  for (const file of files) body.append("files", file, file.name);
  return new Promise((done, fail) => {
    request.upload.addEventListener("progress", ({ loaded, total }) => tell(Math.floor((100 * loaded) / total)));
    request.addEventListener("error", () => fail(new TypeError(form.dataset.failed)));
    request.addEventListener("load", () => {
      const page = parse(request.responseText), job = $(".job, .notice", page);
      if (job) done(document.importNode(job, true));
      else fail(new TypeError(form.dataset.failed));
    });
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    request.send(body);
  });
}

function progress() {
  const shown = document.createElement("div");
  shown.className = "notice job";
  shown.append(document.createElement("p"), document.createElement("progress"));
  $("progress", shown).max = 100;
  return shown;
}

async function sendPart(files, prefix) {
  const shown = progress(), said = (text) => { $("p", shown).textContent = prefix + text; };
  $("progress", shown).ariaLabel = form.dataset.sending.replace("{}", "");
  said(form.dataset.sending.replace("{}", 0));
  jobs.prepend(shown);
  say(shown.textContent);
  try {
    const job = await send(files, (percent) => {
      said(form.dataset.sending.replace("{}", percent));
      $("progress", shown).value = percent;
    });
    shown.replaceWith(job);
    const ended = job.dataset.state ? await follow(job) : job;
    say(ended.textContent);
    return ended.dataset.state === "done";
  } catch (error) {
    $("progress", shown).remove();
    said(error.message);
    say(shown.textContent);
    return false;
  }
}

async function sendAll(files) {
  const button = $("button", form), every = parts(files);
  if (button.disabled || !files.length) return;
  button.disabled = true;
  for (const [at, part] of every.entries()) {
    const prefix = every.length > 1 ? `${form.dataset.part.replace("{}", at + 1).replace("{}", every.length)} ` : "";
    if (await sendPart(part, prefix)) await list();
  }
  button.disabled = false;
  form.reset();
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendAll([...$("input", form).files]);
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault(); // else the browser would open the file
      form.classList.toggle("over", name === "dragover" && form.contains(event.target));
      if (name === "drop") sendAll([...event.dataTransfer.files]);
    });
  }
} else if ($(".job", jobs)) follow($(".job", jobs)).then((job) => say(job.textContent));

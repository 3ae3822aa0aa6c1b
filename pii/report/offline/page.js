"use strict";
const WORDS = {
  vi: {
    over: "Xem trước điểm, không cần mạng", against: "So với lần tính",
    shows: "Trang có số liệu đã công bố của từng nơi.", withholds: "Trang không chứa số liệu của nơi nào khác; hạng là một khoảng.",
    drop_head: "Thả tệp Excel của tỉnh, thành phố vào đây", drop_text: "hoặc", choose: "Chọn tệp…",
    private: "Số liệu không rời khỏi máy này: trang bị cấm mọi kết nối mạng.",
    faults_head: "Không đọc được tệp", whatif_head: "Thử giá trị khác",
    whatif_text: "Kéo thanh trượt hoặc gõ số: điểm và hạng tính lại ngay. Tệp Excel không bị thay đổi.",
    all: "Hiện cả chỉ số do trung ương cung cấp", reset: "Về giá trị trong tệp",
    indicator: "Chỉ số", slide: "Kéo", unit: "Đơn vị tính",
    loading: "Đang chuẩn bị…", waits: "Đã nhận tệp, đang chuẩn bị để đọc…", ready: "Sẵn sàng.", reading: "Đang đọc tệp…", done: "Đã tính xong.",
    old: "Trình duyệt này quá cũ, không chạy được trang. Hãy dùng Edge, Chrome hoặc Firefox bản mới.",
    large: "Tệp lớn hơn 8 MB: không phải biểu mẫu.", overtaken: "Vượt: ", lost_to: "Bị vượt bởi: ", failed: "Trang gặp lỗi: ",
  },
  en: {
    over: "Score preview, without a network", against: "Compared with the run",
    shows: "The page holds published figures of every province.", withholds: "The page holds no other province's figures; ranks are spans.",
    drop_head: "Drop the province's Excel file here", drop_text: "or", choose: "Choose a file…",
    private: "The figures never leave this machine: the page is barred from any network.",
    faults_head: "The file cannot be read", whatif_head: "Try other values",
    whatif_text: "Move a slider or type a number: score and rank follow at once. The Excel file is not changed.",
    all: "Show central agencies' indicators too", reset: "Back to the file's values",
    indicator: "Indicator", slide: "Slide", unit: "Unit",
    loading: "Getting ready…", waits: "The file is here; getting ready to read it…", ready: "Ready.", reading: "Reading the file…", done: "Done.",
    old: "This browser is too old for the page. Use a recent Edge, Chrome or Firefox.",
    large: "The file is larger than 8 MB: it is no template.", overtaken: "Overtakes: ", lost_to: "Falls behind: ", failed: "The page failed: ",
  },
};
const REPORT = {{ words | tojson }}; // what the report calls score, rank and value
for (const one of Object.keys(WORDS)) Object.assign(WORDS[one], REPORT[one]);
const at = (id) => document.getElementById(id);
let engine = null, lang = "vi", said = ["loading"], python = null, waiting = null, reading = null, moved = {};

function say(key, bad = false, more = "") {
  said = [key, bad, more];
  at("status").textContent = WORDS[lang][key] + more;
  at("status").className = bad ? "bad" : "";
}

function speak() {
  document.documentElement.lang = lang;
  for (const one of document.querySelectorAll("[data-t]")) one.textContent = WORDS[lang][one.dataset.t];
  for (const one of document.querySelectorAll("[data-vi]")) one.textContent = one.dataset[lang];
  for (const one of document.querySelectorAll("[data-lang]")) one.setAttribute("aria-pressed", String(one.dataset.lang === lang));
  say(...said);
}

async function part(name) {
  const text = atob(at("part-" + name).textContent);
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) packed[i] = text.charCodeAt(i);
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

async function start() {
  const [loader, module, wasm, library, modules, reference] = await Promise.all(
    ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "engine.zip", "reference.json"].map(part));
  const script = (bytes) => URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
  // Pyodide asks for two files by name; both lie in this page, and nothing else can be fetched.
  globalThis.fetch = async (name) => {
    if (String(name).endsWith("pyodide.asm.wasm")) return new Response(wasm, { headers: { "Content-Type": "application/wasm" } });
    if (String(name).endsWith("python_stdlib.zip")) return new Response(library);
    throw new Error("no network");
  };
  const { loadPyodide, version } = await import(script(loader));
  const createPyodideModule = (await import(script(module))).default;
  const lock = { info: { arch: "wasm32", platform: "emscripten", version, python: "3", abi_version: "{{ abi }}" }, packages: {} };
  engine = await loadPyodide({ indexURL: "embedded:///", createPyodideModule, lockFileContents: lock });
  engine.FS.writeFile("/engine.zip", new Uint8Array(modules));
  engine.runPython("import sys; sys.path.insert(0, '/engine.zip')");
  python = engine.pyimport("pii.browser");
  python.reference = python.opened(new TextDecoder().decode(reference));
}

async function take(file) {
  if (!file) return;
  if (file.size > 8 * 1024 * 1024) return say("large", true);
  if (!python) { // read once Python is there; one that failed to start has said so
    waiting = file;
    return said[1] ? undefined : say("waits");
  }
  say("reading");
  await new Promise((done) => setTimeout(done, 30)); // let the words be painted first
  const bytes = engine.toPy(new Uint8Array(await file.arrayBuffer()));
  reading = python.read(python.reference, bytes, file.name);
  moved = {};
  show();
  say("done");
}

function show() {
  if (!reading) return;
  const found = JSON.parse(reading.report(lang));
  at("faults").hidden = !found.faults;
  at("whatif").hidden = !found.main;
  at("report").innerHTML = found.main || ""; // made by the engine's templates, which escape
  at("faults").querySelector("ul").replaceChildren(...(found.faults || []).map((text) => made("li", text)));
  if (!found.main) return;
  at("levers").replaceChildren(...found.levers.map(row));
  filter();
  stand(found.standing);
  if (Object.keys(moved).length) recompute();
}

function made(tag, text = "", props = {}) {
  const node = Object.assign(document.createElement(tag), props);
  node.textContent = text;
  return node;
}

function row(lever) {
  const tr = made("tr");
  tr.setAttribute("role", "row"); // in a narrow window rows are laid out as boxes, and stay rows
  tr.dataset.own = lever.own;
  tr.dataset.code = lever.code;
  const name = `${lever.code} ${lever.name}`, value = lever.code in moved ? moved[lever.code] : lever.value;
  const head = made("th", name, { scope: "row" });
  head.setAttribute("role", "rowheader");
  const step = (lever.high - lever.low) / 200;
  const slide = made("input", "", { type: "range", min: lever.low, max: lever.high, step: "any" });
  slide.value = value ?? lever.low;
  slide.setAttribute("aria-label", `${name}: ${WORDS[lang].slide}`);
  const type = made("input", "", { type: "number", step: "any" });
  type.value = value ?? "";
  type.setAttribute("aria-label", `${name}: ${WORDS[lang].value}`);
  slide.addEventListener("input", () => { type.value = Number(Number(slide.value).toPrecision(6)); move(lever.code, type.value); });
  slide.addEventListener("keydown", (event) => { // with step "any" arrow keys would do nothing in some browsers
    const by = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step }[event.key];
    if (!by) return;
    event.preventDefault();
    slide.value = Number(slide.value) + by;
    slide.dispatchEvent(new Event("input"));
  });
  type.addEventListener("change", () => { if (type.value !== "") slide.value = type.value; move(lever.code, type.value); });
  const cells = ["", "", lever.unit, lever.score].map((text) => made("td", text));
  for (const td of cells) td.setAttribute("role", "cell");
  cells[0].append(slide);
  cells[1].append(type);
  cells[2].className = "u";
  cells[3].className = "n";
  tr.append(head, ...cells);
  return tr;
}

function move(code, text) {
  if (text === "") delete moved[code]; else moved[code] = Number(text);
  recompute();
}

function recompute() {
  const found = JSON.parse(reading.try_values(JSON.stringify(moved), lang));
  if (found.problem !== undefined) return say("failed", true, found.problem);
  say("done");
  stand(found);
  for (const tr of at("levers").children) {
    tr.lastChild.textContent = found.scores[tr.dataset.code];
    tr.classList.toggle("moved", tr.dataset.code in moved);
  }
}

function stand(found) {
  at("now-score").textContent = found.score;
  at("now-rank").textContent = found.rank;
  at("now-change").textContent = found.change && Object.keys(moved).length ? `(${found.change})` : "";
  const names = (key) => (found.passed && found.passed[key].length ? WORDS[lang][key] + found.passed[key].join(", ") + ". " : "");
  at("now-passed").textContent = names("overtaken") + names("lost_to");
}

function filter() {
  for (const tr of at("levers").children) tr.hidden = tr.dataset.own !== "true" && !at("all").checked;
}

speak();
for (const one of document.querySelectorAll("[data-lang]")) one.addEventListener("click", () => { lang = one.dataset.lang; speak(); show(); });
at("all").addEventListener("change", filter);
at("reset").addEventListener("click", () => { moved = {}; show(); });
at("file").addEventListener("change", (event) => {
  take(event.target.files[0]).catch((error) => say("failed", true, error));
  event.target.value = ""; // or the same file, corrected and chosen again, would be no change
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    at("drop").classList.toggle("over-it", kind === "dragover");
    if (kind === "drop") take(event.dataTransfer.files[0]).catch((error) => say("failed", true, error));
  });
}
if (typeof WebAssembly !== "object" || typeof DecompressionStream !== "function") say("old", true);
else start().then(() => {
  if (waiting) return take(waiting);
  say("ready");
  setTimeout(() => python.warm(), 50);
}).catch((error) => say("failed", true, error));

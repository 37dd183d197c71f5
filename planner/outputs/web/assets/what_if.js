// Trying sites: ticks, and what they come to, from the published table alone. Whole numbers only:
// hundredths of persons and of m², yuan. Python reckons the same (planner.what_if).

const TRIAL_BLUE = "#1d3f8f";
const trial = plan.what_if ? startTrial(plan.what_if) : null;

function startTrial(given) {
  const lengths = decodeNumbers(given.lengths);
  const steps = decodeNumbers(given.reach);
  const starts = new Uint32Array(lengths.length + 1);
  const reach = new Uint16Array(steps.length);
  let at = 0;
  lengths.forEach((length, group) => {
    let site = 0;
    for (let k = 0; k < length; k += 1, at += 1) {
      site = k ? site + steps[at] : steps[at];
      reach[at] = site;
    }
    starts[group + 1] = at;
  });
  const made = {
    ...given,
    W: given.text,
    starts,
    reach,
    persons: given.persons.map((band) => Float64Array.from(decodeNumbers(band))),
    gap: Int32Array.from(decodeNumbers(given.gap)),
    gaps: decodeNumbers(given.gaps),
    required: decodeNumbers(given.required),
    other: decodeNumbers(given.other),
    today: Uint8Array.from(given.sites, (site) => Number(site.o)),
    open: Uint8Array.from(given.sites, (site) => Number(site.o)),
    choice: given.sites.map(() => -1),
    place: new Map(given.sites.map((site, i) => [site.i, i])),
    marks: new Map(),
    told: [],
  };
  made.before = metBy(made, made.today);
  return made;
}

function metBy(t, open) {
  const met = new Uint8Array(t.starts.length - 1);
  for (let group = 0; group < met.length; group += 1) {
    for (let at = t.starts[group]; at < t.starts[group + 1]; at += 1) {
      if (open[t.reach[at]]) {
        met[group] = 1;
        break;
      }
    }
  }
  return met;
}

// Persons by lower age: those of a band and of all older ones.
function byAge(t, wanted) {
  const sums = t.persons.map((band) => {
    let sum = 0;
    for (let group = 0; group < band.length; group += 1) if (wanted(group)) sum += band[group];
    return sum;
  });
  for (let i = sums.length - 2; i >= 0; i -= 1) sums[i] += sums[i + 1];
  return sums;
}

function areaOf(t, i) {
  return t.choice[i] < 0 ? t.sites[i].a : t.sites[i].k[t.choice[i]][2];
}

function costOf(t, i) {
  return t.choice[i] < 0 ? t.sites[i].c : t.sites[i].k[t.choice[i]][3];
}

function evaluateTrial(t) {
  const met = metBy(t, t.open);
  const inGap = t.gaps.map(() => 0);
  for (let group = 0; group < met.length; group += 1) {
    const gap = t.gap[group];
    if (gap >= 0 && met[group]) for (const band of t.persons) inGap[gap] += band[group];
  }
  const held = [...t.other];
  const found = { cost: 0, unknownCost: 0, unknownArea: 0, opened: 0, closed: 0 };
  t.sites.forEach((site, i) => {
    if (!t.open[i]) found.closed += t.today[i];
    if (!t.open[i]) return;
    const area = areaOf(t, i);
    if (site.g >= 0 && area < 0) found.unknownArea += 1;
    if (site.g >= 0 && area > 0) held[site.g] += area;
    if (t.today[i]) return;
    const cost = costOf(t, i);
    found.opened += 1;
    if (cost < 0) found.unknownCost += 1;
    else found.cost += cost;
  });
  let shortfall = 0;
  t.required.forEach((wanted, group) => { shortfall += Math.max(0, wanted - held[group]); });
  return {
    ...found,
    total: byAge(t, () => true),
    covered: byAge(t, (group) => met[group]),
    fresh: byAge(t, (group) => met[group] && !t.before[group]),
    lost: byAge(t, (group) => !met[group] && t.before[group]),
    inGap,
    gapsClosed: inGap.filter((sum, gap) => sum === t.gaps[gap]).length,
    shortfall,
  };
}

// What each site would bring if it opened, or take along if it closed, all else as it is.
function worthOfEach(t) {
  const worth = new Float64Array(t.sites.length);
  for (let group = 0; group + 1 < t.starts.length; group += 1) {
    let count = 0;
    let only = -1;
    for (let at = t.starts[group]; at < t.starts[group + 1]; at += 1) {
      if (t.open[t.reach[at]]) {
        count += 1;
        only = t.reach[at];
      }
    }
    if (count > 1) continue;
    let sum = 0;
    for (const band of t.persons) sum += band[group];
    if (count === 1) worth[only] += sum;
    for (let at = t.starts[group]; !count && at < t.starts[group + 1]; at += 1) {
      worth[t.reach[at]] += sum;
    }
  }
  return worth;
}

// Halves are rounded up in whole numbers, as Python does.
function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

function roundedParts(parts, unit) {
  return grouped(Math.floor((2 * parts + unit) / (2 * unit)));
}

function tenthsOf(tenths) {
  return grouped(Math.floor(tenths / 10)) + "." + (tenths % 10);
}

function inPercent(part, whole) {
  if (!whole) return "—";
  return tenthsOf(Math.floor((2000 * part + whole) / (2 * whole))) + "%";
}

function moneyOf(yuan) {
  return trial.W.cost_known.replace("#1", tenthsOf(Math.floor((yuan + 500) / 1000)));
}

// The chosen set as text -------------------------------------------------------------------------
function trialSet() {
  const pick = (wanted) => trial.sites.filter((_, i) => wanted(i)).map((site) => site.i);
  const set = {
    planner_sites: 1,
    open: pick((i) => trial.open[i] && !trial.today[i]),
    close: pick((i) => !trial.open[i] && trial.today[i]),
    classes: {},
  };
  trial.sites.forEach((site, i) => {
    if (trial.open[i] && trial.choice[i] >= 0) set.classes[site.i] = site.k[trial.choice[i]][0];
  });
  return set;
}

function trialLink() {
  return location.href.split("#")[0] + "#sites=" + encodeURIComponent(JSON.stringify(trialSet()));
}

// A link is outside text: whatever it names that the table lacks is told, and left out.
function readTrialLink(hash) {
  if (!hash.startsWith("#sites=")) return null;
  let set = null;
  try {
    set = JSON.parse(decodeURIComponent(hash.slice("#sites=".length)));
  } catch {
    return { wrong: true };
  }
  const isList = (list) => Array.isArray(list) && list.every((one) => typeof one === "string");
  if (!set || set.planner_sites !== 1 || !isList(set.open) || !isList(set.close)) {
    return { wrong: true };
  }
  const classes = set.classes && typeof set.classes === "object" ? Object.entries(set.classes) : [];
  const strangers = [...set.open, ...set.close].filter((id) => !trial.place.has(id));
  const known = (ids) => ids.filter((id) => trial.place.has(id)).map((id) => trial.place.get(id));
  return { open: known(set.open), close: known(set.close), classes, strangers };
}

function setTrial(open, close, classes = []) {
  trial.open.set(trial.today);
  trial.choice.fill(-1);
  for (const i of open) trial.open[i] = 1;
  for (const i of close) trial.open[i] = 0;
  for (const [id, name] of classes) {
    const i = trial.place.get(id);
    if (i !== undefined) trial.choice[i] = trial.sites[i].k.findIndex((one) => one[0] === name);
  }
  showTrial();
}

// The panel --------------------------------------------------------------------------------------
function buildTrial(tab) {
  const { W } = trial;
  element("p", "note", W.lead, tab);
  trial.warning = element("p", "caveat", null, tab);
  trial.warning.hidden = true;
  trial.cells = {};
  buildTrialFigures(element("div", "trial-figures", null, tab));
  buildTrialTools(element("div", "trial-tools", null, tab));
  buildTrialList(tab);
  for (const line of plan.what_if.notes) element("p", "note", line, tab);
  const asked = readTrialLink(location.hash);
  if (asked && asked.wrong) warnOfTrial(W.bad_link);
  if (asked && !asked.wrong) {
    if (asked.strangers.length) warnOfTrial(W.strangers.replace("#", asked.strangers.join("、")));
    setTrial(asked.open, asked.close, asked.classes);
    return true;
  }
  showTrial();
  return false;
}

function warnOfTrial(words) {
  trial.warning.textContent = words;
  trial.warning.hidden = false;
}

function trialCell(parent, tag, key) {
  trial.cells[key] = element(tag, "", null, parent);
  trial.cells[key].dataset.figure = key;
}

function buildTrialFigures(box) {
  const { W } = trial;
  const table = element("table", "", null, box);
  const head = element("tr", "", null, element("thead", "", null, table));
  trial.cells.changes = element("td", "", null, head);
  for (const title of [W.covered, W.share, W.new, W.lost]) {
    element("th", "", title, head).scope = "col";
  }
  const body = element("tbody", "", null, table);
  for (const age of trial.ages) {
    const row = element("tr", "", null, body);
    element("th", "", W.age.replace("#", age), row).scope = "row";
    for (const part of ["covered", "share", "new", "lost"]) trialCell(row, "td", part + "-" + age);
  }
  const list = element("dl", "facts", null, box);
  for (const part of ["gaps", "cost", "shortfall"]) {
    element("dt", "", W[part], list);
    trialCell(list, "dd", part);
  }
  box.setAttribute("aria-live", "polite");
}

function trialButton(parent, words, act) {
  const button = element("button", "trial-button", words, parent);
  button.type = "button";
  button.addEventListener("click", () => act(button));
  return button;
}

function buildTrialTools(box) {
  const { W } = trial;
  if (trial.plans.length) {
    const label = element("label", "trial-best", null, box);
    element("span", "", W.best, label);
    const best = element("select", "", null, label);
    element("option", "", W.best_none, best).value = "";
    trial.plans.forEach(([number], at) => {
      element("option", "", W.best_of.replace("#", number), best).value = at;
    });
    best.addEventListener("change", () => {
      if (best.value === "") return;
      const [, opened, closed] = trial.plans[Number(best.value)];
      setTrial(opened, closed);
      best.value = trial.plans.findIndex((one) => one[1] === opened);
    });
    trial.best = best;
  }
  const row = element("div", "trial-row", null, box);
  trialButton(row, W.reset, () => setTrial([], []));
  trialButton(row, W.save, saveTrial);
  trialButton(row, W.copy, copyTrialLink);
  trial.link = element("input", "trial-link", null, box);
  trial.link.readOnly = true;
  trial.link.setAttribute("aria-label", W.link);
  trial.link.addEventListener("focus", () => trial.link.select());
}

function saveTrial() {
  const text = JSON.stringify(trialSet(), null, 1) + "\n";
  const link = element("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = trial.file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function copyTrialLink(button) {
  // Pages opened as files may not use the clipboard: then the marked text is copied the old way.
  trial.link.focus();
  trial.link.select();
  const done = () => {
    button.textContent = trial.W.copied;
    setTimeout(() => { button.textContent = trial.W.copy; }, 1500);
  };
  if (document.execCommand("copy")) done();
  else navigator.clipboard?.writeText(trial.link.value).then(done, () => {});
}

function buildTrialList(tab) {
  const { W } = trial;
  const find = element("input", "trial-find", null, tab);
  find.type = "search";
  find.placeholder = W.find;
  find.setAttribute("aria-label", W.find);
  const none = element("p", "note", W.nothing_found, tab);
  none.hidden = true;
  trial.rows = [];
  const parts = [["ring", W.candidates, 0], ["dot", W.centres, 1]];
  // Those that bring most stand first, as things are today; the order then stays.
  const worth = worthOfEach(trial);
  const lists = parts.map(([shape, title, today]) => {
    const members = [...trial.today.keys()].filter((i) => trial.today[i] === today)
      .sort((one, other) => worth[other] - worth[one] || one - other);
    if (!members.length) return null;
    const head = element("h3", "trial-head", null, tab);
    head.appendChild(mark(shape, TRIAL_BLUE, 20));
    element("span", "", title.replace("#", members.length), head);
    const list = element("ul", "trial-list", null, tab);
    for (const i of members) buildTrialRow(i, list);
    return { head, list, members };
  }).filter(Boolean);
  find.addEventListener("input", () => {
    const wanted = find.value.trim().toLowerCase();
    let any = false;
    for (const { head, list, members } of lists) {
      let some = false;
      for (const i of members) {
        const site = trial.sites[i];
        const fits = (site.n + "\n" + site.i).toLowerCase().includes(wanted);
        trial.rows[i].row.hidden = !fits;
        some ||= fits;
      }
      head.hidden = !some;
      list.hidden = !some;
      any ||= some;
    }
    none.hidden = any;
  });
}

function buildTrialRow(i, list) {
  const site = trial.sites[i];
  const row = element("li", "", null, list);
  const label = element("label", "", null, row);
  const input = element("input", "", null, label);
  input.type = "checkbox";
  input.dataset.site = site.i;
  input.addEventListener("change", () => {
    trial.open[i] = Number(input.checked);
    showTrial();
  });
  const middle = element("span", "ranked-name", null, label);
  element("span", "", site.n, middle);
  const facts = element("small", "", null, middle);
  const worth = element("span", "trial-worth", null, label);
  trial.rows[i] = { row, input, facts, worth, select: null };
}

// A class is asked for where one can be chosen, and only while the site is open.
function trialClass(i) {
  const site = trial.sites[i];
  const made = trial.rows[i];
  if (!made.select) {
    const select = element("select", "trial-class", null, made.row);
    select.setAttribute("aria-label", trial.W.class.replace("#", site.n));
    select.dataset.site = site.i;
    element("option", "", trial.W.as_it_is, select).value = -1;
    site.k.forEach((one, at) => { element("option", "", one[1], select).value = at; });
    select.addEventListener("change", () => {
      trial.choice[i] = Number(select.value);
      showTrial();
    });
    made.select = select;
  }
  made.select.hidden = !trial.open[i];
  made.select.value = trial.choice[i];
}

function siteFacts(i) {
  const { W } = trial;
  const area = areaOf(trial, i);
  const cost = costOf(trial, i);
  const words = area < 0 ? W.facts_unknown : W.facts.replace("#1", roundedParts(area, 100));
  if (trial.today[i]) return words.replace(" · #2", "");
  return words.replace("#2", cost < 0 ? W.fact_no_cost : moneyOf(cost));
}

function showTrial() {
  const { W, cells } = trial;
  const found = evaluateTrial(trial);
  trial.found = found;
  trial.ages.forEach((age, band) => {
    cells["covered-" + age].textContent = roundedParts(found.covered[band], 100);
    cells["share-" + age].textContent = inPercent(found.covered[band], found.total[band]);
    cells["new-" + age].textContent = "+" + roundedParts(found.fresh[band], 100);
    cells["lost-" + age].textContent = "−" + roundedParts(found.lost[band], 100);
  });
  cells.gaps.textContent = W.gaps_of.replace("#1", grouped(found.gapsClosed))
    .replace("#2", grouped(trial.gaps.length));
  const cost = [moneyOf(found.cost)];
  if (found.unknownCost) cost.push(W.cost_unknown.replace("#2", grouped(found.unknownCost)));
  cells.cost.textContent = cost.join(" · ");
  const area = [W.shortfall_m2.replace("#1", roundedParts(found.shortfall, 100))];
  if (found.unknownArea) area.push(W.area_unknown.replace("#2", grouped(found.unknownArea)));
  cells.shortfall.textContent = area.join(" · ");
  cells.changes.textContent = found.opened || found.closed
    ? W.changes.replace("#1", found.opened).replace("#2", found.closed) : W.unchanged;
  if (trial.best) trial.best.value = "";
  trial.link.value = trialLink();
  showTrialRows();
  drawTrial();
}

function showTrialRows() {
  const { W } = trial;
  const worth = worthOfEach(trial);
  trial.rows.forEach((made, i) => {
    const open = Boolean(trial.open[i]);
    const key = [open, trial.choice[i], worth[i]].join();
    if (trial.told[i] === key) return;
    trial.told[i] = key;
    made.input.checked = open;
    made.row.className = open === Boolean(trial.today[i]) ? "" : open ? "is-opened" : "is-closed";
    made.facts.textContent = siteFacts(i);
    made.worth.textContent = (open ? W.loss : W.gain).replace("#", roundedParts(worth[i], 100));
    if (trial.sites[i].k.length && (open || made.select)) trialClass(i);
  });
}

// On the map: while sites are tried, each is a mark that a click switches.
function isTrialOpen() {
  return tabs.what_if?.button.getAttribute("aria-selected") === "true";
}

const TRIAL_LOOKS = {
  stays: { radius: 5, color: "#fff", weight: 1.4, fillColor: TRIAL_BLUE, fillOpacity: 1 },
  idle: { radius: 5, color: TRIAL_BLUE, weight: 1.8, fillColor: "#fff", fillOpacity: 1 },
};

function trialMark(site, open, today) {
  if (open === today) {
    const look = TRIAL_LOOKS[open ? "stays" : "idle"];
    return L.circleMarker(site.p, { renderer: trial.canvas, interactive: false, ...look });
  }
  const [shape, colour] = open ? ["tick", "#15693a"] : ["cross", "#b91c1c"];
  const icon = L.divIcon({ html: mark(shape, colour, 24), iconSize: [24, 24], iconAnchor: [12, 12],
    className: "plan-mark trial-mark" });
  return L.marker(site.p, { icon, interactive: false, keyboard: false, pane: "trial" });
}

// On a telephone today's headline gives way, so that there is a map to click on above the list.
function makeRoom(on) {
  const body = document.body;
  if (body.classList.contains("is-trying") === on) return;
  body.classList.toggle("is-trying", on);
  if (!narrow.matches) return;
  body.style.setProperty("--head", document.getElementById("plan-head").offsetHeight + "px");
  map.invalidateSize();
  if (!on || trial.seen || !plan.bounds) return;
  trial.seen = true;
  const below = document.getElementById("plan-sheet").offsetHeight;
  map.fitBounds(plan.bounds, { animate: false, paddingTopLeft: [50, 8],
    paddingBottomRight: [8, below + 8] });
}

function drawTrial() {
  if (!trial) return;
  if (!trial.canvas) {
    pane("trial", 660);
    trial.canvas = L.canvas({ pane: pane("trial_dots", 655), padding: 0.3 });
  }
  const on = isTrialOpen();
  makeRoom(on);
  trial.sites.forEach((site, i) => {
    if (!site.p) return;
    const look = on ? trial.open[i] + "," + trial.today[i] : "";
    const drawn = trial.marks.get(i);
    if (drawn?.look === look) return;
    if (drawn?.layer) map.removeLayer(drawn.layer);
    const layer = on ? trialMark(site, Boolean(trial.open[i]), Boolean(trial.today[i])) : null;
    if (layer) map.addLayer(layer);
    trial.marks.set(i, { look, layer });
  });
}

function trialClick(spot) {
  if (!isTrialOpen()) return false;
  let best = -1;
  let least = 16;
  trial.sites.forEach((site, i) => {
    if (!site.p) return;
    const at = map.latLngToContainerPoint(site.p);
    const apart = Math.hypot(at.x - spot.x, at.y - spot.y);
    if (apart < least) {
      least = apart;
      best = i;
    }
  });
  if (best < 0) return false;
  trial.open[best] = 1 - trial.open[best];
  showTrial();
  trial.rows[best].row.scrollIntoView({ block: "nearest" });
  return true;
}

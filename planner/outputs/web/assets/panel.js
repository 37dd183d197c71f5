// The panel beside the map: headline, layers with their legend, gaps, plan, notes, facts, search.

const facts = document.getElementById("plan-facts");
const narrow = window.matchMedia("(max-width: 799px)");

function element(name, className, content, parent) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (content !== undefined && content !== null) made.textContent = content;
  if (parent) parent.appendChild(made);
  return made;
}

function factRows(parent, labels, values) {
  const list = element("dl", "facts", null, parent);
  values.forEach((value, i) => {
    if (value === null) return;
    element("dt", "", labels[i], list);
    element("dd", "", value, list);
  });
}

function closeFacts() {
  facts.hidden = true;
  highlight(null);
}

function openFacts(title, kind) {
  facts.replaceChildren();
  const head = element("div", "facts-head", null, facts);
  const titles = element("div", "", null, head);
  element("div", "facts-kind", kind, titles);
  element("h2", "", title, titles);
  const close = element("button", "facts-close", "×", head);
  close.type = "button";
  close.setAttribute("aria-label", T.close);
  close.addEventListener("click", closeFacts);
  facts.hidden = false;
  facts.scrollTop = 0;
  if (narrow.matches) openTab(null);
}

function showArea(area, cell) {
  openFacts(area.n, T.community);
  if (cell) addCell(cell);
  factRows(facts, plan.areas.labels, area.f);
  highlightArea(area);
}

function showGap(gap, cell, area) {
  openFacts(gap.n, [T.gap, T.gap_rank.replace("#", gap.rank)].join(" · "));
  const band = element("div", "facts-grade", null, facts);
  band.appendChild(swatch({ ...plan.grades[gap.c], outlined: true }, gap.c));
  element("span", "", plan.layers.find((layer) => layer.key === "gaps")
    .classes.find((kind) => kind.key === gap.c).label, band);
  factRows(facts, plan.gaps.labels, gap.f);
  if (cell) addCell(cell);
  if (area) {
    element("h3", "facts-more", T.gap_community + " · " + area.n, facts);
    factRows(facts, plan.areas.labels, area.f);
  }
  highlightGap(gap);
}

function addCell(cell) {
  const box = element("div", "facts-cell", null, facts);
  element("strong", "", T.cell, box);
  const minutes = cell.minutes < 0 ? null : T.minutes.replace("#", cell.minutes);
  const shownElders = T.elders.replace("#", cell.elders.toLocaleString("en-US"));
  const parts = [plan.cells.states[cell.state], shownElders, minutes];
  element("div", "", parts.filter(Boolean).join(" · "), box);
}

function pointKind(table) {
  return { centres: T.centre, candidates: T.candidate, estates: T.estate,
    proposals: T.proposal, programme: T.programme }[table];
}

function showPoint(table, item) {
  openFacts(item.n, pointKind(table));
  factRows(facts, plan[table].labels, item.f);
  if (item.t) {
    const box = element("div", "facts-sum", null, facts);
    element("strong", "", T.arithmetic, box);
    element("div", "", item.t, box);
  }
  if (item.p) highlightPoint(item);
  else element("p", "note", T.no_place, facts);
}

// The card of facts covers a part of the map: what it speaks of is shown in the rest.
function goToRings(rings) {
  const [right, below] = narrow.matches ? [20, facts.offsetHeight + 20] : [350, 60];
  map.fitBounds(L.polygon(rings).getBounds(),
    { maxZoom: 16, paddingTopLeft: [60, 40], paddingBottomRight: [right, below] });
}

function goToArea(area) {
  showArea(area);
  goToRings(area.rings);
}

function goToGap(gap) {
  showGap(gap);
  if (gap.rings.length) goToRings(gap.rings);
}

function goToPoint(table, item) {
  showPoint(table, item);
  if (!item.p) return;
  const [right, below] = narrow.matches ? [0, facts.offsetHeight] : [330, 0];
  const zoom = Math.max(map.getZoom(), 16);
  const middle = map.project(item.p, zoom).add([right / 2, below / 2]);
  map.setView(map.unproject(middle, zoom), zoom);
}

// Headline and search ------------------------------------------------------------------------
function buildHead() {
  const head = document.getElementById("plan-head");
  const title = element("h1", "", plan.title, head);
  if (plan.synthetic) element("span", "badge", plan.synthetic, title);
  element("p", "subtitle", plan.subtitle, head);
  const tiles = element("div", "tiles", null, head);
  for (const tile of plan.tiles) {
    const box = element("div", "tile", null, tiles);
    element("div", "tile-label", tile.label, box);
    element("div", "tile-value", tile.value, box);
    element("div", "tile-note", tile.note, box);
  }
  element("p", "caveat", plan.caveat, head);
  const search = element("div", "search", null, head);
  const input = element("input", "", null, search);
  input.type = "search";
  input.placeholder = T.search;
  input.setAttribute("aria-label", T.search);
  const results = element("ul", "results", null, search);
  results.hidden = true;
  const entries = [
    ...plan.areas.items.map((area) => ({ n: area.n, kind: T.community, go: () => goToArea(area) })),
    ...["centres", "candidates", "estates", "proposals"].flatMap((table) => plan[table].items.map((item) => ({
      n: item.n, kind: pointKind(table),
      go: () => goToPoint(table, item) }))),
    ...plan.streets.filter((place) => place.p).map((place) => ({ n: place.n, kind: T.street,
      go: () => map.setView(place.p, 14.5) })),
  ];
  const find = () => {
    const wanted = input.value.trim().toLowerCase();
    const found = wanted
      ? entries.filter((entry) => entry.n.toLowerCase().includes(wanted)).slice(0, 30) : [];
    results.replaceChildren();
    results.hidden = !wanted;
    if (wanted && !found.length) element("li", "none", T.nothing_found, results);
    for (const entry of found) {
      const button = element("button", "", null, element("li", "", null, results));
      button.type = "button";
      element("span", "", entry.n, button);
      element("small", "", entry.kind, button);
      button.addEventListener("click", () => {
        results.hidden = true;
        entry.go();
      });
    }
  };
  input.addEventListener("input", find);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") results.querySelector("button")?.click();
    if (event.key === "Escape") results.hidden = true;
  });
}

// Tabs ------------------------------------------------------------------------------------------
const tabs = {};

function openTab(key) {
  for (const [name, tab] of Object.entries(tabs)) {
    const open = name === key;
    tab.pane.hidden = !open;
    tab.button.setAttribute("aria-selected", String(open));
  }
  document.getElementById("plan-sheet").hidden = key === null;
  drawTrial();
}

function addTab(key, title, build) {
  const button = element("button", "", title, document.getElementById("plan-tabs"));
  button.type = "button";
  button.setAttribute("role", "tab");
  const tab = element("div", "pane pane-" + key, null, document.getElementById("plan-sheet"));
  tabs[key] = { button, pane: tab };
  button.addEventListener("click", () => {
    const again = narrow.matches && !tab.hidden;
    if (narrow.matches) facts.hidden = true;
    openTab(again ? null : key);
  });
  build(tab);
}

function switchRow(parent, className, checked, change) {
  const row = element("label", className, null, parent);
  const input = element("input", "", null, row);
  input.type = "checkbox";
  input.checked = checked;
  input.addEventListener("change", () => {
    change(input.checked);
    redraw();
  });
  return row;
}

function buildLayers(tab) {
  const heads = {};
  for (const layer of plan.layers) {
    const state = shown[layer.key];
    const group = element("fieldset", "layer", null, tab);
    const set = (on) => {
      state.on = on;
      group.classList.toggle("is-off", !on);
    };
    const head = switchRow(group, "layer-title", layer.on, (on) => {
      set(on);
      // Two layers that colour the same ground: one goes as the other comes.
      const other = layer.instead ?? plan.layers.find((one) => one.instead === layer.key)?.key;
      if (on && other) {
        heads[other].input.checked = false;
        heads[other].set(false);
      }
    });
    group.classList.toggle("is-off", !layer.on);
    heads[layer.key] = { input: head.firstChild, set };
    head.firstChild.dataset.layer = layer.key;
    element("span", "", layer.title, head);
    for (const kind of layer.classes) {
      const row = switchRow(group, "layer-class", true, (on) => {
        if (on) state.off.delete(kind.key);
        else state.off.add(kind.key);
      });
      row.firstChild.dataset.kind = kind.key;
      row.appendChild(swatch(kind.swatch, kind.key));
      element("span", "class-label", kind.label, row);
      if (kind.value) element("span", "class-value", kind.value, row);
    }
    if (layer.note) element("p", "note", layer.note, group);
    if (layer.near) {
      element("p", "note far-note", T.come_closer, group);
      const tell = () => group.classList.toggle("is-far", !cellsAreNear());
      map.on("zoomend", tell);
      part(tell);
    }
  }
}

function buildGaps(tab) {
  const gaps = plan.gaps.items;
  element("p", "note", gaps.length ? T.gaps_note : T.no_gaps, tab);
  const list = element("ol", "ranked", null, tab);
  const most = gaps.length ? gaps[0].u : 1;
  gaps.forEach((gap, i) => {
    const button = element("button", "", null, element("li", "", null, list));
    button.type = "button";
    element("span", "rank", i + 1, button);
    const look = swatch({ ...plan.grades[gap.c], outlined: true }, gap.c);
    look.classList.add("ranked-grade");
    button.appendChild(look);
    const middle = element("span", "ranked-name", null, button);
    element("span", "", gap.n, middle);
    element("small", "", gap.s, middle);
    const bar = element("span", "bar", null, middle);
    element("span", "", null, bar).style.width = (100 * gap.u) / most + "%";
    element("span", "ranked-value", gap.v, button);
    button.addEventListener("click", () => goToGap(gap));
  });
}

function buildPlan(tab) {
  factRows(tab, plan.plan.map((line) => line[0]), plan.plan.map((line) => line[1]));
  if (!plan.plan.length) element("p", "note", T.no_plan, tab);
  const list = element("ol", "ranked", null, tab);
  for (const site of plan.chosen) {
    const button = element("button", "", null, element("li", "", null, list));
    button.type = "button";
    button.appendChild(mark("pin", plan.marks.candidates.chosen[1], 24, site.k));
    const middle = element("span", "ranked-name", null, button);
    element("span", "", site.n, middle);
    if (site.w) element("small", "", site.w, middle);
    element("span", "ranked-value", T.gain.replace("#", site.v), button);
    button.addEventListener("click", () => goToPoint("candidates", plan.candidates.items[site.i]));
  }
}

function buildNotes(tab) {
  for (const part of plan.notes) {
    element("h3", "", part.title, tab);
    for (const line of part.lines) element("p", "", line, tab);
  }
}

// The sheet's furniture -------------------------------------------------------------------------
function buildFurniture() {
  const North = L.Control.extend({
    onAdd() {
      const arrow = svgElement("svg", { viewBox: "0 0 30 44", width: 30, height: 44, role: "img",
        class: "north", "aria-label": T.north });
      svgElement("path", { d: "M15 14 23 41 15 35Z", fill: "#111827" }, arrow);
      svgElement("path", { d: "M15 14 7 41 15 35Z", fill: "#fff", stroke: "#111827" }, arrow);
      svgElement("text", { x: 15, y: 11, "text-anchor": "middle", "font-size": 12,
        "font-weight": 700, fill: "#111827" }, arrow).textContent = "N";
      return arrow;
    },
  });
  const Credit = L.Control.extend({
    onAdd() {
      return element("div", "credit", [plan.attribution, "Leaflet"].filter(Boolean).join(" · "));
    },
  });
  L.control.zoom({ position: "topleft", zoomInTitle: T.zoom_in, zoomOutTitle: T.zoom_out })
    .addTo(map);
  new North({ position: "topleft" }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 140, position: "bottomleft" }).addTo(map);
  new Credit({ position: "bottomright" }).addTo(map);
  const stamp = document.getElementById("plan-stamp");
  element("span", plan.reviewed ? "reviewed" : "", plan.stamp, stamp);
  if (plan.synthetic) element("span", "synthetic", plan.synthetic, stamp);
}

// On paper: one landscape sheet, the map as it is seen, made to fit what the legend leaves.
// It is scaled as a picture: Chromium prints a canvas drawn anew in between as a white board.
const PAPER = { width: 770, height: 728 };

function fitPaper() {
  let open = null;
  const printing = () => document.body.classList.contains("on-paper");
  window.addEventListener("beforeprint", () => {
    if (printing()) return;
    const { x, y } = map.getSize();
    const style = document.body.style;
    style.setProperty("--map-width", x + "px");
    style.setProperty("--map-height", y + "px");
    style.setProperty("--map-fit", Math.min(PAPER.width / x, PAPER.height / y));
    open = Object.keys(tabs).find((key) => !tabs[key].pane.hidden) ?? null;
    document.body.classList.add("on-paper");
    openTab("layers");
    const head = document.getElementById("plan-head").getBoundingClientRect().height;
    const legend = tabs.layers.pane.getBoundingClientRect().height;
    style.setProperty("--legend-fit", Math.min(1, (PAPER.height - head - 8) / legend));
  });
  window.addEventListener("afterprint", () => {
    if (!printing()) return;
    document.body.classList.remove("on-paper");
    document.body.style.removeProperty("--legend-fit");
    openTab(open);
  });
}

function start() {
  document.documentElement.lang = plan.lang;
  document.title = plan.title;
  map.options.zoomSnap = 0.25;
  map.options.zoomDelta = 0.5;
  map.options.wheelPxPerZoomLevel = 90;
  map.setMinZoom(8);
  map.setMaxZoom(18);
  map.zoomControl?.remove();
  pane("halo", 640);
  buildHead();
  addTab("layers", T.tab_layers, buildLayers);
  addTab("gaps", T.tab_gaps, buildGaps);
  addTab("plan", T.tab_plan, buildPlan);
  let isLinked = false;
  if (trial) addTab("what_if", trial.W.tab, (tab) => { isLinked = buildTrial(tab); });
  addTab("notes", T.tab_notes, buildNotes);
  openTab(isLinked ? "what_if" : narrow.matches ? null : "layers");
  const head = document.getElementById("plan-head");
  const settle = () => {
    if (document.body.classList.contains("on-paper")) return;
    document.body.style.setProperty("--head", head.offsetHeight + "px");
    map.invalidateSize();
  };
  settle();
  if (plan.bounds) map.fitBounds(plan.bounds, { padding: [14, 14] });
  drawAreas();
  drawGround();
  drawCells();
  drawPoints();
  drawGaps();
  drawWays();
  drawNames();
  buildFurniture();
  redraw();
  window.addEventListener("resize", settle);
  fitPaper();
  map.on("click", (event) => {
    if (trialClick(event.containerPoint)) return null;
    const found = nearestPoint(event.containerPoint);
    if (found) return showPoint(found.table, found.item);
    const cell = nearestCell(event.containerPoint);
    const area = plan.areas.items.find((one) => inside(event.latlng, one.rings));
    const gap = plan.gaps.items.find((one) => isShown("gaps", one.c)
      && inside(event.latlng, one.rings));
    if (gap) return showGap(gap, cell, area);
    if (area) return showArea(area, cell);
    if (!cell) return closeFacts();
    openFacts(T.cell, "");
    return addCell(cell);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeFacts();
  });
  narrow.addEventListener("change", () => openTab(narrow.matches ? null : "layers"));
}

start();

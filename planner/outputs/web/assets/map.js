// The map itself: decodes what Python wrote, draws it, and says what lies under a click.

const plan = JSON.parse(document.getElementById("plan-data").textContent);
const T = plan.text;
const map = map_plan;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUE_OF = new Map([...LETTERS].map((letter, value) => [letter.charCodeAt(0), value]));
const STEP = 1e-5;
const shown = {};
const redrawn = [];

function decodeNumbers(text) {
  const numbers = [];
  let folded = 0;
  let weight = 1;
  for (let i = 0; i < text.length; i += 1) {
    const value = VALUE_OF.get(text.charCodeAt(i));
    folded += (value & 31) * weight;
    weight *= 32;
    if (value < 32) {
      numbers.push(folded % 2 ? -(folded + 1) / 2 : folded / 2);
      folded = 0;
      weight = 1;
    }
  }
  return numbers;
}

function decodeLines(text) {
  const numbers = decodeNumbers(text);
  const lines = [];
  let east = 0;
  let north = 0;
  for (let i = 0; i < numbers.length;) {
    const line = [];
    const end = i + 1 + 2 * numbers[i];
    for (i += 1; i < end; i += 2) {
      east += numbers[i];
      north += numbers[i + 1];
      line.push([north * STEP, east * STEP]);
    }
    lines.push(line);
  }
  return lines;
}

// Layers and their classes can be switched off one by one.
for (const layer of plan.layers) {
  shown[layer.key] = { on: layer.on, off: new Set() };
}

function isShown(layer, kind) {
  const state = shown[layer];
  return Boolean(state) && state.on && !(kind && state.off.has(kind));
}

function redraw() {
  for (const draw of redrawn) draw();
}

function pane(name, level) {
  const made = map.createPane(name);
  made.style.zIndex = level;
  made.style.pointerEvents = "none";
  return name;
}

function part(draw) {
  // A drawing that is made anew whenever layers are switched: put on the map or taken off.
  redrawn.push(draw);
}

function toggled(layer, key, kind) {
  part(() => {
    if (isShown(key, kind)) map.addLayer(layer);
    else map.removeLayer(layer);
  });
}

function drawGround() {
  const lines = L.canvas({ pane: pane("lines", 370), padding: 0.3 });
  const water = L.canvas({ pane: pane("water", 360), padding: 0.3 });
  const ground = plan.ground;
  const line = (name, kind, style) => {
    const renderer = name.startsWith("water") ? water : lines;
    const layer = L.polyline(decodeLines(ground[name]),
      { renderer, interactive: false, smoothFactor: 0.6, ...style });
    toggled(layer, "ground", kind);
    return layer;
  };
  toggled(L.polygon([decodeLines(ground.water)], { renderer: water, interactive: false,
    stroke: false, fillColor: "#bcd9ea", fillOpacity: 1 }), "ground", "water");
  line("waterway", "water", { color: "#bcd9ea", weight: 2.4 });
  const minor = line("minor", "streets", { color: "#7b7870", weight: 0.5, opacity: 0.5 });
  const main = line("main", "streets", { color: "#7b7870", weight: 1.4, opacity: 0.75 });
  line("railway", "railway", { color: "#52525b", weight: 1.6, dashArray: "7 5" });
  line("district", "district", { color: "#3f3f46", weight: 1.8, opacity: 0.85 });
  const broaden = () => {
    const zoom = map.getZoom();
    minor.setStyle({ weight: zoom < 12 ? 0.3 : zoom < 13.5 ? 0.45 : zoom < 15 ? 0.8 : 1.6 });
    main.setStyle({ weight: zoom < 13 ? 0.9 : zoom < 15 ? 1.6 : 3 });
  };
  map.on("zoomend", broaden);
  broaden();
}

function drawAreas() {
  const renderer = L.svg({ pane: pane("areas", 350), padding: 0.4 });
  for (const area of plan.areas.items) {
    area.rings = decodeLines(area.g);
    const [fill, hatched] = plan.fills[area.c];
    area.layer = L.polygon(area.rings, { renderer, interactive: false, color: "#6b6862",
      weight: 0.6, opacity: 0.9, fillColor: fillOf(fill, hatched), fillOpacity: 1,
      className: "area area-" + area.c });
    toggled(area.layer, "areas", area.c);
    toggled(L.polygon(area.rings, { renderer, interactive: false, color: "#6b6862", weight: 0.6,
      opacity: 0.9, fillColor: gradeFill(area.r, plan.grades[area.r], false), fillOpacity: 1,
      className: "graded graded-" + area.r }), "grades", area.r);
  }
  // Where gaps or residents show themselves, the communities step back.
  const fade = () => {
    const pane = map.getPane("areas");
    const behind = isShown("gaps") || (isShown("cells") && cellsAreNear());
    pane.classList.toggle("is-behind", behind);
    document.body.classList.toggle("areas-behind", behind);
  };
  map.on("zoomend", fade);
  part(fade);
}

// From afar, cells would only hide what the communities say: they appear as one comes closer.
const CELLS_FROM_ZOOM = 13.5;

function cellsAreNear() {
  return map.getZoom() >= CELLS_FROM_ZOOM || !plan.areas.items.length;
}

const Cell = L.CircleMarker.extend({
  // A dot whose area grows with its elders and with the zoom; its shape tells its state.
  _project() {
    const metre = 2 ** (map.getZoom() - 17);
    const size = Math.sqrt(this.options.elders) * 3.2 * metre;
    this._radius = Math.max(1.4, Math.min(size, 40 * metre));
    this.options.radius = this._radius;
    L.CircleMarker.prototype._project.call(this);
  },
  _updatePath() {
    const canvas = this._renderer;
    if (!canvas._drawing || this._empty()) return;
    const context = canvas._ctx;
    const { x, y } = this._point;
    const r = this._radius;
    context.beginPath();
    if (this.options.shape === "square") {
      context.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
    } else if (this.options.shape === "triangle") {
      context.moveTo(x, y - 1.25 * r);
      context.lineTo(x + 1.15 * r, y + 0.85 * r);
      context.lineTo(x - 1.15 * r, y + 0.85 * r);
      context.closePath();
    } else {
      context.arc(x, y, r, 0, 2 * Math.PI);
    }
    // A white rim parts marks from dark ground; on the smallest it would leave nothing else.
    this.options.stroke = this.options.shape === "ring" || r > 2.4;
    canvas._fillStroke(context, this);
  },
});

function drawCells() {
  const [east, north, states, elders, minutes] = plan.cells.columns.map(decodeNumbers);
  const renderer = L.canvas({ pane: pane("cells", 420), padding: 0.3 });
  const groups = plan.cells.keys.map(() => []);
  let x = 0;
  let y = 0;
  plan.cells.items = states.map((state, i) => {
    x += east[i];
    y += north[i];
    const [shape, colour] = plan.states[plan.cells.keys[state]];
    const open = shape === "ring";
    const layer = new Cell([y * STEP, x * STEP], { renderer, interactive: false, shape,
      elders: elders[i], color: open ? colour : "#fff", weight: open ? 1.3 : 0.8,
      fillColor: open ? "#fff" : colour, fillOpacity: state === 0 ? 0.66 : 0.92 });
    groups[state].push(layer);
    return { layer, state, elders: elders[i], minutes: minutes[i] };
  });
  groups.forEach((layers, state) => {
    const group = L.layerGroup(layers);
    part(() => {
      if (isShown("cells", plan.cells.keys[state]) && cellsAreNear()) map.addLayer(group);
      else map.removeLayer(group);
    });
  });
  let near = cellsAreNear();
  map.on("zoomend", () => {
    if (near === cellsAreNear()) return;
    near = cellsAreNear();
    redraw();
  });
}

function drawMark(place, shape, colour, size, label, level) {
  // A pin stands on its place; a gap's number hangs below it, so that neither hides the other.
  const above = shape === "pin" ? size : shape === "rank" ? 0 : size / 2;
  const icon = L.divIcon({ html: mark(shape, colour, size, label), iconSize: [size, size],
    iconAnchor: [size / 2, above],
    className: shape === "pin" ? "plan-mark plan-pin" : "plan-mark" });
  return L.marker(place, { icon, interactive: false, keyboard: false, zIndexOffset: level });
}

function layerOf(table, item) {
  if (table !== "candidates") return table;
  return item.c === "chosen" ? "chosen" : "candidates";
}

// Marks shrink as the map does, so that a whole district is not hidden under them.
function scaleMarks() {
  const zoom = map.getZoom();
  const scale = Math.max(0.6, Math.min(1.15, 0.6 + (zoom - 11.5) * 0.16));
  map.getContainer().style.setProperty("--mark", scale.toFixed(2));
}

function drawPoints() {
  map.on("zoomend", scaleMarks);
  scaleMarks();
  for (const table of ["centres", "candidates", "estates", "proposals", "programme"]) {
    for (const item of plan[table].items) {
      if (!item.p) continue;
      const [shape, colour] = plan.marks[table][item.c];
      const chosen = item.c === "chosen";
      const size = chosen ? 30 : table === "programme" ? 22
        : shape === "box" || table !== "centres" ? 14 : 17;
      const layer = drawMark(item.p, shape, colour, size, item.k, chosen ? 3000 : 1000);
      toggled(layer, layerOf(table, item), item.c);
    }
  }
}

function drawGaps() {
  const renderer = L.svg({ pane: pane("gaps", 365), padding: 0.4 });
  // The mildest first: where outlines touch, that of the worse gap lies on top.
  [...plan.gaps.items].reverse().forEach((gap, i) => {
    const look = plan.grades[gap.c];
    gap.rank = plan.gaps.items.length - i;
    gap.rings = decodeLines(gap.g);
    gap.layer = L.polygon(gap.rings, { renderer, interactive: false, color: look.ink,
      fillColor: gradeFill(gap.c, look, true), fillOpacity: 1, className: "gap gap-" + gap.c });
    toggled(gap.layer, "gaps", gap.c);
  });
  const thin = () => {
    const weight = map.getZoom() < 13 ? 0.9 : 1.6;
    for (const gap of plan.gaps.items) gap.layer.setStyle({ weight });
  };
  map.on("zoomend", thin);
  thin();
  for (const gap of plan.gaps.items.slice(0, plan.listed_gaps)) {
    if (gap.p) toggled(drawMark(gap.p, "rank", "#7f1d1d", 19, gap.rank, 2000), "gaps", gap.c);
  }
}

// New ways are as short as a street is wide: from afar they would be specks.
function drawWays() {
  const renderer = L.svg({ pane: pane("ways", 430), padding: 0.4 });
  const lines = plan.gaps.items.filter((gap) => gap.w).map((gap) => {
    gap.way = decodeLines(gap.w);
    return L.polyline(gap.way, { renderer, interactive: false, color: plan.way, weight: 3.4,
      dashArray: "6 4", lineCap: "butt", className: "new-way" });
  });
  const group = L.layerGroup(lines);
  part(() => {
    if (isShown("ways", "ways") && cellsAreNear()) map.addLayer(group);
    else map.removeLayer(group);
  });
}

// Names are set where they fit: clear of the marks and of one another, the larger places first.
function overlaps(one, other) {
  return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
}

function markBoxes() {
  const boxes = [];
  const add = (place, left, up, right, down) => {
    const { x, y } = map.project(place);
    boxes.push([x - left, y - up, x + right, y + down]);
  };
  for (const table of ["programme", "candidates", "centres", "estates", "proposals"]) {
    for (const item of plan[table].items) {
      if (!item.p || !isShown(layerOf(table, item), item.c)) continue;
      if (item.c === "chosen") add(item.p, 13, 30, 13, 0);
      else add(item.p, 7, 7, 7, 7);
    }
  }
  for (const gap of plan.gaps.items.slice(0, plan.listed_gaps)) {
    if (gap.p && isShown("gaps", gap.c)) add(gap.p, 10, 0, 10, 18);
  }
  return boxes;
}

function drawNames() {
  const names = [
    ...plan.streets.map((place) => ({ ...place, big: true })),
    ...plan.areas.items.map((area) => ({ n: area.n, p: area.p, big: false })),
  ].filter((place) => place.p);
  const group = L.layerGroup();
  const settle = () => {
    group.clearLayers();
    const zoom = map.getZoom();
    const view = map.getBounds().pad(0.3);
    const taken = markBoxes();
    for (const place of names) {
      if (place.big ? zoom >= 15 : zoom < 14) continue;
      if (!view.contains(place.p)) continue;
      const size = place.big ? 14 : 12;
      const wide = [...place.n].reduce((sum, sign) => sum + (sign < "\u2000" ? 0.62 : 1.06), 0) * size;
      const { x, y } = map.project(place.p);
      // Under the point, over it, or further off: the first that is free.
      const drop = [10, -10 - size - 4, 26, -26 - size - 4].find((off) => {
        const box = [x - wide / 2 - 3, y + off, x + wide / 2 + 3, y + off + size + 4];
        return !taken.some((other) => overlaps(box, other));
      });
      if (drop === undefined) continue;
      taken.push([x - wide / 2 - 3, y + drop, x + wide / 2 + 3, y + drop + size + 4]);
      const label = document.createElement("span");
      label.textContent = place.n;
      group.addLayer(L.marker(place.p, { interactive: false, keyboard: false, pane: "names",
        icon: L.divIcon({ html: label, iconSize: [0, 0], iconAnchor: [0, -drop],
          className: place.big ? "plan-name big" : "plan-name" }) }));
    }
  };
  pane("names", 450);
  map.on("zoomend moveend", settle);
  toggled(group, "names");
  part(settle);
}

// What lies under a click, found by ourselves: panes of several kinds would hide one another.
function inside(place, rings) {
  let within = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [yi, xi] = ring[i];
      const [yj, xj] = ring[j];
      if (yi > place.lat !== yj > place.lat
        && place.lng < ((xj - xi) * (place.lat - yi)) / (yj - yi) + xi) within = !within;
    }
  }
  return within;
}

function nearestPoint(spot) {
  let best = null;
  let least = 15;
  for (const table of ["programme", "candidates", "centres", "estates", "proposals"]) {
    for (const item of plan[table].items) {
      if (!item.p || !isShown(layerOf(table, item), item.c)) continue;
      const at = map.latLngToContainerPoint(item.p);
      const lift = item.c === "chosen" ? 16 : 0;
      const apart = Math.hypot(at.x - spot.x, at.y - lift - spot.y);
      if (apart < least) {
        least = apart;
        best = { table, item };
      }
    }
  }
  return best;
}

function nearestCell(spot) {
  let best = null;
  let least = Infinity;
  for (const cell of plan.cells.items) {
    if (!cellsAreNear() || !isShown("cells", plan.cells.keys[cell.state])) continue;
    const at = map.latLngToContainerPoint(cell.layer.getLatLng());
    const apart = Math.hypot(at.x - spot.x, at.y - spot.y);
    if (apart < least && apart <= Math.max(5, cell.layer.options.radius)) {
      least = apart;
      best = cell;
    }
  }
  return best;
}

const halo = { layer: null };

function highlight(layer) {
  if (halo.layer) map.removeLayer(halo.layer);
  halo.layer = layer;
  if (layer) map.addLayer(layer);
}

function highlightArea(area) {
  highlight(L.polygon(area.rings, { pane: "halo", interactive: false, fill: false,
    color: "#111827", weight: 3 }));
}

function highlightGap(gap) {
  const lines = [L.polygon(gap.rings, { pane: "halo", interactive: false, fill: false,
    color: "#111827", weight: 3 })];
  if (gap.way) {
    lines.push(L.polyline(gap.way, { pane: "halo", interactive: false, color: plan.way,
      weight: 5 }));
  }
  highlight(L.layerGroup(lines));
}

function highlightPoint(item) {
  const ring = document.createElement("span");
  if (item.c === "chosen") ring.className = "is-pin";
  const icon = L.divIcon({ html: ring, className: "plan-halo", iconSize: [0, 0] });
  highlight(L.marker(item.p, { icon, pane: "halo", interactive: false, keyboard: false }));
}

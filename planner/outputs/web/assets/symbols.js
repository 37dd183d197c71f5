"use strict";
// Marks of points and swatches of the legend, drawn as SVG. Nothing in here comes from a ledger.

const SVG = "http://www.w3.org/2000/svg";

function svgElement(name, attributes, parent) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (parent) parent.appendChild(element);
  return element;
}

// Each mark is drawn in a box of 20 by 20 around its middle.
const MARKS = {
  dot: (g, c) => svgElement("circle", { cx: 10, cy: 10, r: 4, fill: c }, g),
  ring: (g, c) => svgElement("circle",
    { cx: 10, cy: 10, r: 3.6, fill: "#fff", stroke: c, "stroke-width": 2 }, g),
  square: (g, c) => svgElement("rect", { x: 6, y: 6, width: 8, height: 8, fill: c }, g),
  triangle: (g, c) => svgElement("path", { d: "M10 4.5 15.5 14.5H4.5Z", fill: c }, g),
  tick: (g, c) => {
    disc(g, c);
    stroke(g, "M5.8 10.3 8.8 13.2 14.2 7.2");
  },
  minus: (g, c) => {
    disc(g, c);
    stroke(g, "M5.8 10H14.2");
  },
  query: (g, c) => {
    disc(g, c);
    stroke(g, "M7.6 8C7.6 5 12.4 5 12.4 8 12.4 10 10 9.8 10 11.8M10 14.2V14.4");
  },
  box: (g, c) => svgElement("rect",
    { x: 5.5, y: 5.5, width: 9, height: 9, fill: "#fff", stroke: c, "stroke-width": 2 }, g),
  slash: (g, c) => {
    ring(g, c);
    svgElement("path", { d: "M5.6 14.4 14.4 5.6", stroke: c, "stroke-width": 2 }, g);
  },
  dashed: (g, c) => ring(g, c).setAttribute("stroke-dasharray", "3 2.2"),
  house: (g, c) => svgElement("path",
    { d: "M3 9.5 10 3.5 17 9.5V16.5H3Z", fill: c, stroke: "#fff", "stroke-width": 1.4 }, g),
  delta: (g, c) => svgElement("path",
    { d: "M10 3 17 16H3Z", fill: c, stroke: "#fff", "stroke-width": 1.4 }, g),
  delta_open: (g, c) => svgElement("path",
    { d: "M10 4 16 15.4H4Z", fill: "#fff", stroke: c, "stroke-width": 2,
      "stroke-dasharray": "3 1.6" }, g),
  crosshair: (g, c) => {
    svgElement("path", { d: "M10 1V19M1 10H19", stroke: "#fff", "stroke-width": 4.6 }, g);
    svgElement("circle", { cx: 10, cy: 10, r: 5.4, fill: "#fff", stroke: c, "stroke-width": 2 }, g);
    svgElement("path", { d: "M10 1V19M1 10H19", stroke: c, "stroke-width": 1.8 }, g);
  },
  cross: (g, c) => {
    svgElement("path", { d: "M5 5 15 15M15 5 5 15", stroke: "#fff", "stroke-width": 5 }, g);
    svgElement("path", { d: "M5 5 15 15M15 5 5 15", stroke: c, "stroke-width": 2.6 }, g);
  },
  pin: (g, c, label) => {
    svgElement("path", { d: "M10 19.4 4.2 12.8A7.6 7.6 0 1 1 15.8 12.8Z", fill: c,
      stroke: "#fff", "stroke-width": 1.4 }, g);
    number(g, label === undefined ? "1" : label, 11.3, "#fff");
  },
  gem: (g, c, label) => {
    svgElement("path", { d: "M10 0.8 19.2 10 10 19.2 0.8 10Z", fill: "#fff", stroke: c,
      "stroke-width": 1.8 }, g);
    number(g, label === undefined ? "" : label, 13.2, c);
  },
  plate: (g, c, label) => {
    svgElement("rect", { x: 1.5, y: 3.5, width: 17, height: 13, rx: 3, fill: c, stroke: "#fff",
      "stroke-width": 1.4 }, g);
    number(g, label === undefined ? "" : label, 13.2, "#fff");
  },
  gone: (g, c) => {
    svgElement("rect", { x: 3, y: 3, width: 14, height: 14, fill: "#fff", stroke: c,
      "stroke-width": 2 }, g);
    svgElement("path", { d: "M4 4 16 16M16 4 4 16", stroke: c, "stroke-width": 2 }, g);
  },
  rank: (g, c, label) => {
    svgElement("rect", { x: 1, y: 3.5, width: 18, height: 13, rx: 2, fill: "#fff", stroke: c,
      "stroke-width": 1.6 }, g);
    number(g, label === undefined ? "1" : label, 13.4, c);
  },
};

function disc(g, colour) {
  return svgElement("circle",
    { cx: 10, cy: 10, r: 8, fill: colour, stroke: "#fff", "stroke-width": 1.4 }, g);
}

function ring(g, colour) {
  return svgElement("circle",
    { cx: 10, cy: 10, r: 6.6, fill: "#fff", stroke: colour, "stroke-width": 2 }, g);
}

function stroke(g, path) {
  svgElement("path", { d: path, stroke: "#fff", "stroke-width": 2.2, fill: "none",
    "stroke-linecap": "round", "stroke-linejoin": "round" }, g);
}

function number(g, label, y, colour) {
  const text = svgElement("text", { x: 10, y, "text-anchor": "middle", fill: colour,
    "font-size": String(label).length > 2 ? 7 : 9, "font-weight": 700 }, g);
  text.textContent = String(label);
}

function mark(shape, colour, size, label) {
  const drawing = svgElement("svg", { viewBox: "0 0 20 20", width: size, height: size });
  MARKS[shape](drawing, colour, label);
  return drawing;
}

// Patterns of hatched fills, one a colour; returns the colour's own name where none is wanted.
function fillOf(colour, hatched) {
  if (!hatched) return colour;
  const id = "hatch-" + colour.slice(1);
  if (!document.getElementById(id)) {
    const holder = svgElement("svg", { width: 0, height: 0, style: "position:absolute" });
    const defs = svgElement("defs", {}, holder);
    const pattern = svgElement("pattern", { id, width: 7, height: 7,
      patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, defs);
    svgElement("rect", { width: 7, height: 7, fill: colour }, pattern);
    svgElement("rect", { width: 0.9, height: 7, fill: "#5c1f16", "fill-opacity": 0.5 }, pattern);
    document.body.appendChild(holder);
  }
  return "url(#" + id + ")";
}

// Patterns of the four grades, which tell them in grey print. On gaps the ground shows through,
// so that the community below can still be read.
const STROKES = {
  crosshatch: "M0 4H8M4 0V8",
  diagonal: "M0 4H8",
  dots: null,
  plain: null,
};

function gradeFill(grade, look, outlined) {
  const id = (outlined ? "gap-" : "grade-") + grade;
  if (!document.getElementById(id)) {
    const holder = svgElement("svg", { width: 0, height: 0, style: "position:absolute" });
    const defs = svgElement("defs", {}, holder);
    const pattern = svgElement("pattern", { id, width: 8, height: 8,
      patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, defs);
    svgElement("rect", { width: 8, height: 8, fill: look.fill,
      "fill-opacity": outlined ? 0.82 : 1 }, pattern);
    const path = STROKES[look.pattern];
    if (path) {
      svgElement("path", { d: path, stroke: look.ink, "stroke-width": 1.1,
        "stroke-opacity": outlined ? 0.75 : 0.45 }, pattern);
    }
    if (look.pattern === "dots") {
      svgElement("circle", { cx: 4, cy: 4, r: 1.3, fill: look.ink,
        "fill-opacity": outlined ? 0.8 : 0.55 }, pattern);
    }
    document.body.appendChild(holder);
  }
  return "url(#" + id + ")";
}

function swatch(look, kind) {
  if (look.mark) return mark(look.mark, look.colour, 18);
  const drawing = svgElement("svg", { viewBox: "0 0 22 14", width: 22, height: 14 });
  if (look.line) {
    const line = svgElement("path", { d: "M0 7H22", stroke: look.line,
      "stroke-width": look.broad ? 2.4 : 1.6 }, drawing);
    if (look.dash) line.setAttribute("stroke-dasharray", "5 3");
    return drawing;
  }
  if (look.pattern) {
    const wide = look.outlined ? 1.6 : 1;
    svgElement("rect", { x: 1, y: 1, width: 20, height: 12, "stroke-width": wide,
      stroke: look.outlined ? look.ink : "#8b8d91",
      fill: gradeFill(kind, look, look.outlined) }, drawing);
    return drawing;
  }
  svgElement("rect", { x: 0.5, y: 0.5, width: 21, height: 13, stroke: "#8b8d91",
    fill: fillOf(look.fill, look.hatch) }, drawing);
  return drawing;
}

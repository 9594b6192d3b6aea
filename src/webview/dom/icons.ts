/** Drawings of 16 by 16 units, in the colour of the text around them. */

const STROKES = {
  swipe: "M8 1.5v13M2.5 4h3M2.5 12h3M2.5 4v8M10.5 4h3v8h-3M5 8H1.5M11 8h3.5",
  "side-by-side": "M2 3h5v10H2zM9 3h5v10H9z",
  "onion-skin": "M2.5 2.5h8v8h-8zM5.5 5.5h8v8h-8z",
  blink:
    "M1.5 8c2-3.2 4.2-4.5 6.5-4.5S12.5 4.8 14.5 8c-2 3.2-4.2 4.5-6.5 4.5S3.5 11.2 1.5 8zM8 6a2 2 0 1 0 .01 0",
  difference: "M8 2v6M5 5h6M5 12.5h6M2.5 14.5h11",
  contour: "M8 2c4 0 6 2 6 5s-1.5 7-5.5 7S2 11.5 2 7.5 4 2 8 2z",
  pan: "M8 1.5v13M1.5 8h13M6 3.5l2-2 2 2M6 12.5l2 2 2-2M3.5 6l-2 2 2 2M12.5 6l2 2-2 2",
  points: "M5 3.5a2 2 0 1 0 .01 0M5 4.5v2M4 5.5h2M11 9a2 2 0 1 0 .01 0M10 11h2",
  box: "M3.5 3.5h9v9h-9zM2 2h3v3H2zM11 2h3v3h-3zM2 11h3v3H2zM11 11h3v3h-3z",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  fit: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
  prompts: "M8 3.5a4.5 4.5 0 1 0 .01 0M8 1v4M8 11v4M1 8h4M11 8h4",
  heat: "M8 7a1 1 0 1 0 .01 0M8 4.5a3.5 3.5 0 1 0 .01 0M8 2a6 6 0 1 0 .01 0",
  masks: "M8 2l6 3-6 3-6-3zM2 8l6 3 6-3M2 11l6 3 6-3",
  help: "M8 1.5a6.5 6.5 0 1 0 .01 0M6 6.2c0-1.2.9-2 2-2s2 .8 2 1.9c0 1.6-2 1.7-2 3.2M8 11.2v.6",
  close: "M4 4l8 8M12 4l-8 8",
  check: "M3 8.5l3.3 3.3L13 5",
  equal: "M3.5 6h9M3.5 10h9",
  dash: "M4 8h8",
  warning: "M8 2l6.5 11.5h-13zM8 6.5v3.3M8 11.4v.6",
  info: "M8 1.5a6.5 6.5 0 1 0 .01 0M8 7v4.5M8 4.5v.6",
  error: "M8 1.5a6.5 6.5 0 1 0 .01 0M5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6",
  chevron: "M6 3.5l4.5 4.5L6 12.5",
  target: "M8 3a5 5 0 1 0 .01 0M8 6.5a1.5 1.5 0 1 0 .01 0M8 1v2M8 13v2M1 8h2M13 8h2",
  undo: "M5.5 3L2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8H6",
  clear: "M3 4h10M6.5 4V2.5h3V4M4.5 4l.6 9.5h5.8L11.5 4M6.8 6.5v4.5M9.2 6.5v4.5",
  play: "M5 3l8 5-8 5z",
  pause: "M5.5 3v10M10.5 3v10",
} as const;

/** Names of the drawings. */
export type IconName = keyof typeof STROKES;

/** A drawing; meaning goes into the text or label beside it. */
export function icon(name: IconName): SVGSVGElement {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", STROKES[name]);
  svg.append(path);
  return svg;
}

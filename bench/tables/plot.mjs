// Small line charts as SVG.

const WIDTH = 560;
const HEIGHT = 320;
const PLOT = { left: 56, right: WIDTH - 16, top: 40, bottom: HEIGHT - 76 };
const COLOURS = ["#1f6feb", "#d9480f", "#2b8a3e", "#8250df", "#9a6700", "#57606a"];

/**
 * A chart of lines over named places: values that are missing leave a gap.
 *
 * @param places labels along the x axis
 * @param series `{ label, values }`, percent
 */
export function lineChart({ title, xLabel, yLabel, places, series }) {
  const known = series.flatMap(({ values }) => values).filter((value) => value !== undefined);
  const ticks = axisTicks(Math.min(...known), Math.max(...known));
  const x = (i) => PLOT.left + ((i + 0.5) / places.length) * (PLOT.right - PLOT.left);
  const y = (value) =>
    PLOT.bottom - ((value - ticks[0]) / (ticks.at(-1) - ticks[0])) * (PLOT.bottom - PLOT.top);
  const grid = ticks.map((tick) => {
    const at = y(tick).toFixed(1);
    return `<path d="M${PLOT.left} ${at}H${PLOT.right}" stroke="#d0d7de"/>${text(PLOT.left - 8, Number(at) + 4, tick, "end")}`;
  });
  const names = places.map((place, i) => text(x(i), PLOT.bottom + 18, place, "middle"));
  const lines = series.map(({ values }, k) => line(values, x, y, COLOURS[k]));
  const legend = series.map(({ label }, k) => {
    const at = PLOT.left + (k % 3) * 170;
    const down = HEIGHT - 26 + Math.floor(k / 3) * 16;
    return `<circle cx="${at + 5}" cy="${down - 4}" r="4" fill="${COLOURS[k]}"/>${text(at + 14, down, label, "start")}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#1f2328">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${PLOT.left}" y="22" font-size="14" font-weight="600">${escaped(title)}</text>`,
    ...grid,
    ...names,
    text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 36, xLabel, "middle"),
    `<text transform="translate(14 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(yLabel)}</text>`,
    ...lines,
    ...legend,
    "</svg>\n",
  ].join("\n");
}

/** Points, joined where their neighbours are there. */
function line(values, x, y, colour) {
  const marks = values.map((value, i) =>
    value === undefined
      ? ""
      : `<circle cx="${x(i).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3.5" fill="${colour}"/>`,
  );
  let path = "";
  for (const [i, value] of values.entries()) {
    if (value === undefined) continue;
    path += `${i === 0 || values[i - 1] === undefined ? "M" : "L"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
  }
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${marks.join("")}`;
}

/** Round numbers around a range: four to eight of them. */
function axisTicks(low, high) {
  const span = Math.max(high - low, 1);
  const step = [0.2, 0.5, 1, 2, 5, 10, 20].find((size) => span / size <= 6);
  const first = Math.floor(low / step) * step;
  const count = Math.ceil((high - first) / step);
  return Array.from({ length: Math.max(count, 1) + 1 }, (_, i) => Math.round((first + i * step) * 10) / 10);
}

function text(x, y, content, anchor) {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(String(content))}</text>`;
}

function escaped(content) {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

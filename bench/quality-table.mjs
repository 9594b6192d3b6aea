// The quality table of docs/benchmarks.md: one row per group and preset.

/** Groups in the order they are shown. */
function keysOf(reports) {
  const keys = Object.keys(Object.values(reports)[0].groups);
  return keys.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

function rank(key) {
  return key === "all" ? 0 : key.includes("/") ? 2 : 1;
}

/** Markdown of `{ preset: { groups } }`: IoU / boundary IoU in percent, and how many entries got worse. */
export function qualityTable(reports) {
  const presets = Object.keys(reports);
  const lines = [
    `| group | entries | coarse | ${presets.map((name) => `\`${name}\``).join(" | ")} |`,
    `|---|---|---|${"---|".repeat(presets.length)}`,
  ];
  for (const key of keysOf(reports)) {
    const { entries, coarseIoU, coarseBoundaryIoU } = reports[presets[0]].groups[key];
    const cells = presets.map((preset) => {
      const { refinedIoU, refinedBoundaryIoU, worse } = reports[preset].groups[key];
      return `${percent(refinedIoU)} / ${percent(refinedBoundaryIoU)}, ${Math.round(worse * entries)} worse`;
    });
    lines.push(
      `| ${key} | ${entries} | ${percent(coarseIoU)} / ${percent(coarseBoundaryIoU)} | ${cells.join(" | ")} |`,
    );
  }
  return lines.join("\n");
}

function percent(fraction) {
  return (100 * fraction).toFixed(1);
}

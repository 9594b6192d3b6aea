// Medians, and one line for each target.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Prints what was measured against its target; returns both for the results. */
export function report(what, value, target, { unit = "", note = "" } = {}) {
  const met = value < target;
  const figures = `${value.toFixed(2)}${unit}, target < ${target}${unit}`;
  console.log(`  ${what.padEnd(56)} ${figures.padEnd(30)} ${met ? "met" : "MISSED"}${note && `  ${note}`}`);
  return { value: round(value), target, met };
}

export function round(value) {
  return Math.round(value * 100) / 100;
}

/** The definition that the fast rasteriser must equal: the outline walked step by step on a grid of a fifth of a pixel. */
export function walkedOutline(polygon: readonly number[], width: number, height: number): number[] {
  const walked = walk(polygon.map((coordinate) => Math.trunc(5 * coordinate + 0.5)));
  const switches: number[] = [];
  for (let j = 1; j < walked.length; j++) {
    const [x, y] = walked[j]!;
    const [lastX, lastY] = walked[j - 1]!;
    if (x === lastX) continue;
    const column = ((x < lastX ? x : x - 1) + 0.5) / 5 - 0.5;
    if (!Number.isInteger(column) || column < 0 || column > width - 1) continue;
    const row = (Math.min(y, lastY) + 0.5) / 5 - 0.5;
    switches.push(column * height + Math.ceil(Math.min(Math.max(row, 0), height)));
  }
  return toRuns(switches, width * height);
}

function walk(steps: readonly number[]): [number, number][] {
  const walked: [number, number][] = [];
  for (let i = 0; i < steps.length; i += 2) {
    const a = [steps[i]!, steps[i + 1]!] as const;
    const b = [steps[(i + 2) % steps.length]!, steps[(i + 3) % steps.length]!] as const;
    const long = Math.abs(b[0] - a[0]) >= Math.abs(b[1] - a[1]) ? 0 : 1;
    const [from, to] = a[long] <= b[long] ? [a, b] : [b, a];
    const points: [number, number][] = [];
    const length = to[long] - from[long];
    const slope = (to[1 - long]! - from[1 - long]!) / length;
    for (let t = 0; t <= length; t++) {
      const across = length === 0 ? from[1 - long]! : Math.trunc(from[1 - long]! + slope * t + 0.5);
      points.push(long === 0 ? [from[0] + t, across] : [across, from[1] + t]);
    }
    walked.push(...(from === a ? points : points.reverse()));
  }
  return walked;
}

function toRuns(switches: readonly number[], total: number): number[] {
  const inside = new Uint8Array(total);
  for (const position of switches) for (let i = position; i < total; i++) inside[i]! ^= 1;
  const counts = [0];
  let value = 0;
  for (const pixel of inside) {
    if (pixel !== value) {
      counts.push(0);
      value = pixel;
    }
    counts[counts.length - 1]!++;
  }
  return counts;
}

/** Where a hole hangs: on the edge that begins at `node`, at a point of it. */
interface Bridge {
  readonly hole: number;
  readonly node: number;
  readonly x: number;
  readonly y: number;
}

/** Where an edge, named after its first point, crosses a height. */
interface Crossing {
  readonly node: number;
  readonly x: number;
}

/** Rings as linked points: `next` of the last point of an open ring is -1. */
interface Chain {
  readonly x: number[];
  readonly y: number[];
  readonly next: number[];
}

/**
 * One ring for an outline with holes, for formats that have none: a bridge, gone along twice, leads to each hole.
 * `rasterizePolygons` gives it exactly the pixels of the outline without its holes.
 *
 * @param outer flat `[x0, y0, x1, y1, …]`
 * @param holes rings of the same kind, none of them empty
 */
export function keyhole(outer: readonly number[], holes: readonly (readonly number[])[]): number[] {
  if (holes.length === 0) return [...outer];
  const rings = [outer, ...holes.map(fromLeftmost).sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!)];
  const chain: Chain = { x: [], y: [], next: [] };
  const heads = rings.map((ring) => addRing(chain, ring));
  const tails = rings.map((ring, k) => heads[k]! + ring.length / 2);
  for (const bridges of bridgesByNode(chain, rings, heads)) hang(chain, heads, tails, bridges);
  return flatten(chain, heads[0]!);
}

/** The ring begun at its leftmost (then highest) point. */
function fromLeftmost(ring: readonly number[]): number[] {
  let start = 0;
  for (let i = 2; i < ring.length; i += 2) {
    if (ring[i]! < ring[start]! || (ring[i] === ring[start] && ring[i + 1]! < ring[start + 1]!)) start = i;
  }
  return [...ring.slice(start), ...ring.slice(0, start)];
}

/** Adds a ring that ends with its first point again; returns that first one. */
function addRing(chain: Chain, ring: readonly number[]): number {
  const head = chain.x.length;
  for (let i = 0; i <= ring.length; i += 2) {
    addPoint(chain, ring[i % ring.length]!, ring[(i + 1) % ring.length]!, chain.x.length + 1);
  }
  chain.next[chain.next.length - 1] = -1;
  return head;
}

function addPoint(chain: Chain, x: number, y: number, next: number): number {
  chain.x.push(x);
  chain.y.push(y);
  chain.next.push(next);
  return chain.x.length - 1;
}

/** Bridges to all holes, grouped by the edge they leave from. */
function bridgesByNode(
  chain: Chain,
  rings: readonly (readonly number[])[],
  heads: readonly number[],
): Bridge[][] {
  const rows = crossingsByHeight(chain, rings, chain.x.length);
  const groups = new Map<number, Bridge[]>();
  for (let hole = 1; hole < rings.length; hole++) {
    const bridge = bridgeTo(chain, hole, heads, rows);
    const group = groups.get(bridge.node);
    if (group) group.push(bridge);
    else groups.set(bridge.node, [bridge]);
  }
  return [...groups.values()];
}

/** For each height at which a hole begins: where edges cross it, from left to right. */
function crossingsByHeight(
  chain: Chain,
  rings: readonly (readonly number[])[],
  nodes: number,
): Map<number, Crossing[]> {
  const rows = new Map<number, Crossing[]>(rings.slice(1).map((ring) => [ring[1]!, []]));
  const heights = Float64Array.from(rows.keys()).sort();
  for (let node = 0; node < nodes; node++) {
    const [a, b] = [chain.y[node]!, chain.y[node + 1]!];
    // The edges beside a level one meet the same heights.
    if (chain.next[node] === -1 || a === b) continue;
    for (
      let k = firstAtLeast(heights, Math.min(a, b));
      k < heights.length && heights[k]! <= Math.max(a, b);
      k++
    ) {
      rows.get(heights[k]!)!.push({ node, x: crossingAt(chain, node, heights[k]!) });
    }
  }
  for (const row of rows.values()) row.sort((a, b) => a.x - b.x || a.node - b.node);
  return rows;
}

/** Where a slanted or upright edge meets a height between its ends. */
function crossingAt({ x, y }: Chain, edge: number, height: number): number {
  const [ax, ay, bx, by] = [x[edge]!, y[edge]!, x[edge + 1]!, y[edge + 1]!];
  return ax + ((height - ay) / (by - ay)) * (bx - ax);
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  for (let high = sorted.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The nearest edge to the left of a hole's leftmost point, among the outline's and the holes' before it. */
function bridgeTo(
  chain: Chain,
  hole: number,
  heads: readonly number[],
  rows: Map<number, Crossing[]>,
): Bridge {
  const head = heads[hole]!;
  const [x, y] = [chain.x[head]!, chain.y[head]!];
  const node = edgeLeftOf(rows.get(y)!, x, head);
  // Only an outline that does not enclose its hole has nothing to the left.
  if (node === undefined) return { hole, node: 0, x: chain.x[0]!, y: chain.y[0]! };
  if (chain.x[node] === chain.x[node + 1]) return { hole, node, x: chain.x[node]!, y };
  // A new point on a slanted edge would bend it when pixels round it: one of its ends serves.
  const end = Math.abs(chain.y[node]! - y) <= Math.abs(chain.y[node + 1]! - y) ? node : node + 1;
  return { hole, node, x: chain.x[end]!, y: chain.y[end]! };
}

function edgeLeftOf(row: readonly Crossing[], x: number, head: number): number | undefined {
  let low = 0;
  for (let high = row.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (row[middle]!.x <= x) low = middle + 1;
    else high = middle;
  }
  while (low > 0 && row[low - 1]!.node >= head) low--;
  return row[low - 1]?.node;
}

/** Joins the holes of one edge into its ring, those farthest from the edge's start first. */
function hang(
  chain: Chain,
  heads: readonly number[],
  tails: readonly number[],
  bridges: readonly Bridge[],
): void {
  const distance = ({ node, x, y }: Bridge) => Math.hypot(x - chain.x[node]!, y - chain.y[node]!);
  for (const { hole, node, x, y } of [...bridges].sort((a, b) => distance(b) - distance(a))) {
    chain.next[tails[hole]!] = addPoint(chain, x, y, chain.next[node]!);
    chain.next[node] = addPoint(chain, x, y, heads[hole]!);
  }
}

/** The joined ring, without points that repeat the one before. */
function flatten({ x, y, next }: Chain, head: number): number[] {
  const ring: number[] = [];
  for (let node = head; node !== -1; node = next[node]!) {
    if (x[node] !== ring.at(-2) || y[node] !== ring.at(-1)) ring.push(x[node]!, y[node]!);
  }
  // The outline ends with its first point.
  return ring.slice(0, -2);
}

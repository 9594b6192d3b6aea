/**
 * Gaussian filtering in many dimensions on the permutohedral lattice (Adams, Baek and Davis 2010): values are spread over
 * the corners of the simplex around each point, blurred along the lattice's axes, and gathered again. Time grows with the
 * points and with the square of the dimensions, not with the width of the Gaussian.
 */

/** Points of one set; their Gaussian has a standard deviation of 1 along every feature. */
export class PermutohedralLattice {
  readonly #points: number;
  readonly #dimensions: number;
  /** `[points, dimensions + 1]` the lattice point of each corner. */
  readonly #corners: Int32Array;
  /** `[points, dimensions + 1]` barycentric weights. */
  readonly #weights: Float32Array;
  /** `[dimensions + 1, lattice points, 2]` neighbours along each axis; 0 where there is none. */
  readonly #neighbours: readonly Int32Array[];
  readonly #size: number;

  /** @param features `Float32Array [points, dimensions]` row-major, in standard deviations */
  constructor(features: Float32Array, dimensions: number) {
    const points = features.length / dimensions;
    const corners = new Int32Array(points * (dimensions + 1));
    const weights = new Float32Array(points * (dimensions + 1));
    const table = new KeyTable(dimensions, points);
    const simplex = new Simplex(dimensions);
    for (let p = 0; p < points; p++) {
      simplex.locate(features, p * dimensions);
      for (let r = 0, at = p * (dimensions + 1); r <= dimensions; r++, at++) {
        corners[at] = table.place(simplex.corner(r));
        weights[at] = simplex.weights[r]!;
      }
    }
    this.#points = points;
    this.#dimensions = dimensions;
    this.#corners = corners;
    this.#weights = weights;
    this.#size = table.size;
    this.#neighbours = neighboursOf(table, dimensions);
  }

  /**
   * Sums of the values of all points, weighted by the Gaussian of their distance, up to one factor that is the same for
   * all points.
   *
   * @param values `Float32Array [points]`
   * @returns `Float32Array [points]`
   */
  filter(values: Float32Array): Float32Array {
    return this.#slice(this.#blur(this.#splat(values)));
  }

  /** Place 0 holds nothing and stands for missing neighbours. */
  #splat(values: Float32Array): Float32Array {
    const lattice = new Float32Array(this.#size + 1);
    const corners = this.#dimensions + 1;
    for (let p = 0, at = 0; p < this.#points; p++) {
      const value = values[p]!;
      for (const end = at + corners; at < end; at++)
        lattice[this.#corners[at]!] = lattice[this.#corners[at]!]! + this.#weights[at]! * value;
    }
    return lattice;
  }

  #blur(lattice: Float32Array): Float32Array {
    let from = lattice;
    let to: Float32Array = new Float32Array(lattice.length);
    for (const neighbours of this.#neighbours) {
      for (let i = 1; i <= this.#size; i++)
        to[i] = from[i]! + 0.5 * (from[neighbours[2 * i]!]! + from[neighbours[2 * i + 1]!]!);
      [from, to] = [to, from];
    }
    return from;
  }

  #slice(lattice: Float32Array): Float32Array {
    const out = new Float32Array(this.#points);
    const corners = this.#dimensions + 1;
    for (let p = 0, at = 0; p < out.length; p++) {
      let sum = 0;
      for (const end = at + corners; at < end; at++) sum += this.#weights[at]! * lattice[this.#corners[at]!]!;
      out[p] = sum;
    }
    return out;
  }
}

/** The simplex around a point: its corners' keys and the point's barycentric weights. */
class Simplex {
  /** `[dimensions + 1]`, adding up to 1. */
  readonly weights: Float64Array;
  readonly #dimensions: number;
  readonly #scale: Float64Array;
  readonly #elevated: Float64Array;
  /** The lattice point of remainder 0 next to the point. */
  readonly #base: Int32Array;
  /** How many coordinates lie farther above the base than this one. */
  readonly #rank: Int32Array;
  readonly #key: Int32Array;

  constructor(dimensions: number) {
    const coordinates = dimensions + 1;
    // Blurring once along every axis with (½, 1, ½) and interpolating twice makes a variance of (2/3)(d + 1)².
    const unit = coordinates * Math.sqrt(2 / 3);
    this.#dimensions = dimensions;
    this.#scale = Float64Array.from({ length: dimensions }, (_, i) => unit / Math.sqrt((i + 1) * (i + 2)));
    this.#elevated = new Float64Array(coordinates);
    this.#base = new Int32Array(coordinates);
    this.#rank = new Int32Array(coordinates);
    this.#key = new Int32Array(dimensions);
    this.weights = new Float64Array(coordinates);
  }

  locate(features: Float32Array, offset: number): void {
    this.#elevate(features, offset);
    this.#roundToBase();
    this.#weigh();
  }

  /** Key of the corner of a remainder: all coordinates but the last, which follows from them. Good until the next call. */
  corner(remainder: number): Int32Array {
    const d = this.#dimensions;
    for (let i = 0; i < d; i++) {
      const above = this.#rank[i]! > d - remainder;
      this.#key[i] = this.#base[i]! + remainder - (above ? d + 1 : 0);
    }
    return this.#key;
  }

  /** Onto the plane of d + 1 coordinates that add up to 0. */
  #elevate(features: Float32Array, offset: number): void {
    let sum = 0;
    for (let i = this.#dimensions; i > 0; i--) {
      const scaled = features[offset + i - 1]! * this.#scale[i - 1]!;
      this.#elevated[i] = sum - i * scaled;
      sum += scaled;
    }
    this.#elevated[0] = sum;
  }

  /** The nearest point whose coordinates are multiples of d + 1 and add up to 0, and the order of the rests. */
  #roundToBase(): void {
    const coordinates = this.#dimensions + 1;
    let sum = 0;
    for (let i = 0; i < coordinates; i++) {
      const multiple = Math.round(this.#elevated[i]! / coordinates);
      this.#base[i] = multiple * coordinates;
      sum += multiple;
    }
    this.#rankRests();
    // The coordinates that are off the most go back.
    for (let i = 0; i < coordinates; i++) {
      let rank = this.#rank[i]! + sum;
      if (rank < 0) {
        rank += coordinates;
        this.#base[i] = this.#base[i]! + coordinates;
      } else if (rank >= coordinates) {
        rank -= coordinates;
        this.#base[i] = this.#base[i]! - coordinates;
      }
      this.#rank[i] = rank;
    }
  }

  #rankRests(): void {
    const coordinates = this.#dimensions + 1;
    this.#rank.fill(0);
    for (let i = 0; i < coordinates; i++) {
      const rest = this.#elevated[i]! - this.#base[i]!;
      for (let j = i + 1; j < coordinates; j++) {
        const smaller = rest < this.#elevated[j]! - this.#base[j]! ? i : j;
        this.#rank[smaller] = this.#rank[smaller]! + 1;
      }
    }
  }

  /** Differences of neighbouring rests, from the largest to the smallest. */
  #weigh(): void {
    const d = this.#dimensions;
    const { weights } = this;
    weights.fill(0);
    let wrapped = 1;
    for (let i = 0; i <= d; i++) {
      const rest = (this.#elevated[i]! - this.#base[i]!) / (d + 1);
      const place = d - this.#rank[i]!;
      weights[place] = weights[place]! + rest;
      if (place + 1 <= d) weights[place + 1] = weights[place + 1]! - rest;
      else wrapped -= rest;
    }
    weights[0] = weights[0]! + wrapped;
  }
}

/** Lattice points by their keys, numbered from 1 on: a hash table with open addresses. */
class KeyTable {
  size = 0;
  readonly #dimensions: number;
  /** `[capacity, dimensions]`, place by place. */
  #keys: Int32Array;
  /** Numbers of lattice points, 0 where free. */
  #slots: Int32Array;

  constructor(dimensions: number, expected: number) {
    this.#dimensions = dimensions;
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * expected + 16)));
    this.#keys = new Int32Array((this.#slots.length / 2 + 1) * dimensions);
  }

  /** The number of a key, new where it has none. */
  place(key: Int32Array): number {
    const slot = this.#slotOf(key);
    const known = this.#slots[slot]!;
    if (known !== 0) return known;
    const number = ++this.size;
    this.#slots[slot] = number;
    this.#keys.set(key, number * this.#dimensions);
    if (2 * number >= this.#slots.length - 2) this.#grow();
    return number;
  }

  /** The number of a key, 0 where it has none. */
  find(key: Int32Array): number {
    return this.#slots[this.#slotOf(key)]!;
  }

  /** Copies the key of a number. */
  read(number: number, key: Int32Array): void {
    for (let i = 0; i < key.length; i++) key[i] = this.#keys[number * key.length + i]!;
  }

  /** Where a key is, or would be put. */
  #slotOf(key: Int32Array): number {
    const last = this.#slots.length - 1;
    for (let slot = hash(key) & last; ; slot = (slot + 1) & last) {
      const number = this.#slots[slot]!;
      if (number === 0 || this.#holds(number, key)) return slot;
    }
  }

  #holds(number: number, key: Int32Array): boolean {
    const from = number * this.#dimensions;
    for (let i = 0; i < key.length; i++) if (this.#keys[from + i] !== key[i]) return false;
    return true;
  }

  #grow(): void {
    const key = new Int32Array(this.#dimensions);
    const keys = new Int32Array(2 * this.#keys.length);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let number = 1; number <= this.size; number++) {
      this.read(number, key);
      this.#slots[this.#slotOf(key)] = number;
    }
  }
}

function hash(key: Int32Array): number {
  let mixed = 0;
  for (let i = 0; i < key.length; i++) {
    mixed = Math.imul(mixed ^ key[i]!, 0x9e3779b1);
    mixed ^= mixed >>> 15;
  }
  return mixed;
}

/** Both neighbours of every lattice point along each of the d + 1 axes. */
function neighboursOf(table: KeyTable, dimensions: number): Int32Array[] {
  return Array.from({ length: dimensions + 1 }, (_, axis) => neighboursAlong(table, dimensions, axis));
}

function neighboursAlong(table: KeyTable, dimensions: number, axis: number): Int32Array {
  const key = new Int32Array(dimensions);
  const neighbours = new Int32Array(2 * (table.size + 1));
  for (let number = 1; number <= table.size; number++) {
    table.read(number, key);
    for (let i = 0; i < dimensions; i++) key[i]! += i === axis ? -dimensions : 1;
    const next = table.find(key);
    if (next === 0) continue;
    // Who is next to a point has that point before it.
    neighbours[2 * number] = next;
    neighbours[2 * next + 1] = number;
  }
  return neighbours;
}

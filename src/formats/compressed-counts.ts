/** COCO's compressed run lengths: numbers of six-bit characters, from `0` (48) on, five bits of value each. */

const FIRST = 48;
const MORE = 0x20;
const SIGN = 0x10;
const VALUE = 0x1f;

/** Five bits a character: seven hold every 32-bit count with its sign. */
const MOST_CHARACTERS = 7;

/**
 * Run lengths as COCO's compressed string, the very one that pycocotools writes.
 *
 * @param counts whole numbers below 2^31
 */
export function compressCounts(counts: ArrayLike<number>): string {
  const codes = new Uint8Array(counts.length * MOST_CHARACTERS);
  let length = 0;
  for (let i = 0; i < counts.length; i++) {
    let rest = i > 2 ? counts[i]! - counts[i - 2]! : counts[i]!;
    for (let more = true; more; length++) {
      const bits = rest & VALUE;
      rest >>= 5;
      more = rest !== ((bits & SIGN) === 0 ? 0 : -1);
      codes[length] = FIRST + (bits | (more ? MORE : 0));
    }
  }
  return new TextDecoder().decode(codes.subarray(0, length));
}

/**
 * The run lengths in a compressed string.
 *
 * @throws {RangeError} for characters outside `0` to `o`, a last number that is cut off, or one below 0 or of 2^31 and
 *   more
 */
export function expandCounts(text: string): Uint32Array {
  const counts: number[] = [];
  for (let position = 0; position < text.length; ) {
    const { value, end } = readNumber(text, position);
    const count = counts.length > 2 ? value + counts[counts.length - 2]! : value;
    if (count < 0 || count >= 2 ** 31) {
      throw new RangeError(`a compressed run of ${count} pixels at character ${position}`);
    }
    counts.push(count);
    position = end;
  }
  return Uint32Array.from(counts);
}

function readNumber(text: string, start: number): { value: number; end: number } {
  let value = 0;
  for (let k = 0; k < MOST_CHARACTERS; k++) {
    const bits = text.charCodeAt(start + k) - FIRST;
    // Beyond the end the code is NaN, which no comparison lets through.
    if (!(bits >= 0 && bits < 64)) throw new RangeError(`no compressed run at character ${start + k}`);
    value += (bits & VALUE) * 32 ** k;
    if ((bits & MORE) === 0)
      return { value: bits & SIGN ? value - 32 ** (k + 1) : value, end: start + k + 1 };
  }
  throw new RangeError(`a compressed run of more than 32 bits at character ${start}`);
}

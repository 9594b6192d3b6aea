/** Builds NumPy array files as NumPy's own `save` does, independently of the code under test. */
export interface NpySpec {
  /** For example `<u2`. */
  readonly descr: string;
  readonly shape: readonly number[];
  /** In the order of the shape, last side fastest, whatever the file's order. */
  readonly numbers: readonly (number | bigint)[];
  readonly fortran?: boolean;
  readonly version?: 1 | 2 | 3;
}

export function buildNpy({ descr, shape, numbers, fortran = false, version = 1 }: NpySpec): Uint8Array {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const order = fortran ? "True" : "False";
  return npyOfHeader(
    `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${sides}), }`,
    packNumbers(descr, fortran ? toColumns(shape, numbers) : numbers),
    version,
  );
}

export function npyOfHeader(header: string, data: Uint8Array = new Uint8Array(0), version = 1): Uint8Array {
  const start = version === 1 ? 10 : 12;
  const text = `${header.padEnd(Math.ceil((start + header.length + 1) / 64) * 64 - start - 1)}\n`;
  const length = Buffer.alloc(start - 8);
  if (version === 1) length.writeUInt16LE(text.length);
  else length.writeUInt32LE(text.length);
  const magic = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  return new Uint8Array(Buffer.concat([magic, length, Buffer.from(text, "latin1"), data]));
}

/** Reorders a two-sided array so that the first side runs fastest. */
function toColumns(shape: readonly number[], numbers: readonly (number | bigint)[]): (number | bigint)[] {
  const [rows = 0, columns = 0] =
    shape.filter((side) => side !== 1).length < 2 ? shape.slice(-2) : shape.filter((side) => side !== 1);
  return Array.from(
    { length: numbers.length },
    (_, i) => numbers[(i % rows) * columns + Math.floor(i / rows)]!,
  );
}

function packNumbers(descr: string, numbers: readonly (number | bigint)[]): Uint8Array {
  const size = Number(descr.slice(2));
  const little = !descr.startsWith(">");
  const packed = Buffer.alloc(numbers.length * size);
  numbers.forEach((number, i) => {
    const bits = BigInt.asUintN(8 * size, BigInt(number));
    for (let byte = 0; byte < size; byte++) {
      packed[i * size + (little ? byte : size - 1 - byte)] = Number((bits >> BigInt(8 * byte)) & 255n);
    }
  });
  return packed;
}

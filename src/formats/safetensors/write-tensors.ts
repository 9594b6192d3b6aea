import { LENGTH_BYTES, METADATA, type TensorFile, VALUE_BYTES } from "./tensor-file.ts";

/** The bytes of a file: tensors one after the other in the order given, the header padded to eight bytes. */
export function writeTensors({ tensors, metadata }: TensorFile): Uint8Array {
  let end = 0;
  const entries = [...tensors].map(([name, { shape, data }]) => {
    const begin = end;
    end += data.length * VALUE_BYTES;
    return [name, { dtype: "F32", shape, data_offsets: [begin, end] }];
  });
  const about = metadata.size === 0 ? [] : [[METADATA, Object.fromEntries(metadata)]];
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries([...about, ...entries])));
  const header = Math.ceil(text.length / LENGTH_BYTES) * LENGTH_BYTES;
  const bytes = new Uint8Array(LENGTH_BYTES + header + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header), true);
  bytes.fill(" ".charCodeAt(0), LENGTH_BYTES, LENGTH_BYTES + header);
  bytes.set(text, LENGTH_BYTES);
  let at = LENGTH_BYTES + header;
  for (const { data } of tensors.values()) {
    for (const value of data) {
      view.setFloat32(at, value, true);
      at += VALUE_BYTES;
    }
  }
  return bytes;
}

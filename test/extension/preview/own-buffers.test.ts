import fc from "fast-check";
import { expect, test } from "vitest";
import { withOwnBuffers } from "../../../src/extension/preview/own-buffers.ts";

test("views on a pooled buffer get a buffer of their own", () => {
  const pool = new ArrayBuffer(1024);
  const runs = new Uint32Array(pool, 16, 3);
  runs.set([1, 2, 4_000_000_000]);
  const values = new Float32Array(pool, 64, 2);
  values.set([0.5, -1.5]);
  const bytes = Buffer.from(pool, 200, 4);
  bytes.set([9, 8, 7, 6]);
  const sent = withOwnBuffers({ regions: [{ coarse: { runs } }], values, bytes });
  expect(sent.regions[0]?.coarse.runs).toEqual(Uint32Array.of(1, 2, 4_000_000_000));
  expect(sent.values).toEqual(Float32Array.of(0.5, -1.5));
  expect(sent.bytes).toEqual(Uint8Array.of(9, 8, 7, 6));
  for (const view of [sent.regions[0]?.coarse.runs, sent.values, sent.bytes])
    expect(view?.buffer.byteLength).toBe(view?.byteLength);
});

test("shared memory is copied: no message can carry it", () => {
  const shared = new Uint8Array(new SharedArrayBuffer(3)).fill(7);
  expect(withOwnBuffers(shared).buffer).toBeInstanceOf(ArrayBuffer);
  expect(withOwnBuffers(shared)).toEqual(Uint8Array.of(7, 7, 7));
});

test("a whole buffer is not copied", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  expect(withOwnBuffers({ bytes }).bytes).toBe(bytes);
});

test("plain data is as it was", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(withOwnBuffers(value)).toEqual(value);
    }),
  );
});

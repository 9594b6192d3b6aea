import { expect, it } from "vitest";
import { adaptedIoU, type IoUAdaptor } from "../../../src/core/adaption/iou-adaptor.ts";

const adaptor: IoUAdaptor = {
  rank: 2,
  width: 3,
  tokens: 4,
  a: Float32Array.of(1, 0, 2, 0, 1, 0),
  b: Float32Array.of(0, 0, 1, 0, 0, 1, 1, -1),
};

it("adds B·A·x to what the layer gives", () => {
  const scores = adaptedIoU(adaptor, Float32Array.of(0.5, 4, 0.25), Float32Array.of(0.5, 0.5, 0.5, 0.5));
  // A·x = [1, 4]
  expect([...scores]).toEqual([0.5, 1.5, 4.5, -2.5]);
});

it("refuses a layer of another size", () => {
  expect(() => adaptedIoU(adaptor, new Float32Array(2), new Float32Array(4))).toThrow(
    "The IoU head takes 2 values and gives 4, but the adaptor is for 3 and 4: expected the same",
  );
  expect(() => adaptedIoU(adaptor, new Float32Array(3), new Float32Array(5))).toThrow(RangeError);
});

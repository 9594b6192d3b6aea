import { describe, expect, it } from "vitest";
import { type Frame, frameOf } from "../../../src/core/frame.ts";
import type { Mask } from "../../../src/core/mask.ts";
import { logitShape, maskShape, type Shape, shapeMask, unionShape } from "../../../src/core/prompts/shape.ts";
import { upscaleMask } from "../../../src/core/upscale.ts";
import { ascii, draw, rectangle } from "../../helpers/ascii-mask.ts";

const PHOTO = frameOf(80, 60);

function painted(shape: Shape, frame: Frame): Mask {
  const data = new Uint8Array(frame.width * frame.height);
  shape.paint(data, frame);
  return { width: frame.width, height: frame.height, data };
}

/** Logits that are positive in a disc of low-res cells. */
function disc(x: number, y: number, radius: number): Float32Array {
  return Float32Array.from(
    { length: 256 * 256 },
    (_, i) => radius - Math.hypot((i % 256) - x, Math.floor(i / 256) - y),
  );
}

describe("maskShape", () => {
  const mask = rectangle(80, 60, [10, 20, 29, 39]);

  it("is the mask in its own frame", () => {
    expect(painted(maskShape(mask), PHOTO)).toEqual(mask);
    expect(shapeMask(maskShape(mask), PHOTO)).toBe(mask);
  });

  it("has in a smaller frame what lies in the middle of each pixel", () => {
    const drawing = ascii`
      ####....
      ####...#
      .###....
      .###....
    `;
    const small = { ...frameOf(8, 4), width: 4, height: 2 };
    expect(draw(painted(maskShape(drawing), small))).toBe(
      draw(ascii`
        ##.#
        ##..
      `),
    );
  });

  it("adds to what is there", () => {
    const data = rectangle(80, 60, [0, 0, 5, 5]).data;
    maskShape(mask).paint(data, PHOTO);
    expect(data.reduce((a, b) => a + b)).toBe(36 + 400);
  });
});

describe("logitShape", () => {
  it("is the mask of positive upscaled logits, in any frame of the photo", () => {
    const logits = disc(100, 80, 30);
    const small = { ...PHOTO, width: 40, height: 30 };
    for (const frame of [PHOTO, small])
      expect(painted(logitShape(logits, "bicubic"), frame)).toEqual(upscaleMask(logits, frame, "bicubic"));
    expect(shapeMask(logitShape(logits, "bicubic"), PHOTO)).toEqual(upscaleMask(logits, PHOTO, "bicubic"));
  });
});

describe("unionShape", () => {
  it("holds what either holds", () => {
    const mask = rectangle(80, 60, [40, 20, 70, 39]);
    const logits = disc(100, 80, 30);
    const { data } = shapeMask(unionShape(logitShape(logits, "bilinear"), maskShape(mask)), PHOTO);
    const found = upscaleMask(logits, PHOTO, "bilinear").data;
    expect(data).toEqual(found.map((value, i) => value | mask.data[i]!));
    expect(data).not.toEqual(found);
    expect(data).not.toEqual(mask.data);
  });
});

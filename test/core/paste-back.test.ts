import { describe, expect, it } from "vitest";
import { type Mask, maskBox } from "../../src/core/mask.ts";
import { type Claim, keptClaim, pasteBack } from "../../src/core/paste-back.ts";
import { ascii, drawLabels, labels } from "../helpers/ascii-mask.ts";

/** A claim drawn as a mask: `logit` inside, −logit outside, in a window that starts at (x0, y0). */
function claim(label: number, { width, height, data }: Mask, logit = 1, x0 = 0, y0 = 0): Claim {
  const logits = Float32Array.from(data, (v) => (v === 1 ? logit : -logit));
  return { label, logits: { x0, y0, x1: x0 + width, y1: y0 + height, data: logits } };
}

const WIDTH = 6;
const source = labels`
  11..22
  11.322
  X1.3X2
`;

function paste(claims: readonly Claim[], targets: readonly number[], ignore: number | "none" = 255): string {
  const ignoreLabel = ignore === "none" ? undefined : ignore;
  const data = pasteBack(source.data, WIDTH, claims, new Set(targets), ignoreLabel);
  return drawLabels({ width: WIDTH, height: 3, data });
}

describe("pasteBack", () => {
  it("gives a target's pixels to the background where nothing is claimed", () => {
    expect(paste([], [1])).toBe("....22\n...322\nX..3X2");
  });

  it("gives each pixel to the highest positive logit, whatever the order", () => {
    const one = claim(1, ascii`####..`, 2);
    const two = claim(2, ascii`..####`, 3);
    for (const claims of [
      [one, two],
      [two, one],
    ]) {
      expect(paste(claims, [1, 2])).toBe("112222\n...3..\nX..3X.");
    }
  });

  it("gives nothing for logits of 0 or less", () => {
    expect(paste([claim(1, ascii`######`, 0)], [1])).toBe("....22\n...322\nX..3X2");
    expect(paste([claim(1, ascii`######`, -4)], [1])).toBe("....22\n...322\nX..3X2");
  });

  it("never writes to or clears a pixel of the ignore label", () => {
    const all = ascii`
      ######
      ######
      ######
    `;
    expect(paste([claim(2, all, 9)], [1, 2, 3])).toBe("222222\n222222\nX222X2");
    expect(paste([claim(2, all, 9)], [1, 2, 3], "none")).toBe("222222\n222222\n222222");
  });

  it("leaves labels alone that are no targets and that nobody claims", () => {
    expect(paste([claim(1, ascii`###...`)], [1])).toBe("111.22\n...322\nX..3X2");
  });

  it("places a window where it lies in the photo", () => {
    const square = ascii`
      ##
      ##
    `;
    expect(paste([claim(1, square, 1, 2, 1)], [1])).toBe("....22\n..1122\nX.11X2");
  });

  it("lets several regions carry one label", () => {
    expect(paste([claim(1, ascii`#.....`), claim(1, ascii`..#...`)], [1])).toBe("1.1.22\n...322\nX..3X2");
  });

  it("does not change its source and keeps its type", () => {
    const wide = Uint16Array.of(300, 0, 300);
    const one = { label: 300, logits: { x0: 0, y0: 0, x1: 3, y1: 1, data: Float32Array.of(-1, 1, 1) } };
    expect(pasteBack(wide, 3, [one], new Set([300]), undefined)).toEqual(Uint16Array.of(0, 300, 300));
    expect(wide).toEqual(Uint16Array.of(300, 0, 300));
  });
});

describe("keptClaim", () => {
  const part = ascii`
    ......
    .#.##.
    .##...
  `;

  it("claims exactly its own pixels", () => {
    expect(paste([keptClaim(1, part, maskBox(part)!)], [1, 2, 3])).toBe("......\n.1.11.\nX11.X.");
  });

  it("yields to a refined region only where that is surer", () => {
    const kept = keptClaim(1, part, maskBox(part)!);
    expect(paste([kept, claim(2, ascii`######`, 4, 0, 1)], [1, 2, 3])).toBe("......\n212112\nX11.X.");
    expect(paste([kept, claim(2, ascii`######`, 6, 0, 1)], [1, 2, 3])).toBe("......\n222222\nX11.X.");
  });
});

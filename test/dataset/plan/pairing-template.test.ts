import { resolve, sep } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OptionError } from "../../../src/core/errors.ts";
import { parsePairingTemplate } from "../../../src/dataset/plan/pairing-template.ts";
import { placePhoto } from "../../../src/dataset/plan/place-photo.ts";

/** Where a template puts the photo of `/data/set/…`, `*` for any ending. */
function place(template: string, mask: string): string | undefined {
  const at = placePhoto(parsePairingTemplate(template), resolve("/data/set", mask), resolve("/data/set"));
  return (
    at &&
    `${at.folder}${sep}${at.name}${at.anyExtension ? ".*" : ""}`.replaceAll("\\", "/").replace(/^[A-Z]:/, "")
  );
}

describe("pairing templates", () => {
  it.each<[string, string, string | undefined]>([
    ["masks/{name}.png -> images/{name}.jpg", "masks/a.png", "/data/set/images/a.jpg"],
    ["masks/{name}.png -> images/{name}.jpg", "x/masks/a.png", "/data/set/x/images/a.jpg"],
    ["masks/{name}.png -> images/{name}.jpg", "other/a.png", undefined],
    ["masks/{name}.{ext} -> images/{name}.{ext}", "masks/a.b.npy", "/data/set/images/a.b.*"],
    ["{name}_{n}.png -> ../{name}.{ext}", "m/a_b_3.png", "/data/set/a.*"],
    ["{name}_mask.png -> {name}.{ext}", "m/_mask.png", undefined],
    [
      "gt/{split}/{city}/{name}_gt.png -> rgb/{split}/{city}/{name}.png",
      "gt/val/ulm/7_gt.png",
      "/data/set/rgb/val/ulm/7.png",
    ],
    ["masks/{**}/{name}.png -> images/{**}/{name}.{ext}", "masks/a/b/c.png", "/data/set/images/a/b/c.*"],
    ["masks/{**}/{name}.png -> images/{**}/{name}.{ext}", "masks/c.png", "/data/set/images/c.*"],
    ["masks/{**}/{name}.png -> flat/{name}.{ext}", "masks/masks/a/c.png", "/data/set/masks/flat/c.*"],
    ["{dir}/../images/{stem}.{ext}", "masks/a.png", "/data/set/images/a.*"],
    ["../images/{stem}.{ext}", "masks/a.png", "/data/set/images/a.*"],
    ["{root}/rgb/{stem:-_gt}_rgb.png", "x/y/a_gt.png", "/data/set/rgb/a_rgb.png"],
    ["{root}/rgb/{stem:-_gt}_rgb.png", "x/y/a.png", undefined],
    ["{root}/rgb/{stem:->}.png", "x/a>.png", "/data/set/rgb/a.png"],
    ["{photo}/{object}.png -> {photo}.{ext}", "m/a/1.png", "/data/set/m/a.*"],
    ["{id}-{class}-{n}.png -> ../{id}.{ext}", "m/a-cat-1.png", "/data/set/a.*"],
    ["masks\\{name}.png -> images\\{name}.jpg", "masks/a.png", "/data/set/images/a.jpg"],
    ["{stem}.png -> /photos/{stem}.{ext}", "masks/a.png", "/photos/a.*"],
    ["cafe\u0301/{stem}.png -> {stem}.jpg", "caf\u00e9/a.png", "/data/set/a.jpg"],
  ])("%s of %s", (template, mask, expected) => {
    expect(place(template, mask)).toBe(expected);
  });

  it.each([
    ["", "no file name on a side"],
    ["a -> ", "no file name on a side"],
    ["masks/ -> a.png", "an empty folder name"],
    ["a -> b -> c", "more than one arrow"],
    ["{a}.png -> {b}.jpg", "{b}, which the mask pattern does not name"],
    ["{a}{b}.png -> {a}.jpg", "two placeholders with nothing between them before its arrow"],
    ["{a}/{a}.png -> {a}.jpg", "{a} twice before its arrow"],
    ["{a:-x}.png -> {a}.jpg", "an ending taken off before its arrow"],
    ["{root}/{a}.png -> {a}.jpg", "{root} or {dir} before its arrow"],
    ["{**}/{**}/{a}.png -> {a}.jpg", "{**} twice before its arrow"],
    ["{a}/{**} -> {a}.jpg", "no file name on a side"],
    ["../{a}.png -> {a}.jpg", "a folder before its arrow that no mask lies in"],
    ["{a}.png -> {**}/{a}.jpg", "a {**} that stands for no folders of the mask"],
    ["{a}.png -> x/{root}/{a}.jpg", "{root} elsewhere than as the first folder"],
    ["{a}.png -> {a}_{ext}", "{ext} elsewhere than after the last dot"],
    ["{a}.png -> {a", 'the placeholder "{"'],
    ["{a b}.png -> x.jpg", 'the placeholder "{a b}"'],
    ["{}.png -> x.jpg", 'the placeholder "{}"'],
  ])("%j is refused: %s", (template, what) => {
    expect(() => parsePairingTemplate(template)).toThrow(OptionError);
    expect(() => parsePairingTemplate(template)).toThrow(
      `The pairing template "${template}" has ${what}: expected for example`,
    );
  });

  it("any text is a template or an error, and any template has at most one place", () => {
    const piece = fc.constantFrom(
      "{a}",
      "{b}",
      "{**}",
      "{ext}",
      "{root}",
      "{dir}",
      "{stem}",
      "{a:-x}",
      "/",
      ".",
      "..",
      "->",
      "x",
      "_",
      "{",
      "}",
      "\\",
      " ",
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 14 }).map((parts) => parts.join("")),
    );
    const masks = fc.array(fc.constantFrom("x", "y", "x_y", ".", "x.png", "_"), {
      minLength: 1,
      maxLength: 8,
    });
    let understood = 0;
    fc.assert(
      fc.property(texts, masks, (text, mask) => {
        try {
          const template = parsePairingTemplate(text);
          understood++;
          const at = placePhoto(template, resolve("/", ...mask, "m.png"), resolve("/"));
          expect(at === undefined || resolve(at.folder) === at.folder).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(OptionError);
        }
      }),
      { numRuns: 3000 },
    );
    expect(understood).toBeGreaterThan(100);
  });

  it("takes long names in little time", () => {
    const template = parsePairingTemplate(
      `${"{**}/"}${Array.from({ length: 20 }, (_, i) => `{a${i}}_`).join("")}.png -> {a0}.jpg`,
    );
    const mask = resolve("/", ...Array.from({ length: 60 }, () => "_".repeat(200)), `${"_".repeat(250)}.npg`);
    const started = performance.now();
    expect(placePhoto(template, mask, resolve("/"))).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(200);
  });
});

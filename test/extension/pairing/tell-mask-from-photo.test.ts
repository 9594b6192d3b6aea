import { expect, test } from "vitest";
import { tellMaskFromPhoto } from "../../../src/extension/pairing/tell-mask-from-photo.ts";

test.each([
  ["/d/a.png", "/d/a.jpg"],
  ["/d/a_mask.png", "/d/a.png"],
  ["/d/masks/a.png", "/d/images/a.png"],
  ["/d/a_coarse.jpg", "/d/a.png"],
  ["/d/a.npy", "/d/a_mask.png"],
  ["/d/a.json", "/d/a.png"],
  ["/d/a.PNG", "/d/a.JPG"],
])("%s is the mask of %s", (mask, photo) => {
  expect(tellMaskFromPhoto(mask, photo)).toEqual({ mask, photo });
  expect(tellMaskFromPhoto(photo, mask)).toEqual({ mask, photo });
});

test.each([
  ["/d/a.png", "/d/b.png"],
  ["/d/a_mask.png", "/d/b_mask.png"],
  ["/d/a.jpg", "/d/b.jpg"],
])("%s and %s: the names do not say", (a, b) => {
  expect(tellMaskFromPhoto(a, b)).toBeUndefined();
});

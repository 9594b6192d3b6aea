import { expect, test } from "vitest";
import { folderAround, masksOfPhoto } from "../../../src/extension/pairing/masks-of-photo.ts";

test("masks are looked for beside the photo's folder, and never outside of the workspace", () => {
  expect(folderAround("/data/set/images/a.jpg", "/data")).toBe("/data/set");
  expect(folderAround("/data/images/a.jpg", "/data")).toBe("/data");
  expect(folderAround("/data/a.jpg", "/data")).toBe("/data");
  expect(folderAround("/data-2/images/a.jpg", "/data")).toBe("/data-2/images");
  expect(folderAround("/home/me/pictures/a.jpg", undefined)).toBe("/home/me/pictures");
});

test("the masks of a photo are the files that a plan lays on it", () => {
  const photos = [
    { key: "images/a.jpg", photo: "/data/images/a.jpg", files: ["/data/masks/a.png", "/data/all.json"] },
    { key: "images/b.jpg", photo: "/data/images/b.jpg", files: ["/data/all.json"] },
  ];
  expect(masksOfPhoto({ photos }, "/data/images/a.jpg")).toEqual(["/data/masks/a.png", "/data/all.json"]);
  expect(masksOfPhoto({ photos }, "/data/masks/a.png")).toEqual([]);
});

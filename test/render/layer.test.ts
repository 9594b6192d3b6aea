import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const room = new URL("../../src/render/", import.meta.url);

it.each(readdirSync(room))("%s imports only the render room and core: the webview loads it too", (file) => {
  const source = readFileSync(new URL(file, room), "utf8");
  const imports = [...source.matchAll(/from "([^"]+)"/g)].map((match) => match[1]!);
  expect(imports.filter((path) => !/^\.\/[\w-]+\.ts$|^\.\.\/core\/[\w/-]+\.ts$/.test(path))).toEqual([]);
});

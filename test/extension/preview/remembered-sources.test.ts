import { expect, test } from "vitest";
import { RememberedSources } from "../../../src/extension/preview/remembered-sources.ts";

function remembered(): RememberedSources {
  const values = new Map<string, unknown>();
  return new RememberedSources({
    keys: () => [...values.keys()],
    get: <T>(key: string, fallback?: T) => (values.get(key) ?? fallback) as T,
    update: async (key, value) => void values.set(key, JSON.parse(JSON.stringify(value))),
  });
}
const one = { sources: ["/a/mug.png"] };
const other = { sources: ["/b/mug.png"], image: "/b/photo.jpg" };
const none = (): boolean => false;

test("a source is found by its panel's title, unless it is open already", () => {
  const sources = remembered();
  sources.add("mug.png ↔ refined", one);
  sources.add("mug.png ↔ refined", other);
  expect(sources.find("mug.png ↔ refined", none)).toEqual(other);
  expect(sources.find("mug.png ↔ refined", (source) => source.sources[0] === "/b/mug.png")).toEqual(one);
  expect(sources.find("cup.png ↔ refined", none)).toBeUndefined();
});

test("a closed panel is forgotten", () => {
  const sources = remembered();
  sources.add("mug", one);
  sources.add("mug", one);
  sources.remove("mug", one);
  expect(sources.find("mug", none)).toBeUndefined();
});

test("no more are kept than anyone has open", () => {
  const sources = remembered();
  for (let i = 0; i < 60; i++) sources.add(`${i}`, one);
  expect(sources.find("9", none)).toBeUndefined();
  expect(sources.find("10", none)).toEqual(one);
});

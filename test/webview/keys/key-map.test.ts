import { describe, expect, it } from "vitest";
import { bindingOf, KEYS, keyName, MODES } from "../../../src/webview/keys/key-map.ts";
import { movedCorner } from "../../../src/webview/keys/prompt-keys.ts";

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe("keys", () => {
  it("are named with their modifiers", () => {
    expect(keyName({ ...none, key: "j" })).toBe("j");
    expect(keyName({ ...none, key: "J", shiftKey: true })).toBe("Shift+J");
    expect(keyName({ ...none, key: "J" })).toBe("j");
    expect(keyName({ ...none, key: "ArrowUp", shiftKey: true })).toBe("Shift+ArrowUp");
    expect(keyName({ ...none, key: "Enter", metaKey: true })).toBe("Ctrl+Enter");
    expect(keyName({ ...none, key: "Enter", altKey: true })).toBe("Alt+Enter");
  });

  it("are signs wherever these lie on the keyboard", () => {
    expect(keyName({ ...none, key: "?", shiftKey: true })).toBe("?");
    expect(keyName({ ...none, key: "+", shiftKey: true })).toBe("+");
    expect(bindingOf("?")?.group).toBe("file");
  });

  it("do one thing each", () => {
    const all = KEYS.flatMap(({ keys }) => keys);
    expect(new Set(all).size).toBe(all.length);
    expect(all).not.toContain("c");
    expect(all).not.toContain(" ");
  });

  it("reach every mode", () => {
    expect(MODES.map((_, i) => bindingOf(String(i + 1))?.text)).toEqual(MODES.map(([, text]) => text));
  });
});

describe("a box moved by keys", () => {
  const photo = { width: 100, height: 80 };

  it("moves its last corner, or its first", () => {
    expect(movedCorner([10, 10, 20, 20], false, [1, 0], photo)).toEqual([10, 10, 21, 20]);
    expect(movedCorner([10, 10, 20, 20], true, [0, -1], photo)).toEqual([10, 9, 20, 20]);
  });

  it("stays in the photo and keeps a pixel", () => {
    expect(movedCorner([0, 0, 99, 79], false, [1, 1], photo)).toEqual([0, 0, 99, 79]);
    expect(movedCorner([5, 5, 5, 5], true, [1, 1], photo)).toEqual([5, 5, 5, 5]);
    expect(movedCorner([5, 5, 5, 5], false, [-1, -1], photo)).toEqual([5, 5, 5, 5]);
  });
});

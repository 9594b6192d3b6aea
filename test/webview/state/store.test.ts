import { describe, expect, it, vi } from "vitest";
import { createStore } from "../../../src/webview/state/store.ts";

describe("a store", () => {
  it("tells what it is and was", () => {
    const store = createStore({ a: 1, b: 2 });
    const listener = vi.fn();
    store.subscribe(listener);
    store.update({ a: 5 });
    expect(listener).toHaveBeenCalledExactlyOnceWith({ a: 5, b: 2 }, { a: 1, b: 2 });
  });

  it("is silent when nothing differs, and to those who left", () => {
    const store = createStore({ a: 1 });
    const listener = vi.fn();
    const leave = store.subscribe(listener);
    store.update({ a: 1 });
    leave();
    store.update({ a: 2 });
    expect(listener).not.toHaveBeenCalled();
    expect(store.state.a).toBe(2);
  });
});

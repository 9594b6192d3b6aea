import { describe, expect, it, vi } from "vitest";
import { atOnceAndAtRest, createLatest, debounce } from "../../../src/webview/host/latest.ts";

describe("the latest of some requests", () => {
  it("aborts the one before, whose answer does not count", async () => {
    const latest = createLatest();
    const signals: AbortSignal[] = [];
    const answers: ((value: string) => void)[] = [];
    const ask = (): Promise<string | undefined> =>
      latest((signal) => {
        signals.push(signal);
        return new Promise<string>((resolve) => answers.push(resolve));
      });
    const first = ask();
    const second = ask();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    answers[1]?.("new");
    answers[0]?.("old");
    expect(await Promise.all([first, second])).toEqual([undefined, "new"]);
  });

  it("is silent about the failure of one that was aborted, and tells its own", async () => {
    const latest = createLatest();
    const fail = (signal: AbortSignal): Promise<never> =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("cancelled")));
      });
    const first = latest(fail);
    const second = latest(() => Promise.reject(new Error("broken")));
    expect(await first).toBeUndefined();
    await expect(second).rejects.toThrow("broken");
  });
});

describe("a debounced action", () => {
  it("runs once, after the last call", () => {
    vi.useFakeTimers();
    const action = vi.fn();
    const soon = debounce(action, 100);
    soon();
    vi.advanceTimersByTime(80);
    soon();
    vi.advanceTimersByTime(80);
    expect(action).not.toHaveBeenCalled();
    vi.advanceTimersByTime(20);
    expect(action).toHaveBeenCalledOnce();
    vi.useRealTimers();
  });
});

describe("an action at once and at rest", () => {
  it("runs for the first of a burst, and after the last", () => {
    vi.useFakeTimers();
    const action = vi.fn();
    const soon = atOnceAndAtRest(action, 100);
    soon();
    expect(action).toHaveBeenCalledOnce();
    for (let i = 0; i < 5; i++) {
      vi.advanceTimersByTime(80);
      soon();
    }
    expect(action).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(100);
    expect(action).toHaveBeenCalledTimes(2);
    soon();
    expect(action).toHaveBeenCalledTimes(3);
    vi.advanceTimersByTime(1000);
    expect(action).toHaveBeenCalledTimes(3);
    soon();
    expect(action).toHaveBeenCalledTimes(4);
    vi.useRealTimers();
  });
});

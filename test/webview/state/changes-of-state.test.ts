import { describe, expect, it } from "vitest";
import type { SessionView } from "../../../src/protocol/views.ts";
import {
  allToggled,
  dismissed,
  idsInOrder,
  keptState,
  nameOf,
  neighbour,
  noticed,
  shown,
  sorted,
  toggled,
  updated,
  withPreset,
  withSetting,
} from "../../../src/webview/state/changes-of-state.ts";
import { initialState, type PageState } from "../../../src/webview/state/page-state.ts";
import { region } from "../samples.ts";

const regions = [
  region({ id: 0, doubt: 0.2, name: "cup 10" }),
  region({ id: 1, doubt: 0.9, name: "cup 9" }),
  region({ id: 2, doubt: 0.5, predictedIoU: 0.8 }),
];
const photo = { path: "/a.jpg", width: 10, height: 10, bytes: new Uint8Array(0), mime: "image/jpeg" };
const resolved = { lambda: 0.1, elasticBox: false } as SessionView["resolved"];
const view: SessionView = {
  photo,
  masks: [{ path: "/a.png", format: "PNG", mode: "instance", notes: [] }],
  regions,
  method: { preset: "default", settings: {}, mode: "auto" },
  resolved,
  timings: { encode: 1, decode: 1, method: 1, total: 3, encoderRuns: 1, decoderRuns: 1 },
  device: "cpu",
};

function stateAfter(...changes: ((state: PageState) => Partial<PageState>)[]): PageState {
  let state = initialState(false);
  for (const change of changes) state = { ...state, ...change(state) };
  return state;
}
const opened = (state: PageState): Partial<PageState> => shown(state, view, "a.png", {});

describe("a photo that is shown", () => {
  it("starts at the most doubtful region", () => {
    const state = stateAfter(opened);
    expect([state.selected, state.order, state.title]).toEqual([1, [1, 2, 0], "a.png"]);
  });

  it("takes over what was kept before a reload", () => {
    const kept = {
      source: { sources: ["/a.png"] },
      mode: "blink",
      rejected: [2, 77],
      selected: 0,
      viewport: { x: 1, y: 2, scale: 3 },
    } as const;
    const state = stateAfter((s) => shown(s, view, "a.png", kept));
    expect([state.mode, [...state.rejected], state.selected, state.viewport, state.fitted]).toEqual([
      "blink",
      [2],
      0,
      kept.viewport,
      false,
    ]);
  });

  it("keeps decisions and place when it is the same photo, and starts anew with another", () => {
    const moved = (): Partial<PageState> => ({ viewport: { x: 5, y: 5, scale: 2 }, fitted: false });
    const again = stateAfter(opened, (s) => toggled(s, 2), moved, opened);
    expect([[...again.rejected], again.viewport?.scale]).toEqual([[2], 2]);
    const other = { ...view, photo: { ...photo, path: "/b.jpg" } };
    const next = stateAfter(
      opened,
      (s) => toggled(s, 2),
      moved,
      (s) => shown(s, other, "b.png", {}),
    );
    expect([[...next.rejected], next.viewport, next.fitted]).toEqual([[], undefined, true]);
  });

  it("can be opened again also when the host did not say what it is", () => {
    expect(keptState(stateAfter(opened))?.source).toEqual({ sources: ["/a.png"], image: "/a.jpg" });
  });
});

describe("regions", () => {
  it("are replaced by the host's answer, and keep their place in the list", () => {
    const better = { ...regions[1]!, doubt: 0 };
    const state = stateAfter(opened, (s) => updated(s, { regions: [better] }));
    expect(state.regions[1]).toBe(better);
    expect(state.order).toEqual([1, 2, 0]);
  });

  it("show their last iteration when the one shown is gone", () => {
    const three = region({
      id: 1,
      iterations: [0, 1, 2].map(() => ({ source: "best", points: [], candidates: [], accepted: true })),
    });
    const state = stateAfter(
      opened,
      (s) => updated(s, { regions: [three] }),
      () => ({ iteration: 2 }),
      (s) => updated(s, { regions: [{ ...three, iterations: three.iterations.slice(0, 1) }] }),
    );
    expect(state.iteration).toBe(0);
  });

  it("are sorted by any column, and the other way round", () => {
    const byName = { key: "name", descending: false } as const;
    expect(idsInOrder(regions, byName)).toEqual([2, 1, 0]);
    const once = stateAfter(opened, (s) => sorted(s, "name"));
    const twice = stateAfter(
      opened,
      (s) => sorted(s, "name"),
      (s) => sorted(s, "name"),
    );
    expect([once.order, twice.order]).toEqual([
      [2, 1, 0],
      [0, 1, 2],
    ]);
  });

  it("are stepped through in the list's order, to its ends", () => {
    const state = stateAfter(opened);
    expect([neighbour(state, 1), neighbour(state, -1), neighbour(state, 99)]).toEqual([2, 1, 0]);
    expect(neighbour({ order: [], selected: undefined }, 1)).toBeUndefined();
  });

  it("are rejected one by one or all at once", () => {
    expect([...stateAfter(opened, (s) => toggled(s, 1)).rejected]).toEqual([1]);
    expect([
      ...stateAfter(
        opened,
        (s) => toggled(s, 1),
        (s) => toggled(s, 1),
      ).rejected,
    ]).toEqual([]);
    expect([...stateAfter(opened, allToggled).rejected]).toEqual([0, 1, 2]);
    expect([...stateAfter(opened, (s) => toggled(s, 1), allToggled).rejected]).toEqual([]);
  });

  it("are called by class and name, without saying it twice", () => {
    expect(nameOf({ label: "3", name: "3" })).toBe("3");
    expect(nameOf({ label: "3", name: "3/2" })).toBe("3/2");
    expect(nameOf({ label: "cup", name: "17" })).toBe("cup 17");
    expect(nameOf({ label: "cup", name: "" })).toBe("cup");
  });
});

describe("the method", () => {
  it("shows a change before the host has answered", () => {
    const state = stateAfter(opened, (s) => withSetting(s, "lambda", 0.4));
    expect([state.method.settings, state.resolved?.lambda]).toEqual([{ lambda: 0.4 }, 0.4]);
  });

  it("loses changes with a preset", () => {
    const state = stateAfter(
      opened,
      (s) => withSetting(s, "lambda", 0.4),
      (s) => withPreset(s, "paper"),
    );
    expect(state.method).toEqual({ preset: "paper", settings: {}, mode: "auto" });
  });
});

describe("notices", () => {
  it("say a sentence once, four at most", () => {
    const say = (id: number, message: string) => (s: PageState) => noticed(s, { id, level: "info", message });
    const state = stateAfter(say(1, "a"), say(2, "b"), say(3, "a"), say(4, "c"), say(5, "d"), say(6, "e"));
    expect(state.notices.map(({ id }) => id)).toEqual([3, 4, 5, 6]);
    expect(dismissed(state, 5).notices?.map(({ id }) => id)).toEqual([3, 4, 6]);
  });
});

describe("what is kept over a reload", () => {
  it("is nothing before something was shown", () => {
    expect(keptState(initialState(false))).toBeUndefined();
  });

  it("holds the viewport once it was moved", () => {
    const viewport = { x: 1, y: 2, scale: 3 };
    expect(keptState(stateAfter(opened, () => ({ viewport, fitted: true })))).not.toHaveProperty("viewport");
    expect(keptState(stateAfter(opened, () => ({ viewport, fitted: false })))?.viewport).toEqual(viewport);
  });
});

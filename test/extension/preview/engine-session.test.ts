/** Sessions over an engine that forgets, is slow, or finds other files. */
import { describe, expect, it } from "vitest";
import { type Engine, EngineError, type EngineRequestOptions } from "../../../src/extension/engine/mod.ts";
import { EngineSession } from "../../../src/extension/preview/engine-session.ts";
import type { RegionView, SessionView } from "../../../src/protocol/views.ts";

const method = { preset: "default", settings: {}, mode: "auto" } as const;

function region(id: number, name: string, run = 1): RegionView {
  const runs = { box: [0, 0, 3, 3], runs: Uint32Array.of(0, run) } as const;
  return {
    ...{ id, mask: 0, name, label: name, colour: "#ffffff", box: [0, 0, 3, 3], area: 16, refinedArea: 16 },
    ...{ verdict: "refined", coarseIoU: 1, doubt: 0, coarse: runs, refined: runs, iterations: [] },
    own: { points: [] },
  };
}

function viewOf(regions: readonly RegionView[]): SessionView {
  const masks = [{ path: "/a.png", format: "PNG", mode: "instance", notes: [] }] as const;
  return { masks, regions, method } as unknown as SessionView;
}

/** An engine that answers at once, unless told to wait. */
class Scripted {
  readonly asked: string[] = [];
  readonly open = new Set<number>();
  regions = [region(0, "1"), region(1, "2")];
  pid = 1;
  gate: Promise<void> = Promise.resolve();
  #next = 1;

  get engine(): Engine {
    const scripted = this;
    return {
      get state() {
        return { state: "idle", process: { pid: scripted.pid } };
      },
      request: (name: string, params: { session?: number }, options?: EngineRequestOptions) =>
        scripted.#answer(name, params, options),
    } as unknown as Engine;
  }

  /** Its process is another, which knows no sessions. */
  restart(): void {
    this.pid++;
    this.open.clear();
  }

  async #answer(
    name: string,
    { session = 0 }: { session?: number },
    { signal }: EngineRequestOptions = {},
  ): Promise<unknown> {
    signal?.throwIfAborted();
    this.asked.push(name);
    const stopped = new Promise<never>((_, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason)),
    );
    await Promise.race([this.gate, stopped]);
    if (name === "session/open") {
      this.open.add(this.#next);
      return { session: this.#next++, view: viewOf(this.regions) };
    }
    if (name === "session/close") return void this.open.delete(session);
    if (!this.open.has(session)) throw new EngineError("SessionError", "no longer open");
    return name === "session/save" ? { files: [] } : { regions: [], view: { method } };
  }
}

function make(scripted: Scripted): { session: EngineSession; reopened: SessionView[] } {
  const reopened: SessionView[] = [];
  const session = new EngineSession({
    engine: scripted.engine,
    source: { sources: ["/a.png"] },
    method,
    onReopened: (view) => reopened.push(view),
  });
  return { session, reopened };
}

const save = { accepted: [0], target: { kind: "beside" }, overwrite: false } as const;

describe("an engine that was restarted", () => {
  it("is asked again where the same files look the same", async () => {
    const scripted = new Scripted();
    const { session, reopened } = make(scripted);
    await session.open({});
    scripted.restart();
    expect(await session.save(save)).toEqual({ files: [] });
    expect(reopened).toHaveLength(1);
    expect(scripted.asked).toEqual(["session/open", "session/open", "session/save"]);
  });

  it("is not asked about regions of a file that has others now", async () => {
    const scripted = new Scripted();
    const { session, reopened } = make(scripted);
    await session.open({});
    scripted.restart();
    scripted.regions = [region(0, "2")];
    await expect(session.save(save)).rejects.toThrow(/a\.png was changed since it was opened/);
    expect(reopened[0]?.regions).toHaveLength(1);
    expect(scripted.asked).not.toContain("session/save");
    // What is shown now may be saved.
    expect(await session.save(save)).toEqual({ files: [] });
  });

  it("saves no outcome that nobody has seen", async () => {
    const scripted = new Scripted();
    const { session } = make(scripted);
    await session.open({});
    scripted.restart();
    scripted.regions = [region(0, "1", 2), region(1, "2")];
    await expect(session.save(save)).rejects.toThrow(/another outcome/);
    expect(scripted.asked).not.toContain("session/save");
  });

  it("opens once for all who wait, and they wait until prompts are given again", async () => {
    const scripted = new Scripted();
    scripted.regions = [{ ...region(0, "1"), own: { points: [{ x: 1, y: 1, positive: true }] } }];
    const { session } = make(scripted);
    await session.open({});
    scripted.restart();
    await Promise.all([session.save(save), session.refine(method, undefined, {})]);
    expect(scripted.asked.slice(1).sort()).toEqual([
      "session/open",
      "session/prompt",
      "session/refine",
      "session/save",
    ]);
    expect(scripted.asked.slice(1, 3)).toEqual(["session/open", "session/prompt"]);
  });
});

it("takes nothing that was asked while the files were opened again and turned out to be others", async () => {
  const scripted = new Scripted();
  const { session } = make(scripted);
  await session.open({});
  scripted.regions = [region(0, "2")];
  const reload = session.open({});
  await expect(session.save(save)).rejects.toThrow(/was changed since it was opened/);
  expect((await reload).regions).toHaveLength(1);
  expect(await session.save(save)).toEqual({ files: [] });
});

describe("closing", () => {
  it("stops what is under way, and leaves nothing open", async () => {
    const scripted = new Scripted();
    const { session } = make(scripted);
    scripted.gate = new Promise(() => undefined);
    const opening = session.open({});
    await session.close();
    await expect(opening).rejects.toMatchObject({ name: "AbortError" });
    expect(scripted.open.size).toBe(0);
  });

  it("lets a file be written to the end", async () => {
    const scripted = new Scripted();
    const { session } = make(scripted);
    await session.open({});
    let go = (): void => undefined;
    scripted.gate = new Promise((resolve) => (go = resolve));
    const saving = session.save(save);
    await Promise.resolve();
    const closing = session.close();
    go();
    expect(await saving).toEqual({ files: [] });
    await closing;
    expect(scripted.open.size).toBe(0);
  });
});

it("keeps one session open, however often it is opened", async () => {
  const scripted = new Scripted();
  const { session } = make(scripted);
  await Promise.all([session.open({}), session.open({}), session.open({})]);
  expect(scripted.open.size).toBe(1);
});

/// <reference types="node" />
/** The bundled sample in a real session: what the page asks is answered by the model. */
import { join } from "node:path";
import { iterationPictures } from "../../../src/processes/engine/views/iteration-pictures.ts";
import { regionViews } from "../../../src/processes/engine/views/region-view.ts";
import { sessionView, timingsView } from "../../../src/processes/engine/views/session-view.ts";
import type { MethodChoice } from "../../../src/protocol/views.ts";
import { createRefiner, type RefinementSession, type Refiner } from "../../../src/sdk/mod.ts";
import type { Scene } from "./scene.ts";

const SAMPLE = join(import.meta.dirname, "../../../examples/sample");
const METHOD: MethodChoice = { preset: "default", settings: {}, mode: "auto" };

/** A session over the sample's label map. */
export class SampleScene implements Scene {
  readonly #refiner: Refiner;
  readonly #session: RefinementSession;
  /** Whether the page before changed something. */
  #touched = false;

  private constructor(refiner: Refiner, session: RefinementSession) {
    this.#refiner = refiner;
    this.#session = session;
  }

  static async open(): Promise<SampleScene> {
    const refiner = await createRefiner();
    const source = join(SAMPLE, "labels_coarse.png");
    return new SampleScene(refiner, await refiner.open(source, { image: join(SAMPLE, "photo.jpg") }));
  }

  async answer(method: string, params: never): Promise<unknown> {
    const session = this.#session;
    this.#touched ||= method === "refine" || method === "prompt" || method === "choose";
    switch (method) {
      case "ready": {
        const { state } = params as { state: unknown };
        await this.#undo();
        return { view: await sessionView(session, METHOD), title: "labels_coarse.png", state };
      }
      case "refine": {
        const { method: choice, regions } = params as { method: MethodChoice; regions?: number[] };
        const { preset, settings } = choice;
        const changed = await session.refine({ preset, settings, ...(regions && { regions }) });
        return {
          regions: regionViews(session, changed),
          method: choice,
          resolved: session.settings,
          timings: timingsView(session),
        };
      }
      case "prompt": {
        const { region, own } = params as { region: number; own: { points: [] } };
        return {
          regions: regionViews(session, await session.prompt(region, own)),
          timings: timingsView(session),
        };
      }
      case "choose": {
        const { region, choice } = params as {
          region: number;
          choice: { iteration: number; token: number } | null;
        };
        return { regions: regionViews(session, await session.choose(region, choice ?? undefined)) };
      }
      case "pictures": {
        const { region, iteration } = params as { region: number; iteration: number };
        return iterationPictures(await session.pictures(region, iteration));
      }
      case "save":
        return { message: "Wrote labels_coarse.refined.png.", saved: true };
      case "restore":
        return { message: "The original of labels_coarse.png is back." };
      default:
        return null;
    }
  }

  /** A new page finds the session as it was opened. */
  async #undo(): Promise<void> {
    if (!this.#touched) return;
    const session = this.#session;
    for (const { id, choice } of session.regions) if (choice) await session.choose(id, undefined);
    for (const { id, own } of session.regions) {
      if (own.points?.length || own.box) await session.prompt(id, { points: [] });
    }
    await session.refine({ preset: METHOD.preset, settings: {} });
    this.#touched = false;
  }

  async close(): Promise<void> {
    await this.#session.close();
    await this.#refiner.close();
  }
}

/** Answers the requests of previews. */
import type { EngineRequests, ProgressMessage, SourceChoice } from "../../../protocol/engine.ts";
import type { MethodChoice } from "../../../protocol/views.ts";
import { OptionError, type RefinementSession, type SessionOptions } from "../../../sdk/mod.ts";
import type { LazyModel } from "../lazy-model.ts";
import { methodOptions } from "../method-options.ts";
import { readingOf } from "../reading-of.ts";
import type { RequestContext } from "../request-context.ts";
import { iterationPictures } from "../views/iteration-pictures.ts";
import { regionViews } from "../views/region-view.ts";
import { sessionView, timingsView } from "../views/session-view.ts";
import { SessionStore } from "./session-store.ts";

type Params<K extends keyof EngineRequests> = EngineRequests[K][0];
type Answer<K extends keyof EngineRequests> = Promise<EngineRequests[K][1]>;

/** Memory of open sessions: a photo of 24 million pixels takes about 150 MB. */
const DEFAULT_BUDGET = 2 ** 30;

/** What was said when a session was opened. */
interface Opened {
  readonly file: string;
  readonly mode: MethodChoice["mode"];
}

/** Open sessions. */
export class Sessions {
  readonly #model: LazyModel;
  readonly #store: SessionStore;
  readonly #opened = new Map<number, Opened>();

  /** @param budget most bytes of open sessions */
  constructor(model: LazyModel, budget: number = DEFAULT_BUDGET) {
    this.#model = model;
    this.#store = new SessionStore(budget);
  }

  /** Pairs, encodes and refines. */
  async open(params: Params<"session/open">, { signal, progress }: RequestContext): Answer<"session/open"> {
    const { method, sources } = params;
    const file = sources[0] ?? "";
    const open = async (extra: Pick<SessionOptions, "signal" | "onProgress">): Promise<RefinementSession> => {
      const refiner = await this.#model.open(progress);
      return refiner.open(sources, { ...sessionOptions(params, params.key), ...extra });
    };
    const session = await open({ signal, onProgress: (step) => progress(told(step, file)) });
    const view = await sessionView(session, method);
    if (signal.aborted) {
      // Nobody will get to know its id.
      await session.close();
      throw signal.reason;
    }
    const id = await this.#store.add(session, () => open({}));
    this.#opened.set(id, { file, mode: method.mode });
    return { session: id, view };
  }

  /** @throws {OptionError} for another mode: it decides which regions there are */
  refine(
    { session: id, method, regions }: Params<"session/refine">,
    { signal, progress }: RequestContext,
  ): Answer<"session/refine"> {
    const { mode = method.mode, file = "" } = this.#opened.get(id) ?? {};
    if (mode !== method.mode)
      throw new OptionError(
        `${file} was opened with mode ${mode}: expected it to be opened again for mode ${method.mode}`,
      );
    const { preset, settings } = method;
    const change = { preset, settings, ...(regions === undefined ? {} : { regions }) };
    const refine = async (session: RefinementSession): Answer<"session/refine"> => {
      const onProgress: SessionOptions["onProgress"] = (step) => progress(told(step, file));
      const changed = await session.refine({ ...change, signal, onProgress });
      const view = { method, resolved: session.settings, timings: timingsView(session) };
      return { regions: regionViews(session, changed), view };
    };
    return this.#store.use(id, refine, { kind: "refine", change });
  }

  prompt(
    { session: id, region, own }: Params<"session/prompt">,
    { signal, progress }: RequestContext,
  ): Answer<"session/prompt"> {
    progress({ stage: "refine", done: 0, total: 1, item: this.#opened.get(id)?.file ?? "" });
    const prompt = async (session: RefinementSession): Answer<"session/prompt"> => {
      const changed = await session.prompt(region, own, { signal });
      return { regions: regionViews(session, changed), view: { timings: timingsView(session) } };
    };
    return this.#store.use(id, prompt, { kind: "prompt", region, own });
  }

  choose({ session: id, region, choice }: Params<"session/choose">): Answer<"session/choose"> {
    const chosen = choice ?? undefined;
    const choose = async (session: RefinementSession): Answer<"session/choose"> => {
      const changed = await session.choose(region, chosen);
      return { regions: regionViews(session, changed) };
    };
    return this.#store.use(id, choose, { kind: "choose", region, choice: chosen });
  }

  pictures({ session: id, region, iteration }: Params<"session/pictures">): Answer<"session/pictures"> {
    return this.#store.use(id, async (session) =>
      iterationPictures(await session.pictures(region, iteration)),
    );
  }

  save({ session: id, ...options }: Params<"session/save">): Answer<"session/save"> {
    return this.#store.use(id, async (session) => ({ files: await session.save(options) }));
  }

  async close({ session: id }: Params<"session/close">): Answer<"session/close"> {
    this.#opened.delete(id);
    await this.#store.close(id);
    return null;
  }
}

function sessionOptions(
  choice: SourceChoice & { readonly method: MethodChoice },
  key: string | undefined,
): SessionOptions {
  const { image, pairing, format, method } = choice;
  return {
    ...(image === undefined ? {} : { image }),
    ...(key === undefined ? {} : { key }),
    ...(pairing === undefined ? {} : { pairing }),
    ...(format === undefined ? {} : { format }),
    ...methodOptions(method),
    ...readingOf(choice),
  };
}

function told(
  { stage, regionsDone, regionsTotal }: Parameters<NonNullable<SessionOptions["onProgress"]>>[0],
  item: string,
): Omit<ProgressMessage, "token"> {
  return { stage, done: regionsDone, total: regionsTotal, item };
}

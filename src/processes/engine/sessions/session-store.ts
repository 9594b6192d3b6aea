/** Open sessions by their ids. Those used longest ago are closed when they take too much memory, and opened again when they are asked for. */
import type { RefinementSession } from "../../../sdk/mod.ts";
import { sessionBytes } from "./session-bytes.ts";
import { SessionError } from "./session-error.ts";
import { addStep, repeatSteps, type Step } from "./steps.ts";

/** Opens a session, the first time or again. */
export type OpenSession = () => Promise<RefinementSession>;

interface Entry {
  readonly open: OpenSession;
  readonly steps: Step[];
  /** Tells whether the files are still the same when it is opened again. */
  readonly regions: string;
  session: Promise<RefinementSession> | undefined;
  bytes: number;
  /** Requests that work with it. */
  users: number;
}

/** Sessions of one process. */
export class SessionStore {
  readonly #budget: number;
  /** Used longest ago first. */
  readonly #entries = new Map<number, Entry>();
  /** Ids of an earlier process must not name sessions of this one. */
  #next = Date.now() * 1000;

  /** @param budget most bytes of open sessions; the one used last is kept in any case */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /**
   * Opens a session and keeps it.
   *
   * @param open may be called again
   * @returns its id
   */
  async add(session: RefinementSession, open: OpenSession): Promise<number> {
    const id = this.#next++;
    const regions = regionsOf(session);
    const entry = { open, steps: [], regions, session: Promise.resolve(session), bytes: 0, users: 0 };
    this.#entries.set(id, entry);
    await this.#measured(entry, session);
    return id;
  }

  /**
   * Works with a session, which is opened again if need be.
   *
   * @param step is noted when the work came to its end
   * @throws {SessionError} when there is none, or its files are no longer what they were
   */
  async use<T>(id: number, work: (session: RefinementSession) => Promise<T>, step?: Step): Promise<T> {
    const entry = this.#entries.get(id);
    if (entry === undefined)
      throw new SessionError("This preview is no longer open in the engine: expected it to be opened again");
    // Now it is the one used last.
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    entry.users++;
    try {
      const session = await this.#opened(entry);
      const result = await work(session);
      if (step !== undefined) addStep(entry.steps, step);
      await this.#measured(entry, session);
      return result;
    } finally {
      entry.users--;
    }
  }

  /** Closes a session for good. */
  async close(id: number): Promise<void> {
    const session = await this.#entries.get(id)?.session?.catch(() => undefined);
    this.#entries.delete(id);
    await session?.close();
  }

  async #opened(entry: Entry): Promise<RefinementSession> {
    entry.session ??= openAgain(entry);
    try {
      return await entry.session;
    } catch (error) {
      entry.session = undefined;
      throw error;
    }
  }

  /** Makes room. */
  async #measured(entry: Entry, session: RefinementSession): Promise<void> {
    entry.bytes = sessionBytes(session);
    const open = [...this.#entries.values()].filter((other) => other.session !== undefined);
    let sum = open.reduce((bytes, other) => bytes + other.bytes, 0);
    for (const other of open.slice(0, -1)) {
      if (sum <= this.#budget) return;
      if (other.users > 0 || other === entry) continue;
      const closing = other.session;
      other.session = undefined;
      sum -= other.bytes;
      await closing?.then((closed) => closed.close());
    }
  }
}

async function openAgain({ open, steps, regions }: Entry): Promise<RefinementSession> {
  const session = await open();
  if (regionsOf(session) !== regions) {
    const { masks } = session;
    await session.close();
    const files = masks.map(({ path }) => path).join(", ");
    throw new SessionError(`${files} was changed since it was opened: expected it to be opened again`);
  }
  await repeatSteps(session, steps);
  return session;
}

function regionsOf({ regions }: RefinementSession): string {
  return JSON.stringify(regions.map(({ mask, name, box, area }) => [mask, name, box, area]));
}

/**
 * A run over many photos with four workers: workers are killed, one is slow, one is of another release, Redis restarts, the
 * run itself is killed and resumed. It ends as an undisturbed one in a single process.
 *
 * `SAMREFINER_QUEUE_PHOTOS=1000 npx vitest run test/queue/proof.test.ts` is the long form.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Run } from "../cli/cli.ts";
import { Fleet, present, type Started, until } from "./fleet.ts";

const PHOTOS = Number(process.env["SAMREFINER_QUEUE_PHOTOS"] ?? 48);
const WORKERS = 4;
const LIMIT_MS = 120_000 + PHOTOS * 2_000;
/** Seconds of silence after which a worker is lost: short, so that much happens in little time. */
const LOST_AFTER = "3";
const preset = ["--preset", "fast", "--quiet"];

let fleet: Fleet;
beforeAll(async () => {
  if (!present) return;
  fleet = await Fleet.make("queue-proof");
  await fleet.dataset("data", PHOTOS);
}, LIMIT_MS);
afterAll(() => fleet?.remove());

/** Four workers, of which one after the other is killed and replaced. */
class Crew {
  readonly #queue: string;
  readonly #workers: Started[] = [];
  readonly #ending = new AbortController();
  #killing: Promise<void> = Promise.resolve();
  kills = 0;
  pauses = 0;

  constructor(queue: string) {
    this.#queue = queue;
  }

  async begin(): Promise<void> {
    for (let i = 0; i < WORKERS; i++) this.#workers.push(await this.#one());
    this.#killing = this.#kill();
  }

  /** @returns how those that are left stopped */
  async end(): Promise<Run[]> {
    this.#ending.abort();
    await this.#killing;
    for (const { child } of this.#workers) child.kill("SIGTERM");
    return Promise.all(this.#workers.map(({ ended }) => ended));
  }

  /** Started until it works, as whatever looks after workers does: while Redis is away, one ends at once. */
  async #one(): Promise<Started> {
    for (;;) {
      const worker = await fleet.worker(this.#queue, ["--lost-after", LOST_AFTER]);
      if (worker.child.exitCode === null) return worker;
      expect((await worker.ended).stderr).toMatch(/cannot be reached/);
    }
  }

  async #kill(): Promise<void> {
    const { signal } = this.#ending;
    const rest = (ms: number): Promise<void> => delay(ms, undefined, { signal }).catch(() => undefined);
    // A slow worker: it stands still for longer than it takes to count as lost, and goes on.
    const slow = this.#workers[0]!;
    for (let turn = 0; !signal.aborted; turn++) {
      await rest(700 + 1500 * Math.random());
      if (signal.aborted) return;
      if (turn % 3 === 0) {
        slow.child.kill("SIGSTOP");
        await rest(Number(LOST_AFTER) * 1500);
        slow.child.kill("SIGCONT");
        this.pauses++;
        continue;
      }
      const at = 1 + Math.floor(Math.random() * (WORKERS - 1));
      this.#workers[at]!.child.kill("SIGKILL");
      await this.#workers[at]!.ended;
      this.kills++;
      this.#workers[at] = await this.#one();
    }
  }
}

/** The tool as another release has it. */
async function otherRelease(): Promise<string> {
  const folder = join(fleet.cli.program, "..");
  // Those of an earlier run are not copied again.
  const names = (await readdir(folder)).filter((name) => !name.startsWith("other-"));
  for (const name of names) {
    const text = await readFile(join(folder, name), "utf8");
    await writeFile(
      join(folder, `other-${name}`),
      text.replace("PROTOCOL = 1;", "PROTOCOL = 2;").replaceAll(/"\.\/([\w-]+\.js)"/g, '"./other-$1"'),
    );
  }
  return join(folder, "other-cli.js");
}

it.skipIf(!present)(
  `${PHOTOS} photos with ${WORKERS} workers end as in one process, whatever happens`,
  async () => {
    const whole = await fleet.cli.run(["run", "data", "--out", "whole", ...preset]);
    expect([whole.code, whole.stderr]).toEqual([0, ""]);

    const queue = fleet.address("proof");
    const args = ["run", "data", "--out", "spread", ...preset, "--queue", queue, "--window", "24"];
    const done = async (): Promise<number> => (await fleet.photos("spread")).length;
    const crew = new Crew(queue);
    await crew.begin();
    const begun = performance.now();
    const first = fleet.start(args);
    await until(
      async () => (await done()) > PHOTOS / 6 || first.child.exitCode !== null,
      first.said,
      LIMIT_MS,
    );

    // Another release is refused, and takes nothing.
    const other = await fleet.otherTool(await otherRelease(), [
      "worker",
      "--queue",
      queue,
      "--root",
      fleet.cli.folder,
    ]);
    expect([other.code, other.stderr]).toEqual([
      1,
      expect.stringMatching(/protocol 1 of .*: expected protocol 2/),
    ]);

    // Redis goes away and comes back with what it had.
    await until(
      async () => (await done()) > PHOTOS / 3 || first.child.exitCode !== null,
      first.said,
      LIMIT_MS,
    );
    await fleet.stopRedis("SIGKILL");
    await delay(1500);
    await fleet.startRedis();

    // The run itself is lost.
    await until(
      async () => (await done()) > PHOTOS / 2 || first.child.exitCode !== null,
      first.said,
      LIMIT_MS,
    );
    first.child.kill("SIGKILL");
    expect((await first.ended).code).toBeNull();
    const second = await fleet.start([...args, "--resume"]).ended;
    expect([second.code, second.stderr]).toEqual([0, ""]);
    const seconds = (performance.now() - begun) / 1000;

    const stopped = await crew.end();
    expect(stopped.filter(({ code }) => code !== 0)).toEqual([]);
    expect(await fleet.tree("spread")).toEqual(await fleet.tree("whole"));
    const keys = (await fleet.photos("spread")).map(({ key }) => key);
    expect(keys).toHaveLength(PHOTOS);
    expect(new Set(keys).size).toBe(PHOTOS);
    const status = await fleet.status(queue);
    expect(status).toMatchObject({ waiting: 0, active: 0, delayed: 0, failed: 0 });
    console.log(
      `${PHOTOS} photos in ${seconds.toFixed(1)} s: ${crew.kills} workers killed, one stood still ${crew.pauses} times`,
    );
  },
  LIMIT_MS,
);

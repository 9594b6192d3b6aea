/** A Redis, a dataset, and the tool in as many processes as a test wants. */
import { type ChildProcessWithoutNullStreams, execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import sharp from "sharp";
import { findRedis, freePort, type RunningRedis, startRedis } from "../../scripts/redis-server.mjs";
import { Cli, finish, type Run } from "../cli/cli.ts";
import { boxMask } from "../cli/pictures.ts";

const redisProgram = findRedis();
/** Whether there is a Redis; elsewhere than in CI tests do without one. */
export const present: boolean = redisProgram !== undefined;
if (redisProgram === undefined) {
  if (process.env["CI"])
    throw new Error("CI needs a Redis for the tests of queues: apt-get install redis-server");
  console.log("skipped: there is no redis-server or valkey-server (Debian: apt-get install redis-server)");
}

const width = 96;
const height = 72;

/** A process of the tool, and what it has said so far. */
export interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Run>;
  said(): string;
}

/** What tests of queues share. */
export class Fleet {
  readonly cli: Cli;
  readonly #port: number;
  readonly #options: readonly string[];
  readonly #started = new Set<Started>();
  #redis: RunningRedis | undefined;

  private constructor(cli: Cli, port: number, options: readonly string[]) {
    this.cli = cli;
    this.#port = port;
    this.#options = options;
  }

  /** @param name of the test file */
  static async make(name: string, options?: (port: number) => readonly string[]): Promise<Fleet> {
    const cli = await Cli.build(name);
    const port = await freePort();
    const persistent = ["--port", String(port), "--appendonly", "yes", "--appendfsync", "always"];
    const fleet = new Fleet(cli, port, options?.(port) ?? persistent);
    await mkdir(cli.path("redis"));
    await fleet.startRedis();
    return fleet;
  }

  /** The queue's address. */
  address(name: string, scheme = "redis"): string {
    return `${scheme}://127.0.0.1:${this.#port}/0?queue=${name}`;
  }

  async startRedis(): Promise<void> {
    this.#redis = await startRedis(redisProgram!, this.cli.path("redis"), this.#port, this.#options);
  }

  async stopRedis(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    await this.#redis?.stop(signal);
    this.#redis = undefined;
  }

  start(args: readonly string[], env: Record<string, string> = {}): Started {
    const child = this.cli.start(args, env);
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (text: Buffer | string) => {
        said += String(text);
      });
    const started = { child, ended: finish(child), said: () => said };
    this.#started.add(started);
    void started.ended.finally(() => this.#started.delete(started));
    return started;
  }

  /** Another build of the tool, to its end. */
  otherTool(program: string, args: readonly string[]): Promise<Run> {
    return finish(this.cli.start(args, {}, program));
  }

  /** A worker that takes jobs by now. */
  async worker(
    queue: string,
    more: readonly string[] = [],
    env: Record<string, string> = {},
  ): Promise<Started> {
    const args = ["worker", "--queue", queue, "--root", this.cli.folder, "--threads", "1", ...more];
    const worker = this.start(args, env);
    await until(() => /works on/.test(worker.said()) || worker.child.exitCode !== null, worker.said);
    return worker;
  }

  /**
   * Photos with a mask each. Few photos differ, so that most embeddings are known; all masks do.
   *
   * @param kinds photos that differ
   */
  async dataset(name: string, photos: number, kinds = 2): Promise<void> {
    await mkdir(this.cli.path(name, "images"), { recursive: true });
    await mkdir(this.cli.path(name, "masks"), { recursive: true });
    const rendered = await Promise.all(Array.from({ length: kinds }, (_, kind) => photo(kind)));
    for (let i = 0; i < photos; i++) {
      const stem = `p${String(i).padStart(4, "0")}`;
      await writeFile(this.cli.path(name, "images", `${stem}.png`), rendered[i % kinds]!);
      const [x, y] = [12 + (i % 9), 8 + (Math.floor(i / 9) % 7)];
      const box = [x, y, x + 44 + (Math.floor(i / 63) % 5), y + 42 + (Math.floor(i / 315) % 5)] as const;
      await writeFile(this.cli.path(name, "masks", `${stem}.png`), boxMask(width, height, box));
    }
  }

  /** Everything below a folder but the journal. */
  async tree(folder: string): Promise<Record<string, string>> {
    const entries = await readdir(this.cli.path(folder), { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile() && !entry.name.includes(".jsonl"))
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort();
    const contents = await Promise.all(paths.map((path) => readFile(path, "base64")));
    return Object.fromEntries(paths.map((path, i) => [relative(this.cli.path(folder), path), contents[i]!]));
  }

  /** Records of photos in a journal. */
  async photos(folder: string): Promise<{ key: string; failures: { message: string }[] }[]> {
    const text = await readFile(this.cli.path(folder, "samrefiner-run.jsonl"), "utf8").catch(() => "");
    const lines = text.split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line)).filter(({ type }) => type === "photo");
  }

  /** What `queue status` says. */
  async status(queue: string): Promise<Record<string, never>> {
    const { stdout } = await this.cli.run(["queue", "status", "--queue", queue, "--json"]);
    return JSON.parse(stdout) as Record<string, never>;
  }

  /** A text of Redis' own client. */
  redisCli(...args: readonly string[]): string {
    return execFileSync("redis-cli", ["-p", String(this.#port), ...args], { encoding: "utf8" });
  }

  async remove(): Promise<void> {
    for (const { child } of this.#started) child.kill("SIGKILL");
    await this.stopRedis("SIGKILL");
    await this.cli.remove();
  }
}

/** Waits until something is so. */
export async function until(
  so: () => boolean | Promise<boolean>,
  told: () => string = () => "",
  ms = 60_000,
): Promise<void> {
  for (const end = Date.now() + ms; !(await so()); await delay(50))
    if (Date.now() > end) throw new Error(`it did not come: ${told()}`);
}

function photo(kind: number): Promise<Buffer> {
  const [x, y] = [38 + 4 * kind, 34];
  const picture = `<svg width="${width}" height="${height}"><rect width="100%" height="100%" fill="#246"/><circle cx="${x}" cy="${y}" r="20" fill="#eb${kind}"/></svg>`;
  return sharp(Buffer.from(picture)).png().toBuffer();
}

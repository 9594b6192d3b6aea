// The Redis of tests and benchmarks: one that is installed, else Debian's, on a port and in a folder of its own.
import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { findProgram } from "./find-program.mjs";

const PATIENCE_MS = 20_000;

/** Path of a Redis or Valkey; `REDIS_SERVER` names another one. Root on Debian or Ubuntu gets it installed. */
export function findRedis() {
  return findProgram({
    names: ["redis-server", "valkey-server"],
    variable: "REDIS_SERVER",
    package: "redis-server",
  });
}

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts it and waits until it answers.
 *
 * @param program see {@link findRedis}
 * @param folder where it keeps what it persists
 * @param more of its options, `--name` and value
 */
export async function startRedis(program, folder, port, more = ["--port", String(port)]) {
  const args = ["--bind", "127.0.0.1", "--dir", folder, ...more];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let told = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text) => {
      told = `${told}${text}`.slice(-4000);
    });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const stop = async (signal = "SIGTERM") => {
    child.kill(signal);
    await ended;
  };
  for (const started = Date.now(); !(await answers(port)); await delay(50)) {
    if (child.exitCode === null && Date.now() - started < PATIENCE_MS) continue;
    await stop("SIGKILL");
    throw new Error(`${program} does not answer on port ${port}: ${told}`);
  }
  return { port, stop };
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => socket.destroy());
    socket.on("close", (failed) => resolve(!failed));
    socket.on("error", () => undefined);
  });
}

/** A journal belongs to one process at a time. */
import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { link, readFile, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { OutputError } from "../../../core/errors.ts";
import { writeFileAtomic } from "../../../formats/mod.ts";
import { isObject } from "./json-checks.ts";

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, as its system counts; a later process may get the same number. */
  readonly began?: string;
  readonly id: string;
}

const ATTEMPTS = 5;

/**
 * Locks a journal for this process; the lock of a process that has ended counts for nothing.
 *
 * @returns what unlocks it
 * @throws {OutputError} when another process works with it, or the lock cannot be written
 */
export async function lockJournal(journal: string): Promise<() => Promise<void>> {
  const path = `${journal}.lock`;
  const owner: Owner = { pid: process.pid, host: hostname(), ...beginning(process.pid), id: randomUUID() };
  const bytes = new TextEncoder().encode(`${JSON.stringify(owner)}\n`);
  for (let attempt = 1; ; attempt++) {
    try {
      await writeFileAtomic(path, bytes, { overwrite: false });
      break;
    } catch (error) {
      if (!isTaken(error) || attempt === ATTEMPTS) throw error;
      await removeStale(path, journal);
    }
  }
  const removeAtExit = (): void => rmSync(path, { force: true });
  process.once("exit", removeAtExit);
  return async () => {
    process.off("exit", removeAtExit);
    await rm(path, { force: true });
  };
}

/** @throws {OutputError} when its owner lives */
async function removeStale(path: string, journal: string): Promise<void> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return;
  const owner = ownerOf(text);
  if (owner !== undefined && lives(owner)) {
    throw new OutputError(
      `${journal} is in use by process ${owner.pid} on ${owner.host}: expected one run at a time (its lock is ${path})`,
    );
  }
  // Another process may have replaced the stale lock by its own meanwhile: then that one goes back.
  const aside = `${path}.${randomUUID()}`;
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  if ((await readFile(aside, "utf8")) !== text) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function ownerOf(text: string): Owner | undefined {
  try {
    const owner: unknown = JSON.parse(text);
    return isObject(owner) && Number.isInteger(owner["pid"]) && typeof owner["host"] === "string"
      ? (owner as unknown as Owner)
      : undefined;
  } catch {
    return undefined;
  }
}

function lives({ pid, host, began }: Owner): boolean {
  // Nothing is known about processes elsewhere.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  const now = beginning(pid).began;
  return began === undefined || now === undefined || began === now;
}

/** Field 22 of `/proc/<pid>/stat`; the name before it may hold spaces and brackets. */
function beginning(pid: number): { began?: string } {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const began = text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
    return began === undefined ? {} : { began };
  } catch {
    return {};
  }
}

function isTaken(error: unknown): boolean {
  return ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === "EEXIST";
}

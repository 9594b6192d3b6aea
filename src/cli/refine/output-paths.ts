/** Which file each result goes to. */
import { stat } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { OptionError } from "../../sdk/mod.ts";

/** What the parser makes of the options that name files. */
export interface OutputFlags {
  readonly out?: string;
  readonly explain?: string;
  readonly compare?: string;
  readonly overwrite?: boolean;
}

/** A file to write. */
export interface Target {
  readonly path: string;
  /** Whether its folder may be made: only where a folder was asked for. */
  readonly makeFolder: boolean;
}

/** What is written for one mask. */
export interface Targets {
  readonly output: Target;
  readonly explain?: Target;
  readonly compare?: Target;
}

/**
 * The files of every mask.
 *
 * @throws {OptionError} when a name cannot be meant so, or two results would go to one file
 */
export async function outputPaths(masks: readonly string[], flags: OutputFlags): Promise<Targets[]> {
  const out = await placeFor("--out", flags.out, ".png", masks.length);
  const explain = await placeFor("--explain", flags.explain, ".explain.png", masks.length);
  const compare = await placeFor("--compare", flags.compare, ".compare.png", masks.length);
  const targets = masks.map((mask) => ({
    output: out?.(mask) ?? besideMask(mask),
    ...(explain === undefined ? {} : { explain: explain(mask) }),
    ...(compare === undefined ? {} : { compare: compare(mask) }),
  }));
  assertDistinct(masks, targets);
  return targets;
}

function besideMask(mask: string): Target {
  return { path: join(dirname(mask), `${stemOf(mask)}.refined.png`), makeFolder: false };
}

function stemOf(path: string): string {
  return basename(path, extname(path));
}

/** How an option's value turns a mask into a file: as the file itself, or as a folder. */
async function placeFor(
  flag: string,
  value: string | undefined,
  ending: string,
  masks: number,
): Promise<((mask: string) => Target) | undefined> {
  if (value === undefined) return undefined;
  const folder = /[\\/]$/.test(value) || (await stat(value).catch(() => undefined))?.isDirectory() === true;
  const png = value.toLowerCase().endsWith(".png");
  if (folder || (masks > 1 && !png))
    return (mask) => ({ path: join(value, stemOf(mask) + ending), makeFolder: true });
  if (masks > 1)
    throw new OptionError(`${flag} is the file ${value}, but there are ${masks} masks: expected a folder`);
  if (!png)
    throw new OptionError(
      `${flag} is "${value}": expected a name that ends in .png, or a folder (ending in /)`,
    );
  return () => ({ path: value, makeFolder: false });
}

function assertDistinct(masks: readonly string[], targets: readonly Targets[]): void {
  const writers = new Map<string, string>();
  targets.forEach((target, i) => {
    for (const { path } of filesOf(target)) {
      const other = writers.get(sameNameKey(path));
      if (other !== undefined) {
        const who = other === masks[i] ? `Two results of ${other}` : `${other} and ${masks[i]}`;
        throw new OptionError(`${who} would both be written to ${path}: expected a file for each`);
      }
      writers.set(sameNameKey(path), masks[i]!);
    }
  });
}

/** All files of a mask. */
export function filesOf({ output, explain, compare }: Targets): Target[] {
  return [output, explain, compare].filter((target) => target !== undefined);
}

/** Names that differ in case only are one file on most Macs and on Windows. */
function sameNameKey(path: string): string {
  const full = resolve(path).normalize("NFC");
  return ["darwin", "win32"].includes(process.platform) ? full.toLowerCase() : full;
}

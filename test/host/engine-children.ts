/** Engine processes that this extension host started. */
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/** Ids of those that run. */
export function engineChildren(): number[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  return lines
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((found) => found?.[2] === String(process.pid) && /[\\/]dist[\\/]engine\.js/.test(found[3] ?? ""))
    .map((found) => Number(found?.[1]));
}

/** Waits until exactly one runs, another one than before. */
export async function engineBesides(before?: number): Promise<number> {
  for (const limit = Date.now() + 30_000; Date.now() < limit; await sleep(100)) {
    const [pid, ...others] = engineChildren();
    if (pid !== undefined && pid !== before && others.length === 0) return pid;
  }
  throw new Error(
    `Engine processes: ${engineChildren().join(", ") || "none"}; expected one besides ${before}`,
  );
}

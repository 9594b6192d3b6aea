/** Numbers as people read them. */

/** `840 ms`, `12.3 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `12,345`. */
export function whole(n: number): string {
  return n.toLocaleString("en-US");
}

/** `1 mask`, `2 masks`. */
export function counted(n: number, noun: string): string {
  return `${whole(n)} ${noun}${n === 1 ? "" : "s"}`;
}

/** `85.03` for 0.85031. */
export function percent(share: number): string {
  return (100 * share).toFixed(2);
}

/** `512 B`, `4.2 MiB`. */
export function bytes(n: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = n < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(n) / 10));
  return `${(n / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

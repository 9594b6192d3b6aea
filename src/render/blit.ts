import type { Picture } from "./picture.ts";

/** Copies a picture onto another with its top-left corner at (x, y); what lies outside is cut off. */
export function blit(target: Picture, source: Picture, x: number, y: number): void {
  const left = Math.max(0, -x);
  const right = Math.min(source.width, target.width - x);
  if (left >= right) return;
  const bottom = Math.min(source.height, target.height - y);
  for (let row = Math.max(0, -y); row < bottom; row++) {
    const from = row * source.width;
    const line = source.data.subarray((from + left) * 4, (from + right) * 4);
    target.data.set(line, ((y + row) * target.width + x + left) * 4);
  }
}

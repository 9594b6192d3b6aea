import type { Colour } from "./colour.ts";
import type { Picture } from "./picture.ts";

/**
 * Lays a colour over one pixel ("source over").
 *
 * @param index position of the pixel in row-major order
 * @param opacity 0..1; takes the place of the colour's own
 */
export function blend({ data }: Picture, index: number, colour: Colour, opacity: number): void {
  const offset = index * 4;
  const below = (data[offset + 3]! / 255) * (1 - opacity);
  const total = opacity + below;
  if (total <= 0) return;
  for (let c = 0; c < 3; c++) {
    data[offset + c] = ((colour[c] as number) * opacity + data[offset + c]! * below) / total;
  }
  data[offset + 3] = total * 255;
}

/** Colours as canvases store them: one 32-bit word for a pixel. */

/** `[red, green, blue]`, 0..255. */
export type Rgb = readonly [red: number, green: number, blue: number, ...rest: unknown[]];

const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** The word of a colour with an opacity of 0..1. */
export function ink([red, green, blue]: Rgb, opacity = 1): number {
  const alpha = Math.round(opacity * 255);
  const bytes = LITTLE_ENDIAN ? [red, green, blue, alpha] : [alpha, blue, green, red];
  return (bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)) >>> 0;
}

/** Reads `#rrggbb`; black for anything else. */
export function hexColour(text: string): Rgb {
  const value = /^#[0-9a-f]{6}$/i.test(text) ? Number.parseInt(text.slice(1), 16) : 0;
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** What shows beside a colour on a photo of any brightness: white beside dark ones, black beside light ones. */
export function haloInk([red, green, blue]: Rgb): number {
  const dark = 0.2126 * red + 0.7152 * green + 0.0722 * blue < 110;
  return dark ? ink([255, 255, 255], 0.8) : ink([0, 0, 0], 0.6);
}

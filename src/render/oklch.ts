import type { Colour } from "./colour.ts";

/**
 * OKLCH (Ottosson's perceptual space) to 8-bit sRGB. A colour outside sRGB loses chroma, never its hue or
 * lightness.
 *
 * @param lightness 0..1
 * @param chroma 0..0.4
 * @param hue degrees
 */
export function oklch(lightness: number, chroma: number, hue: number): Colour {
  const angle = (hue * Math.PI) / 180;
  const at = (reach: number) => linearRgb(lightness, reach * Math.cos(angle), reach * Math.sin(angle));
  const [red, green, blue] = at(reachWithin(at, chroma));
  return [encode(red), encode(green), encode(blue)];
}

/** The most chroma up to `chroma` that sRGB holds. */
function reachWithin(at: (reach: number) => readonly number[], chroma: number): number {
  const fits = (reach: number) => at(reach).every((value) => value >= 0 && value <= 1);
  if (fits(chroma)) return chroma;
  let inside = 0;
  let outside = chroma;
  for (let step = 0; step < 16; step++) {
    const middle = (inside + outside) / 2;
    if (fits(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}

function linearRgb(lightness: number, a: number, b: number): [number, number, number] {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ];
}

function encode(linear: number): number {
  const value = Math.min(1, Math.max(0, linear));
  const curved = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
  return Math.round(255 * curved);
}

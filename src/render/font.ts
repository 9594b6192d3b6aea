import { GLYPH_ROWS, GLYPH_STRIPS, type GlyphStrip } from "./font-glyphs.ts";

/** A character's bitmap: `ink` is `[height, width]` row-major, 1 = ink. */
export interface Glyph {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` row-major, every value 0 or 1. */
  readonly ink: Uint8Array;
}

const glyphs: ReadonlyMap<string, Glyph> = new Map(GLYPH_STRIPS.flatMap(readStrip));
const unknown = glyphs.get("□")!;

/** The glyphs of a text, in order. Accents are dropped; characters the font lacks become a small box. */
export function glyphsOf(text: string): Glyph[] {
  const plain = text.normalize("NFD").replace(/\p{Mn}/gu, "");
  return [...plain].map((character) => glyphs.get(stand(character)) ?? unknown);
}

/** Typographic signs that an ASCII glyph can stand for. */
function stand(character: string): string {
  if (/\s/u.test(character)) return " ";
  if ("‘’‚".includes(character)) return "'";
  return "“”„".includes(character) ? '"' : character;
}

function readStrip({ characters, rows }: GlyphStrip): [string, Glyph][] {
  const columns = rows
    .trim()
    .split("\n")
    .map((row) => row.split(" "));
  return [...characters].map((character, i) => [character, readGlyph(columns.map((row) => row[i]!))]);
}

function readGlyph(rows: readonly string[]): Glyph {
  const ink = Uint8Array.from(rows.join(""), (cell) => (cell === "#" ? 1 : 0));
  return { width: rows[0]!.length, height: GLYPH_ROWS, ink };
}

/** The page's texts in the language of the window. */

let known: Readonly<Record<string, string>> | undefined;

/** Translations that the host wrote into the page, `data-texts` of its body: by the English text. */
function translations(): Readonly<Record<string, string>> {
  if (known === undefined) {
    const written = globalThis.document?.body?.dataset["texts"];
    known = written === undefined ? {} : (JSON.parse(written) as Record<string, string>);
  }
  return known;
}

/** A text with its places `{0}`, `{1}` filled; in English where there is no translation. */
export function t(text: string, ...values: readonly (string | number)[]): string {
  const told = translations()[text];
  return fill(typeof told === "string" ? told : text, values);
}

function fill(text: string, values: readonly (string | number)[]): string {
  return text.replace(/\{(\d+)\}/g, (place, index) => String(values[Number(index)] ?? place));
}

/** What is looked for at a place in a cell. */
export type CompletionPlace =
  | { readonly kind: "member"; readonly of: string }
  | { readonly kind: "import" }
  | { readonly kind: "name" };

/** Names, members and list items by number, as in `result.masks[0]?.map.`: nothing that would have to be called. */
const MEMBER = /([\w$]+(?:!?\??\.[\w$]+|!?(?:\?\.)?\[\d+\])*)!?\??\.[\w$]*$/;
const IMPORT = /\bimport\s*\{[^{}]*$/;
const FROM_SDK = /^[^{}]*\}\s*from\s*["']samrefiner["']/;
const NAME = /(?:^|[^.\w$])[A-Za-z_$][\w$]*$/;

/**
 * What may be written between two parts of a cell.
 *
 * @returns `undefined` where nothing can be known
 */
export function completionPlace(before: string, after: string): CompletionPlace | undefined {
  if (IMPORT.test(before)) return FROM_SDK.test(after) ? { kind: "import" } : undefined;
  const member = MEMBER.exec(before)?.[1];
  if (member !== undefined && !/^\d/.test(member)) return { kind: "member", of: member.replaceAll("!", "") };
  return NAME.test(before) ? { kind: "name" } : undefined;
}

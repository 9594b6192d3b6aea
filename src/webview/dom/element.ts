/** Makes elements. The page's security policy forbids style attributes, so looks come from classes. */

/** What an element starts with. */
export interface ElementOptions {
  readonly class?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly on?: { readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };
}

/** An element with its children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: ElementOptions = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  return dress(document.createElement(tag), options, ...children);
}

/** Gives an element what it starts with. */
export function dress<E extends HTMLElement>(
  made: E,
  options: ElementOptions,
  ...children: readonly (Node | string)[]
): E {
  if (options.class !== undefined) made.className = options.class;
  if (options.text !== undefined) made.textContent = options.text;
  for (const [name, value] of Object.entries(options.attributes ?? {})) made.setAttribute(name, value);
  for (const [type, listener] of Object.entries(options.on ?? {})) {
    made.addEventListener(type, listener as EventListener);
  }
  made.append(...children);
  return made;
}

/** Replaces text only where it differs, so that screen readers are not told anew. */
export function setText(target: Node, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

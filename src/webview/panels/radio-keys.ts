/** Arrow keys in a group of buttons of which one is on. */

const STEPS: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Lets arrow keys press the next button of the group. With `press: false` they only move the focus. */
export function radioKeys(group: HTMLElement, { press = true }: { readonly press?: boolean } = {}): void {
  group.addEventListener("keydown", (event) => {
    const by = STEPS[event.key];
    const buttons = [...group.querySelectorAll<HTMLElement>("[role='radio']")];
    const at = buttons.indexOf(event.target as HTMLElement);
    if (by === undefined || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = buttons[(at + by + buttons.length) % buttons.length]!;
    next.focus();
    if (press) next.click();
  });
}

/** Listens to keys for the whole page. */
import type { App } from "../app.ts";
import { bindingOf, keyName } from "./key-map.ts";
import { promptKey } from "./prompt-keys.ts";

/** Runs the commands of keys. `surface` is the stage: keys that other controls share are its when it has the focus. */
export function listenToKeys(app: App, surface: HTMLElement): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || app.store.state.helpOpen) return;
    const name = keyName(event);
    const onStage = event.target === surface || event.target === document.body;
    const done = run(app, name, event, onStage);
    if (done) event.preventDefault();
    // VS Code has keys of its own for letters, those of a review for example.
    if (takesLetters(event.target) && name.length === 1) event.stopPropagation();
  });
  const release = (): void => app.store.update({ holdCoarse: false });
  document.addEventListener("keyup", ({ key }) => {
    if (key.toLowerCase() === "c") release();
  });
  window.addEventListener("blur", release);
}

/** Whether the key was one of the page's. */
function run(app: App, name: string, event: KeyboardEvent, onStage: boolean): boolean {
  if (name === "c" && !takesLetters(event.target)) {
    app.store.update({ holdCoarse: true });
    return true;
  }
  if (onStage && promptKey(app, name)) return true;
  const binding = bindingOf(name);
  if (binding === undefined || (binding.shared && !onStage) || takesLetters(event.target)) return false;
  if (event.repeat && !binding.shared && !["+", "=", "-", "j", "k", "[", "]"].includes(name)) return true;
  binding.run(app);
  return true;
}

/** Dropdowns go to the entry whose letter is typed. */
function takesLetters(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("vscode-dropdown") !== null;
}

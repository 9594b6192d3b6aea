/**
 * Buttons, checkboxes, dropdowns and the progress ring, from `@vscode/webview-ui-toolkit`. The toolkit is archived
 * upstream: this is the only file that knows it (docs/adr), so that another one can take its place.
 */
import "./dom/give-nonce.ts";
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
} from "@vscode/webview-ui-toolkit";
import { dress, type ElementOptions, element } from "./dom/element.ts";

/** Makes the controls' elements known to the browser. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeProgressRing(),
  );
}

/** A button with a text. */
export interface ButtonOptions extends ElementOptions {
  /** @default "secondary" */
  readonly look?: "primary" | "secondary";
  readonly onPress: () => void;
}

/** A push button. */
export function button(
  text: string,
  { look = "secondary", onPress, ...options }: ButtonOptions,
): HTMLElement {
  const made = dress(document.createElement("vscode-button"), { ...options, text });
  made.setAttribute("appearance", look);
  made.addEventListener("click", onPress);
  return made;
}

/** A control that is on or off. */
export interface Checkbox {
  readonly root: HTMLElement;
  set(checked: boolean, disabled?: boolean): void;
}

/** A checkbox with its text; `onChange` is called for the user's changes only. */
export function checkbox(options: ElementOptions, onChange: (checked: boolean) => void): Checkbox {
  const root = dress(document.createElement("vscode-checkbox"), options) as HTMLElement & {
    checked: boolean;
    disabled: boolean;
  };
  let setting = false;
  root.addEventListener("change", () => {
    if (!setting) onChange(root.checked);
  });
  return {
    root,
    set: (checked, disabled = false) => {
      setting = true;
      root.checked = checked;
      root.disabled = disabled;
      setting = false;
    },
  };
}

/** A control with one of several values. */
export interface Dropdown {
  readonly root: HTMLElement;
  set(value: string): void;
}

/** A dropdown; `choices` by value, with what the user reads. */
export function dropdown(
  label: string,
  choices: Readonly<Record<string, string>>,
  onChange: (value: string) => void,
): Dropdown {
  const options = Object.entries(choices).map(([value, text]) =>
    dress(document.createElement("vscode-option"), { text, attributes: { value } }),
  );
  const root = dress(
    document.createElement("vscode-dropdown"),
    { attributes: { "aria-label": label } },
    ...options,
  ) as HTMLElement & { value: string };
  root.addEventListener("change", () => onChange(root.value));
  return {
    root,
    set: (value) => {
      if (root.value !== value) root.value = value;
    },
  };
}

/** Turns while something is awaited. */
export function progressRing(): HTMLElement {
  return element("div", { class: "ring" }, document.createElement("vscode-progress-ring"));
}

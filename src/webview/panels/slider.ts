/** A labelled range input with its value; the toolkit has none. */
import { element, setText } from "../dom/element.ts";

/** What a slider is. */
export interface SliderOptions {
  readonly label: string;
  /** A letter that the method's paper uses. */
  readonly symbol?: string;
  /** Explains it, also in a tooltip. */
  readonly hint?: string;
  /** Positions of the input; evenly spaced. */
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** The value at a position. @default the position */
  readonly toValue?: (position: number) => number;
  /** The position of a value. @default the value */
  readonly toPosition?: (value: number) => number;
  /** The value as it is read. @default its digits */
  readonly show?: (value: number) => string;
  readonly onInput: (value: number) => void;
}

/** A slider on the page. */
export interface Slider {
  readonly root: HTMLElement;
  /** A value outside of the range widens it. `why` tells why it is disabled. */
  set(value: number, why?: string): void;
}

let nextId = 1;

/** Makes a slider. */
export function slider(options: SliderOptions): Slider {
  const { label, symbol, hint = "", min, max, step, onInput } = options;
  const toValue = options.toValue ?? ((position) => position);
  const toPosition = options.toPosition ?? ((value) => value);
  const show = options.show ?? String;
  const id = `slider-${nextId++}`;
  const input = element("input", {
    attributes: { type: "range", id, min: String(min), max: String(max), step: String(step), title: hint },
  });
  const output = element("output", { class: "value", attributes: { for: id } });
  const why = element("span", { class: "why", attributes: { id: `${id}-why` } });
  const name = element("label", { attributes: { for: id, title: hint } }, label);
  if (symbol !== undefined) name.append(" ", element("i", { class: "symbol", text: symbol }));
  const root = element("div", { class: "slider" }, name, input, output, why);
  const tell = (value: number): void => {
    setText(output, show(value));
    input.setAttribute("aria-valuetext", show(value));
    const share = (Number(input.value) - Number(input.min)) / (Number(input.max) - Number(input.min));
    input.style.setProperty("--share", `${100 * share}%`);
  };
  input.addEventListener("input", () => {
    const value = toValue(Number(input.value));
    tell(value);
    onInput(value);
  });
  input.setAttribute("aria-describedby", why.id);
  return {
    root,
    set: (value, reason) => {
      const position = toPosition(value);
      if (position > Number(input.max)) input.max = String(position);
      if (position < Number(input.min)) input.min = String(position);
      // While it is dragged, the hand is right.
      if (Math.abs(Number(input.value) - position) > step / 2) input.value = String(position);
      input.disabled = reason !== undefined;
      setText(why, reason ?? "");
      root.classList.toggle("disabled", reason !== undefined);
      tell(value);
    },
  };
}

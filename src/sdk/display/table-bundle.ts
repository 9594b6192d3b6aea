/** Tables in notebooks. */
import type { MimeBundle } from "./displayed.ts";

/** A table with lines above and below it. */
export interface DisplayTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Sentences below the table. */
  readonly remarks: readonly string[];
}

/** Most rows that are shown: a notebook keeps its outputs in its file. */
const MOST_ROWS = 100;
const MOST_REMARKS = 20;

/** A table as HTML, and as text in columns. */
export function tableBundle(table: DisplayTable): MimeBundle {
  const { rows, remarks } = table;
  const left = rows.length - MOST_ROWS;
  const hidden = remarks.length - MOST_REMARKS;
  const shown = {
    ...table,
    rows: rows.slice(0, MOST_ROWS),
    remarks: [
      ...(left > 0 ? [`${left} more rows are not shown.`] : []),
      ...remarks.slice(0, MOST_REMARKS),
      ...(hidden > 0 ? [`${hidden} more remarks are not shown.`] : []),
    ],
  };
  return { "text/html": htmlOf(shown), "text/plain": textOf(shown) };
}

/** Text that may stand anywhere in HTML. */
export function escapeHTML(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => names[character]!);
}

function htmlOf({ title, columns, rows, remarks }: DisplayTable): string {
  const head = columns.map((name) => `<th>${escapeHTML(name)}</th>`).join("");
  const body = rows.map((row) => `<tr>${row.map(cellOf).join("")}</tr>`).join("");
  const below = remarks.map((remark) => `<li>${escapeHTML(remark)}</li>`).join("");
  const list = below === "" ? "" : `<ul>${below}</ul>`;
  return `<p><b>${escapeHTML(title)}</b></p><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>${list}`;
}

function cellOf(value: string | number): string {
  const side = typeof value === "number" ? "right" : "left";
  return `<td style="text-align:${side}">${escapeHTML(shorten(value))}</td>`;
}

function textOf({ title, columns, rows, remarks }: DisplayTable): string {
  const cells = [columns, ...rows.map((row) => row.map(shorten))];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const lines = cells.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join("  ")
      .trimEnd(),
  );
  return [title, ...lines, ...remarks].join("\n");
}

/** Whole numbers as they are, others with four digits after the point. */
function shorten(value: string | number): string {
  return typeof value === "number" && !Number.isInteger(value) ? value.toFixed(4) : String(value);
}

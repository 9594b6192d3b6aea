/** A run's report as one page that needs nothing but itself. */

/** A picture with words. */
export interface ReportCard {
  readonly title: string;
  readonly lines: readonly string[];
  /** `data:` URI; absent where there is nothing to show. */
  readonly image?: string;
}

/** A row of cards. */
export interface ReportGallery {
  readonly heading: string;
  readonly explanation: string;
  readonly cards: readonly ReportCard[];
}

/** A column of the table. */
export interface ReportColumn {
  readonly title: string;
  readonly numeric: boolean;
}

/** What the page says. */
export interface ReportPage {
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly counts: readonly { readonly name: string; readonly count: number }[];
  readonly failures: readonly { readonly where: string; readonly message: string }[];
  readonly galleries: readonly ReportGallery[];
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly (readonly (string | number | undefined)[])[];
  /** What the page leaves out; empty for nothing. */
  readonly remark: string;
}

/** The page as HTML. It loads nothing, its only script sorts and filters the table. */
export function reportPage(page: ReportPage): string {
  const title = escapeHTML(page.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'" />
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
${countList(page.counts)}
${factList(page.facts)}
${failureSection(page.failures)}
${page.galleries.map(gallery).join("\n")}
${tableSection(page)}
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function countList(counts: ReportPage["counts"]): string {
  const items = counts.map(
    ({ name, count }) =>
      `<li class="${escapeHTML(name)}${count === 0 ? " none" : ""}"><b>${count.toLocaleString("en-US")}</b> ${escapeHTML(name)}</li>`,
  );
  return `<ul class="counts">${items.join("")}</ul>`;
}

function factList(facts: ReportPage["facts"]): string {
  const items = facts.map(([name, value]) => `<dt>${escapeHTML(name)}</dt><dd>${escapeHTML(value)}</dd>`);
  return `<dl>${items.join("")}</dl>`;
}

function failureSection(failures: ReportPage["failures"]): string {
  if (failures.length === 0) return "";
  const items = failures.map(
    ({ where, message }) => `<li><b>${escapeHTML(where)}</b> ${escapeHTML(message)}</li>`,
  );
  return `<h2>Failed</h2>\n<ul class="failures">${items.join("")}</ul>`;
}

function gallery({ heading, explanation, cards }: ReportGallery): string {
  if (cards.length === 0) return "";
  return `<h2>${escapeHTML(heading)}</h2>\n<p>${escapeHTML(explanation)}</p>\n<div class="cards">${cards.map(card).join("")}</div>`;
}

function card({ title, lines, image }: ReportCard): string {
  const picture = image === undefined ? "" : `<img src="${escapeHTML(image)}" alt="${escapeHTML(title)}" />`;
  const text = lines.map((line) => `<span>${escapeHTML(line)}</span>`).join("");
  return `<figure>${picture}<figcaption><b>${escapeHTML(title)}</b>${text}</figcaption></figure>`;
}

function tableSection({ columns, rows, remark }: ReportPage): string {
  const kind = ({ numeric }: ReportColumn): string => (numeric ? ' class="number"' : "");
  const head = columns.map(
    (column) => `<th${kind(column)}><button type="button">${escapeHTML(column.title)}</button></th>`,
  );
  const body = rows.map(
    (row) =>
      `<tr>${row.map((value, i) => `<td${kind(columns[i]!)}>${escapeHTML(String(value ?? ""))}</td>`).join("")}</tr>`,
  );
  return `<h2>Regions</h2>
<p>${escapeHTML(remark)}</p>
<input type="search" placeholder="filter" aria-label="filter the table" />
<div class="scroll"><table><thead><tr>${head.join("")}</tr></thead>
<tbody>
${body.join("\n")}
</tbody></table></div>`;
}

/** Text that is nothing but text in HTML, inside and outside of attributes. */
function escapeHTML(text: string): string {
  const names: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  // Control characters cannot be written in HTML.
  return text
    .replace(/\p{Cc}/gu, (c) => ("\t\n".includes(c) ? c : "\ufffd"))
    .replace(/[&<>"']/g, (c) => names[c]!);
}

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1a1c20, #eceef2); --ground: light-dark(#ffffff, #16181d);
  --card: light-dark(#f2f3f6, #22252c); --muted: light-dark(#5a6270, #a4abb7); --line: light-dark(#d8dbe2, #3a3f4a); }
body { margin: 2rem auto; max-width: 80rem; padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--ground); }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
p, figcaption span, dt { color: var(--muted); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; } dd { margin: 0; overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: 0.5rem; padding: 0; list-style: none; }
.counts li { background: var(--card); border-radius: 0.5rem; padding: 0.4rem 0.9rem; }
.counts b { font-size: 1.3rem; } .counts .failed:not(.none) b { color: light-dark(#b3261e, #ff8a80); }
.failures { max-height: 20rem; overflow: auto; padding-left: 1.2rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1rem; }
figure { margin: 0; background: var(--card); border-radius: 0.5rem; overflow: hidden; }
figure img { display: block; width: 100%; height: 12rem; object-fit: contain; background: #16181d; }
figcaption { padding: 0.5rem 0.8rem; overflow-wrap: anywhere; } figcaption span { display: block; font-size: 0.85rem; }
input { padding: 0.3rem 0.6rem; margin-bottom: 0.5rem; font: inherit; }
.scroll { max-height: 80vh; overflow: auto; border: 1px solid var(--line); }
table { border-collapse: collapse; width: 100%; font-size: 0.85rem; } td, th { padding: 0.2rem 0.6rem; text-align: left; }
td { border-top: 1px solid var(--line); } th { position: sticky; top: 0; background: var(--card); }
th button { all: unset; cursor: pointer; font-weight: 600; } th button:focus-visible { outline: 2px solid; }
th[aria-sort="ascending"] button::after { content: " ↑"; } th[aria-sort="descending"] button::after { content: " ↓"; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
`;

const SCRIPT = `
const table = document.querySelector("table"), body = table.tBodies[0], rows = [...body.rows];
const heads = [...table.querySelectorAll("th")];
heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
  const down = head.getAttribute("aria-sort") === "ascending" ? -1 : 1, numeric = head.className === "number";
  for (const other of heads) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down === 1 ? "ascending" : "descending");
  const text = (row) => row.cells[column].textContent;
  rows.sort((a, b) => down * (numeric ? (parseFloat(text(a)) || 0) - (parseFloat(text(b)) || 0) : text(a).localeCompare(text(b))));
  body.append(...rows);
}));
document.querySelector("input").addEventListener("input", ({ target }) => {
  const wanted = target.value.toLowerCase();
  for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
});
`;

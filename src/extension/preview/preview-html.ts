/** The page that shows previews. */

/** What the page is made of; everything is escaped here. */
export interface PreviewHTML {
  /** `webview.cspSource`. */
  readonly cspSource: string;
  /** Addresses of the page's program and style, as the webview sees them. */
  readonly script: string;
  readonly style: string;
  /** Random, new for every page. */
  readonly nonce: string;
  /** Language tag of the window. */
  readonly language: string;
  readonly title: string;
  /** Translations, `vscode.l10n.bundle`; the page takes them from `data-texts` of its body. */
  readonly texts: Readonly<Record<string, unknown>>;
}

/**
 * A page that may run our one script and nothing else; it reaches no network, and pictures come in messages. The
 * toolkit's controls look for the nonce of their style elements in a `csp-nonce` property.
 */
export function previewHTML(page: PreviewHTML): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${page.nonce}'`,
    `style-src ${page.cspSource} 'nonce-${page.nonce}'`,
    "img-src blob: data:",
    `font-src ${page.cspSource}`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${escapeHTML(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHTML(policy)}">
<meta property="csp-nonce" content="${page.nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHTML(page.title)}</title>
<link rel="stylesheet" href="${escapeHTML(page.style)}">
</head>
<body data-texts="${escapeHTML(JSON.stringify(page.texts))}">
<script type="module" nonce="${page.nonce}" src="${escapeHTML(page.script)}"></script>
</body>
</html>`;
}

/** Text as it may stand in an element or a quoted attribute. */
export function escapeHTML(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Texts for people, in the language of the window. */

/** `vscode.l10n.t`, handed to what must work without VS Code. */
export type Translate = (message: string, ...args: (string | number | boolean)[]) => string;

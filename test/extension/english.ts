/** `vscode.l10n.t` of a window in English. */
export function english(message: string, ...args: (string | number | boolean)[]): string {
  return message.replace(/\{(\d+)\}/g, (_, index) => String(args[Number(index)]));
}

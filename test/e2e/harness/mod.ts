/** What the walks use. */
export { findCommand, pick, quickRow, reloadWindow, runCommand } from "./command-palette.ts";
export { contextMenu, explorerRow, menuEntries, openContextMenu, selectFiles } from "./explorer.ts";
export { makeWorkspace } from "./make-workspace.ts";
export {
  clearNotifications,
  dialogButton,
  notification,
  notificationButton,
  statusEntry,
} from "./notifications.ts";
export { openBrowser } from "./open-browser.ts";
export { openWindow, type Window, type WindowOptions, windowAddress } from "./open-window.ts";
export { previewFrame } from "./preview-frame.ts";
export { projectRoot } from "./project-root.ts";
export { shot } from "./shot.ts";
export { type Server, type ServerOptions, startServer } from "./start-server.ts";

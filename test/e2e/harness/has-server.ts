/** Whether VS Code comes as code-server, which Linux alone can install; `SAMREFINER_HOST=electron` has it downloaded there, too. */
export const hasServer: boolean =
  process.platform === "linux" && process.env["SAMREFINER_HOST"] !== "electron";

/** Progress of work that is often short. */
import * as vscode from "vscode";
import { signalOf } from "./abort.ts";
import { percentSteps } from "./percent-steps.ts";

/** How much is done; `done` and `total` count what `message` names. */
export interface Progress {
  readonly message: string;
  readonly done: number;
  readonly total: number;
}

/** Work that can be watched and cancelled. */
export type Work<T> = (signal: AbortSignal, report: (progress: Progress) => void) => Promise<T>;

const DELAY_MS = 500;

/** Does the work; a notification with a cancel button appears only when it takes longer than half a second. */
export async function withLateProgress<T>(title: string, work: Work<T>): Promise<T> {
  const controller = new AbortController();
  let show: (progress: Progress) => void = () => undefined;
  let last: Progress | undefined;
  const done = work(controller.signal, (progress) => {
    last = progress;
    show(progress);
  });
  const timer = setTimeout(() => {
    const options = { title, cancellable: true, location: vscode.ProgressLocation.Notification };
    void vscode.window.withProgress(options, async (progress, token) => {
      signalOf(token).addEventListener("abort", () => controller.abort());
      show = increments(progress);
      if (last !== undefined) show(last);
      // How it ends is the caller's to tell.
      await done.catch(() => undefined);
    });
  }, DELAY_MS);
  return done.finally(() => clearTimeout(timer));
}

function increments(
  progress: vscode.Progress<{ message?: string; increment?: number }>,
): (now: Progress) => void {
  const steps = percentSteps();
  return ({ message, done, total }) => {
    const step = steps(done, total);
    progress.report(step > 0 ? { message, increment: step } : { message });
  };
}

/** A run with its progress; one crash of the engine is overcome. */
import * as vscode from "vscode";
import type { RunSummary } from "../../protocol/engine.ts";
import { signalOf } from "../abort.ts";
import { EngineError, type EngineParams } from "../engine/mod.ts";
import { percentSteps } from "../percent-steps.ts";
import type { Services } from "../services.ts";
import { RunPace } from "./run-pace.ts";
import { runProgressText } from "./run-texts.ts";

/** A run as the engine is asked for it. */
export type RunRequest = EngineParams<"run/start">;

/**
 * Runs.
 *
 * @throws {EngineError} when it cannot be begun, or the engine ended twice
 */
export function doRun(services: Pick<Services, "engine" | "log">, run: RunRequest): Promise<RunSummary> {
  const options = {
    title: vscode.l10n.t("Refining masks"),
    location: vscode.ProgressLocation.Notification,
    cancellable: true,
  };
  return Promise.resolve(
    vscode.window.withProgress(options, (progress, token) => {
      const signal = signalOf(token);
      const report = reporter(progress);
      return attempt(services, run, signal, report);
    }),
  );
}

type Report = (message: string, done: number, total: number) => void;

async function attempt(
  { engine, log }: Pick<Services, "engine" | "log">,
  run: RunRequest,
  signal: AbortSignal,
  report: Report,
): Promise<RunSummary> {
  const start = (request: RunRequest): Promise<RunSummary> => {
    const pace = new RunPace();
    return engine.request("run/start", request, {
      signal,
      onProgress: ({ stage, done, total }) => {
        if (total > 0) pace.add(done, performance.now());
        report(runProgressText({ stage, done, total }, pace, vscode.l10n.t), done, total);
      },
    });
  };
  try {
    return await start(run);
  } catch (error) {
    if (!isCrash(error) || signal.aborted) throw error;
    log.warn(vscode.l10n.t("{0} The run continues from its journal.", error.message));
    return start({ ...run, resume: true });
  }
}

function isCrash(error: unknown): error is EngineError {
  return error instanceof EngineError && error.kind === "CrashError";
}

function reporter(progress: vscode.Progress<{ message?: string; increment?: number }>): Report {
  const step = percentSteps();
  return (message, done, total) => progress.report({ message, increment: step(done, total) });
}

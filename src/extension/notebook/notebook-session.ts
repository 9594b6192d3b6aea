/** A notebook with its kernel: what runs, in which order, and where its outputs go. */
import * as vscode from "vscode";
import type { CellOutput, Completion } from "../../protocol/kernel.ts";
import { messageOf } from "../tell-failure.ts";
import { CellWriter, type Displays } from "./cell-writer.ts";
import { KernelClient, type KernelOptions, type KernelOutcome } from "./kernel-client.ts";
import { linkCells } from "./link-cells.ts";

/** What a session works with. */
export interface SessionParts {
  readonly controller: vscode.NotebookController;
  readonly kernel: Omit<KernelOptions, "onOutput" | "onDeath">;
}

/** Runs the cells of one notebook. */
export class NotebookSession {
  readonly #controller: vscode.NotebookController;
  readonly #kernel: KernelClient;
  /** Cells by run, for outputs that come after it. */
  readonly #cells = new Map<string, vscode.NotebookCell>();
  readonly #writers = new Map<vscode.NotebookCell, CellWriter>();
  readonly #displays: Displays = new Map();
  readonly #queued = new Set<vscode.NotebookCellExecution>();
  #tail: Promise<void> = Promise.resolve();
  #order = 0;
  #runs = 0;
  #isRunning = false;

  constructor({ controller, kernel }: SessionParts) {
    this.#controller = controller;
    this.#kernel = new KernelClient({
      ...kernel,
      onOutput: (run, output) => void this.#show(run, output),
      onDeath: (how) => this.#died(how),
    });
  }

  /** Runs cells after those that run already, until one fails. */
  execute(cells: readonly vscode.NotebookCell[]): Promise<void> {
    const executions = cells.map((cell) => this.#controller.createNotebookCellExecution(cell));
    for (const execution of executions) this.#queued.add(execution);
    this.#tail = this.#tail.then(() => this.#runAll(executions));
    return this.#tail;
  }

  /** See {@link KernelClient.complete}. */
  complete(before: string, after: string): Promise<Completion[]> {
    return this.#kernel.complete(before, after);
  }

  /** Stops the running cell, and those that wait for it. */
  async interrupt(): Promise<void> {
    this.#dropQueued();
    await this.#kernel.interrupt();
  }

  /** The next cell starts without variables, as number 1. */
  async restart(): Promise<void> {
    this.#dropQueued();
    await this.#kernel.restart();
    await this.#tail;
    this.#order = 0;
    this.#cells.clear();
    this.#displays.clear();
  }

  async dispose(): Promise<void> {
    this.#dropQueued();
    await this.#kernel.dispose();
  }

  async #runAll(executions: readonly vscode.NotebookCellExecution[]): Promise<void> {
    for (const execution of executions) {
      if (!this.#queued.delete(execution)) continue;
      const isOk = await this.#run(execution);
      // Later cells build on this one.
      if (!isOk) for (const other of executions) this.#drop(other);
    }
  }

  async #run(execution: vscode.NotebookCellExecution): Promise<boolean> {
    const { cell } = execution;
    const order = ++this.#order;
    const id = String(++this.#runs);
    execution.executionOrder = order;
    execution.start(Date.now());
    await execution.clearOutput();
    const writer = new CellWriter(execution, this.#displays);
    this.#cells.set(id, cell);
    this.#writers.set(cell, writer);
    this.#isRunning = true;
    const run = { id, code: cell.document.getText(), name: `cell-${order}.ts` };
    const outcome = await this.#kernel.run(run).catch(notStarted);
    this.#isRunning = false;
    const error = errorOf(outcome);
    if (error !== undefined) writer.addError(error);
    await writer.end();
    this.#writers.delete(cell);
    execution.end(error === undefined, Date.now());
    return error === undefined;
  }

  async #show(run: string, output: CellOutput): Promise<void> {
    const earlier =
      output.kind === "display" && output.displayId !== undefined
        ? this.#displays.get(output.displayId)?.cell
        : undefined;
    const cell = earlier ?? this.#cells.get(run);
    if (cell === undefined || cell.index < 0) return;
    const writer = this.#writers.get(cell);
    if (writer !== undefined) writer.add(output);
    else await this.#showLate(cell, output);
  }

  /** A cell that is not executed takes no output: it is executed once more in appearance, to show what came later. */
  async #showLate(cell: vscode.NotebookCell, output: CellOutput): Promise<void> {
    const { executionOrder, success, timing } = cell.executionSummary ?? {};
    const execution = this.#controller.createNotebookCellExecution(cell);
    execution.executionOrder = executionOrder;
    execution.start(timing?.startTime);
    const writer = new CellWriter(execution, this.#displays);
    this.#writers.set(cell, writer);
    writer.add(output);
    // More of it may come at once.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await writer.end();
    this.#writers.delete(cell);
    execution.end(success, timing?.endTime);
  }

  #dropQueued(): void {
    for (const execution of this.#queued) this.#drop(execution);
  }

  #drop(execution: vscode.NotebookCellExecution): void {
    if (!this.#queued.delete(execution)) return;
    execution.start();
    execution.end(undefined);
  }

  #died(how: string): void {
    this.#order = 0;
    // A running cell tells it itself.
    if (this.#isRunning) return;
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        "The notebook's kernel ended: {0}. The next cell starts another, without the variables.",
        how,
      ),
    );
  }
}

function notStarted(error: unknown): KernelOutcome {
  const message = messageOf(error);
  return { status: "error", error: { name: "StartError", message, stack: "" } };
}

/** What to show below a cell that did not end well. */
function errorOf(outcome: KernelOutcome): Error | undefined {
  if (outcome.status === "ok") return undefined;
  if (outcome.status === "interrupted")
    return shown("Interrupted", vscode.l10n.t("The cell was interrupted."));
  if (outcome.status === "error")
    return shown(outcome.error.name, outcome.error.message, linkCells(outcome.error.stack));
  return shown(
    "KernelEnded",
    vscode.l10n.t("The kernel ended: {0}. The next cell starts another, without the variables.", outcome.how),
  );
}

function shown(name: string, message: string, stack = ""): Error {
  return Object.assign(new Error(message), { name, stack });
}

/** VS Code's progress takes steps of a hundred, not positions. */

/** Gives the step from the last position to this one, 0..100; none goes back, or counts where the total is unknown. */
export function percentSteps(): (done: number, total: number) => number {
  let shown = 0;
  return (done, total) => {
    const step = total > 0 ? Math.max(0, (100 * done) / total - shown) : 0;
    shown += step;
    return step;
  };
}

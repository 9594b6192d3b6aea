// What happens in the preview's page, noted from outside: runs in every frame of a window before its own scripts.

/**
 * Notes in `window.bench`, in milliseconds since 1970 so that a webview's agree with the window's:
 * `frames` of the stage that were drawn, `tiles` of masks that were painted, `answers` of the engine with its timings,
 * and when the mouse was `released` last. `shownAfter(answer)` says when its masks were on the screen.
 */
export function noteEvents() {
  const now = () => performance.timeOrigin + performance.now();
  const bench = { now, frames: [], tiles: [], answers: [], released: 0, shownAfter };
  window.bench = bench;
  window.addEventListener("mouseup", () => (bench.released = now()), { capture: true });

  // One message for a frame, which arrives when the browser is done with it.
  const channel = new MessageChannel();
  let open;
  channel.port1.onmessage = () => {
    open.end = now();
    open = undefined;
  };
  const { drawImage, putImageData } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.drawImage = function (...args) {
    if (open === undefined && this.canvas.classList?.contains("canvas")) {
      open = { start: now() };
      bench.frames.push(open);
      channel.port2.postMessage(null);
    }
    return drawImage.apply(this, args);
  };
  CanvasRenderingContext2D.prototype.putImageData = function (...args) {
    if (this.canvas.width === 512 && this.canvas.height === 512) bench.tiles.push(now());
    return putImageData.apply(this, args);
  };

  // The end of the last frame in which masks were painted that came with an answer.
  function shownAfter({ at }) {
    const painted = bench.tiles.findLast((tile) => tile >= at);
    const frame = bench.frames.find(({ end }) => end >= painted);
    if (frame === undefined) throw new Error("Nothing was drawn after the answer");
    return frame.end;
  }

  const { addEventListener } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (type, listener, ...rest) {
    if (this !== window || type !== "message" || typeof listener !== "function")
      return addEventListener.call(this, type, listener, ...rest);
    const noting = function (event) {
      const { rpc, result } = event.data ?? {};
      const timings = result?.timings ?? result?.view?.timings;
      if (rpc === "result" && timings !== undefined) {
        const regions = (result.regions ?? result.view.regions).length;
        bench.answers.push({ at: now(), timings, regions });
      }
      return listener.call(this, event);
    };
    return addEventListener.call(this, type, noting, ...rest);
  };
}

// Work that events cause is done on the next animation frame, once, with the newest data. A hidden page draws no frames:
// there a timer takes the frame's place.

/** A listener that runs `work` at most once a frame, with the last data it was given. */
export function onFrame<T>(work: (data: T) => void): (data: T) => void {
  let newest: T;
  let waiting = false;
  const run = () => {
    waiting = false;
    work(newest);
  };
  return (data) => {
    newest = data;
    if (waiting) return;
    waiting = true;
    if (document.hidden) setTimeout(run, 250);
    else requestAnimationFrame(run);
  };
}

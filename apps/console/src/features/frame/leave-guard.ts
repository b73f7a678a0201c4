type Ask = (path: string) => void;

let asking: Ask | null = null;

/** Until the answer is called, nothing of the frame leads away from the page without `ask` being asked first. */
export function guardLeaving(ask: Ask): () => void {
  asking = ask;
  return () => {
    if (asking === ask) asking = null;
  };
}

/** Whether one may go to an address at once; false when the page asks first and goes there itself. */
export function mayLeaveFor(path: string): boolean {
  if (asking === null) return true;
  asking(path);
  return false;
}

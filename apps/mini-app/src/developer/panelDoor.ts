const KEY = 'artel-billiards/panel';

/** Notes that the panel is to be open after the next reload: whoever killed the page from it wants to see what is left. */
export function leaveOpen(storage: () => Storage): void {
  try {
    storage().setItem(KEY, 'open');
  } catch {
    // Storage is off: the panel is opened by hand.
  }
}

/** Whether the panel was left open; asked twice, the second answer is no. */
export function wasLeftOpen(storage: () => Storage): boolean {
  try {
    const open = storage().getItem(KEY) === 'open';
    if (open) storage().removeItem(KEY);
    return open;
  } catch {
    return false;
  }
}

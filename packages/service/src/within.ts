/**
 * Settles as `work` does, or rejects after `ms`. Where this process itself stood still for that long, the answer may lie
 * there already, and is read before the timer counts. For what a client's own timeout does not bound.
 */
export async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const end = (): void => reject(new Error(`no answer within ${ms} ms`));
    timer = setTimeout(() => setImmediate(end), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Resolves with the work, or when `ms` have passed without it; never rejects. Tells whether the work was done. */
export function isDoneWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  return within(work, ms).then(
    () => true,
    () => false,
  );
}

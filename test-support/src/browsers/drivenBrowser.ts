/** What runs a function in a page: a page or a frame of Playwright, a tab of any other browser. */
export interface Evaluator {
  /** Runs a function in the page and returns what it returns, or what its promise resolves to, as JSON carries it. */
  evaluate<Result>(run: () => Result | Promise<Result>): Promise<Result>;
  evaluate<Result, Arg>(run: (arg: Arg) => Result | Promise<Result>, arg: Arg): Promise<Result>;
}

/** One tab of a browser. It takes one command at a time. */
export interface Tab extends Evaluator {
  /** Goes to an address and waits until the page has loaded. */
  goto(url: string): Promise<void>;
  /** Goes one step back or forward in the tab's history, and waits until the page there, that of `url`, has loaded. */
  travel(step: -1 | 1, url: string): Promise<void>;
  /** Cuts the tab off from the network; missing where the driver of the browser cannot. */
  goOffline?(): Promise<void>;
  close(): Promise<void>;
}

/** A real browser whose profile outlives it. */
export interface DrivenBrowser {
  openTab(url: string): Promise<Tab>;
  /**
   * Ends the process that serves IndexedDB, as iOS does to save memory. Pages live on, and the driver loses them; missing
   * where a browser has no such process.
   */
  loseDatabase?(): void;
  /** Sends SIGKILL to all its processes at once: no page of it runs another line. May be called again. */
  kill(): Promise<void>;
}

/** JavaScript that calls `run` with `args`: drivers take text. */
export function callOf<Arg>(run: (arg: Arg) => unknown, args: readonly unknown[]): string {
  return `(${run})(...${JSON.stringify(args)})`;
}

import type { BrowserContext, Page } from '@playwright/test';

/** Hears whatever of the client reaches the app. */
export interface Silence {
  /** Listens to every page of a context. */
  watch(context: BrowserContext): void;
  /** What the app should not have heard: errors, rejections, and console lines beyond one warning a document. */
  broken(): readonly string[];
}

/** Chromium's own note about a request that failed; no script can prevent it. */
const NETWORK_NOTE = /^Failed to load resource: /;

/** Documents that a page has loaded, its frames' too, and warnings that they gave. */
interface Tally {
  documents: number;
  readonly warnings: string[];
}

export function watchSilence(): Silence {
  const broken: string[] = [];
  const tallies = new Map<Page, Tally>();
  const tallyOf = (page: Page): Tally => {
    const tally = tallies.get(page) ?? { documents: 0, warnings: [] };
    tallies.set(page, tally);
    return tally;
  };
  return {
    watch(context) {
      const follow = (page: Page) =>
        page.on('framenavigated', () => {
          tallyOf(page).documents += 1;
        });
      for (const page of context.pages()) follow(page);
      context.on('page', follow);
      // Rejections that nobody handles come here too.
      context.on('weberror', (error) => broken.push(String(error.error())));
      context.on('console', (line) => {
        const text = line.text();
        const page = line.page();
        if (line.type() === 'error' && NETWORK_NOTE.test(text)) return;
        if (line.type() === 'warning' && page) tallyOf(page).warnings.push(text);
        else broken.push(`console.${line.type()}: ${text}`);
      });
    },
    broken() {
      const tooMany = [...tallies.values()].filter(({ documents, warnings }) => warnings.length > documents);
      return [...broken, ...tooMany.flatMap(({ warnings }) => warnings)];
    },
  };
}

import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { type ReactNode, StrictMode, Suspense, startTransition, useState, version } from 'react';
import { hydrateRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { viewedPages } from '../fixtures/viewedPages';
import { setCurrentClient } from './ambientTelemetry';
import { ErrorBoundary } from './errors/ErrorBoundary';
import { reactErrorHandlers } from './errors/reactErrorHandlers';
import { createFakeTelemetry, type TelemetryCall } from './testing';
import { useMetrics } from './useMetrics';
import { usePageView } from './usePageView';

let calls: readonly TelemetryCall[] = [];
let root: Root | undefined;
let consoleError: MockInstance;

beforeEach(() => {
  const fake = createFakeTelemetry();
  calls = fake.calls;
  setCurrentClient(fake.client);
  consoleError = vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  act(() => root?.unmount());
  root = undefined;
  cleanup();
  setCurrentClient(undefined);
  vi.restoreAllMocks();
});

const reports = () => calls.filter(([verb]) => verb === 'trackError').map(([, error]) => error);

const views = () => viewedPages(calls);

/** Something that a component waits for as React has it wait: by throwing the promise. */
function createGate() {
  let isOpen = false;
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = () => {
      isOpen = true;
      resolve();
    };
  });
  return {
    open: () => act(async () => open()),
    pass() {
      if (!isOpen) throw opened;
    },
  };
}

type Gate = ReturnType<typeof createGate>;

let rendered: string[] = [];

interface PageProps {
  readonly name: string;
  readonly gate?: Gate | undefined;
  readonly broken?: unknown;
}

function Page({ name, gate, broken }: PageProps): ReactNode {
  usePageView(name);
  const { trackUserAction } = useMetrics();
  rendered.push(name);
  gate?.pass();
  if (broken) throw broken;
  return (
    <button type="button" onClick={() => trackUserAction(`hit ${name}`)}>
      {name}
    </button>
  );
}

let attempts = 0;

/** Fails at the first attempt, and in the echo that React 18 in development has of it. */
function Flaky(): ReactNode {
  attempts += 1;
  if (attempts <= (version.startsWith('18.') ? 2 : 1)) throw new Error('once');
  return <p>mended</p>;
}

let go: (page: PageProps) => void = () => {};

function App({ first }: { readonly first: PageProps }): ReactNode {
  const [page, setPage] = useState(first);
  go = setPage;
  return (
    <Suspense fallback={<p>wait</p>}>
      <Page {...page} />
    </Suspense>
  );
}

describe('a render that is thrown away', () => {
  beforeEach(() => {
    rendered = [];
  });

  it('records nothing, as in a pending transition that another replaces', async () => {
    render(<App first={{ name: '/lobby' }} />, { wrapper: StrictMode });
    const gate = createGate();
    await act(async () => startTransition(() => go({ name: '/never', gate })));
    expect(rendered).toContain('/never');
    expect(screen.getByText('/lobby')).toBeTruthy();
    await act(async () => startTransition(() => go({ name: '/shop' })));
    await gate.open();
    expect(views()).toEqual(['/lobby', '/shop']);
    fireEvent.click(screen.getByText('/shop'));
    expect(calls.at(-1)).toEqual(['trackUserAction', 'hit /shop']);
  });

  it('reports none of its errors, since React tries again before it gives up', () => {
    attempts = 0;
    render(
      <ErrorBoundary fallback={<p>broken</p>}>
        <Flaky />
      </ErrorBoundary>,
      { onRecoverableError: () => {} },
    );
    expect(screen.getByText('mended')).toBeTruthy();
    expect(attempts).toBeGreaterThan(1);
    expect(reports()).toEqual([]);
  });
});

describe('a subtree that suspends', () => {
  it('counts its view once, when it is shown and not while its fallback is', async () => {
    const gate = createGate();
    render(<App first={{ name: '/game', gate }} />, { wrapper: StrictMode });
    expect(screen.getByText('wait')).toBeTruthy();
    expect(views()).toEqual([]);
    await gate.open();
    expect(screen.getByText('/game')).toBeTruthy();
    expect(views()).toEqual(['/game']);
  });

  it('counts no second view when it is hidden and shown again', async () => {
    render(<App first={{ name: '/game' }} />);
    const gate = createGate();
    await act(async () => go({ name: '/game', gate }));
    expect(screen.getByText('wait')).toBeTruthy();
    await gate.open();
    expect(views()).toEqual(['/game']);
  });

  it('comes back by a reset key even if it suspends first, and reports its error once', async () => {
    const gate = createGate();
    const broken = new Error('the cue broke');
    const show = (id: number, page: Partial<PageProps>) => (
      <StrictMode>
        <ErrorBoundary resetKeys={[id]} fallback={<p>broken</p>}>
          <Suspense fallback={<p>wait</p>}>
            <Page name="/game" {...page} />
          </Suspense>
        </ErrorBoundary>
      </StrictMode>
    );
    const { rerender } = render(show(1, { broken }));
    expect(screen.getByText('broken')).toBeTruthy();
    rerender(show(2, { gate }));
    expect(screen.getByText('wait')).toBeTruthy();
    await gate.open();
    expect(screen.getByText('/game')).toBeTruthy();
    expect(reports()).toEqual([broken]);
    expect(views()).toEqual(['/game']);
  });

  it('is caught by the boundary if its promise rejects', async () => {
    const gate = createGate();
    const failed = new Error('no answer');
    const pass = () => {
      gate.pass();
      throw failed;
    };
    render(
      <ErrorBoundary fallback={<p>broken</p>}>
        <Suspense fallback={<p>wait</p>}>
          <Page name="/game" gate={{ ...gate, pass }} />
        </Suspense>
      </ErrorBoundary>,
    );
    await gate.open();
    expect(screen.getByText('broken')).toBeTruthy();
    expect(reports()).toEqual([failed]);
  });
});

describe('hydration', () => {
  /** A page as a server sends it. */
  function served(node: ReactNode): HTMLElement {
    const element = document.body.appendChild(document.createElement('div'));
    element.innerHTML = renderToString(node);
    return element;
  }

  it('is silent, and counts the view once', async () => {
    const page = (
      <StrictMode>
        <ErrorBoundary>
          <Page name="/lobby" />
        </ErrorBoundary>
      </StrictMode>
    );
    const element = served(page);
    expect(views()).toEqual([]);
    const button = element.querySelector('button');
    await act(async () => {
      root = hydrateRoot(element, page, reactErrorHandlers());
    });
    expect(element.querySelector('button')).toBe(button);
    expect(views()).toEqual(['/lobby']);
    expect(reports()).toEqual([]);
    expect(consoleError).not.toHaveBeenCalled();
    fireEvent.click(screen.getByText('/lobby'));
    expect(calls.at(-1)).toEqual(['trackUserAction', 'hit /lobby']);
  });

  it('reports a page that differs from what the server sent, as handled', async () => {
    const element = served(<p>from the server</p>);
    await act(async () => {
      root = hydrateRoot(element, <p>from the page</p>, reactErrorHandlers());
    });
    expect(element.innerHTML).toBe('<p>from the page</p>');
    expect(reports()).not.toEqual([]);
    const facts = calls.filter(([verb]) => verb === 'trackError').map(([, , context]) => context);
    for (const one of facts) expect(one).toMatchObject({ handled: true });
  });

  it('shows the fallback for an error in it, and reports the error once', async () => {
    const broken = new Error('only here');
    const page = (here: boolean) => (
      <ErrorBoundary fallback={<p>broken</p>}>
        <Page name="/lobby" broken={here && broken} />
      </ErrorBoundary>
    );
    const element = served(page(false));
    await act(async () => {
      root = hydrateRoot(element, page(true), reactErrorHandlers());
    });
    expect(element.innerHTML).toBe('<p>broken</p>');
    expect(reports().filter((error) => error === broken)).toHaveLength(1);
  });
});

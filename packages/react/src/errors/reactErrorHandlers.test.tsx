import { Component, type ReactNode, version } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, type MockInstance, vi } from 'vitest';
import { setCurrentClient } from '../ambientTelemetry';
import { createFakeTelemetry, type TelemetryCall } from '../testing';
import { ErrorBoundary } from './ErrorBoundary';
import { reactErrorHandlers } from './reactErrorHandlers';

let calls: readonly TelemetryCall[] = [];
let root: Root | undefined;
let consoleError: MockInstance;
let given: MockInstance;

beforeEach(() => {
  const fake = createFakeTelemetry();
  calls = fake.calls;
  setCurrentClient(fake.client);
  consoleError = vi.spyOn(console, 'error').mockImplementation(() => {});
  given = vi.fn();
  vi.stubGlobal('reportError', given);
});
afterEach(() => {
  root?.unmount();
  root = undefined;
  setCurrentClient(undefined);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const reports = () => calls.filter(([verb]) => verb === 'trackError');
const facts = () => reports()[0]?.[2];

/** Renders into a root with our handlers and waits for the report: outside of `act`, as in an app. */
async function show(node: ReactNode): Promise<void> {
  root = createRoot(document.createElement('div'), reactErrorHandlers());
  root.render(node);
  await vi.waitFor(() => expect(reports()).not.toHaveLength(0));
}

function Table({ broken }: { readonly broken: unknown }): ReactNode {
  throw broken;
}

class ForeignBoundary extends Component<{ readonly children: ReactNode }> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    return this.state.failed ? null : this.props.children;
  }
}

// React 18 calls `onRecoverableError` only.
if (!version.startsWith('18.')) {
  it.each([
    ['an error', new Error('x')],
    ['a word', 'a word'],
  ])('leave %s that our boundary catches to the boundary', async (_, broken) => {
    await show(
      <ErrorBoundary name="table">
        <Table broken={broken} />
      </ErrorBoundary>,
    );
    expect(reports()).toHaveLength(1);
    expect(facts()).toMatchObject({ boundary: 'table', handled: true });
    expect(consoleError).toHaveBeenCalledWith(broken);
    expect(given).not.toHaveBeenCalled();
  });

  it("report what another's boundary catches, as handled", async () => {
    await show(
      <ForeignBoundary>
        <Table broken={new Error('x')} />
      </ForeignBoundary>,
    );
    expect(reports()).toHaveLength(1);
    expect(facts()).toMatchObject({ handled: true, component_stack: expect.stringContaining('Table') });
  });

  it('report an uncaught error once, as not handled, and pass it to the page as React would', async () => {
    const error = new Error('x');
    await show(<Table broken={error} />);
    expect(reports()).toHaveLength(1);
    expect(facts()).toMatchObject({ handled: false, component_stack: expect.stringContaining('Table') });
    expect(given).toHaveBeenCalledExactlyOnceWith(error);
    expect(consoleError).not.toHaveBeenCalledWith(error);
  });

  it('do not pass an uncaught string to the page, where it would count again', async () => {
    await show(<Table broken="a word" />);
    expect(reports()).toHaveLength(1);
    expect(given).not.toHaveBeenCalled();
    expect(consoleError).toHaveBeenCalledWith('a word');
  });

  it('do not pass an uncaught error to the page if Sentry cannot mark it and would send it again', async () => {
    const frozen = Object.freeze(new Error('cold'));
    await show(<Table broken={frozen} />);
    expect(reports()).toHaveLength(1);
    expect(given).not.toHaveBeenCalled();
    expect(consoleError).toHaveBeenCalledWith(frozen);
  });
}

it('report what React recovered from, as handled', () => {
  reactErrorHandlers().onRecoverableError(new Error('hydration'), { componentStack: '\n    at App' });
  expect(facts()).toMatchObject({ handled: true, component_stack: '\n    at App' });
});

it('show an error in the console even if no client was started', () => {
  setCurrentClient(undefined);
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const error = new Error('x');
  reactErrorHandlers().onCaughtError(error, {});
  expect(consoleError).toHaveBeenCalledWith(error);
});

it("report nothing of a framework's control flow, whoever caught it", () => {
  const handlers = reactErrorHandlers();
  for (const handle of Object.values(handlers)) handle({ isNotFound: true }, {});
  expect(reports()).toEqual([]);
});

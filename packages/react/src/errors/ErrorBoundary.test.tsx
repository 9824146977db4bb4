import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { Component, Fragment, type ReactNode, StrictMode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setCurrentClient } from '../ambientTelemetry';
import { createFakeTelemetry, type TelemetryCall } from '../testing';
import { ErrorBoundary } from './ErrorBoundary';

let calls: readonly TelemetryCall[] = [];

beforeEach(() => {
  const fake = createFakeTelemetry();
  calls = fake.calls;
  setCurrentClient(fake.client);
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  cleanup();
  setCurrentClient(undefined);
  vi.restoreAllMocks();
});

const reports = () => calls.filter(([verb]) => verb === 'trackError');
const facts = () => reports()[0]?.[2];

function Table({ broken }: { readonly broken: unknown }): ReactNode {
  if (broken) throw broken;
  return <p>the table</p>;
}

let breakage: unknown;

/** Breaks for as long as `breakage` says. */
function FlakyTable(): ReactNode {
  return <Table broken={breakage} />;
}

describe('the fallback', () => {
  it('is a card with the message and a way back when none is given', () => {
    render(
      <ErrorBoundary>
        <Table broken={new Error('the cue broke')} />
      </ErrorBoundary>,
    );
    const card = screen.getByRole('alert');
    expect(card.textContent).toContain('Something went wrong');
    expect(card.querySelector('details')?.textContent).toContain('the cue broke');
    expect(screen.getByRole('button', { name: 'Try again' }).getAttribute('type')).toBe('button');
    expect(card.style.background).toContain('--tg-theme-secondary-bg-color');
  });

  it('appears for any thrown value, even one that cannot become text', () => {
    render(
      <ErrorBoundary>
        <Table broken={Object.create(null)} />
      </ErrorBoundary>,
    );
    expect(screen.getByRole('alert').textContent).toContain('Something went wrong');
  });

  it('may be a node, null included', () => {
    const { container } = render(
      <>
        <ErrorBoundary fallback={<p>come back later</p>}>
          <Table broken={new Error('x')} />
        </ErrorBoundary>
        <ErrorBoundary fallback={null}>
          <Table broken={new Error('y')} />
        </ErrorBoundary>
      </>,
    );
    expect(container.innerHTML).toBe('<p>come back later</p>');
  });

  it('may be a function of the error, with the id of its report', () => {
    render(
      <ErrorBoundary
        fallback={({ error, eventId }) => (
          <p>
            {String(error)} #{eventId}
          </p>
        )}
      >
        <Table broken={new Error('the cue broke')} />
      </ErrorBoundary>,
    );
    const shown = screen.getByText(/the cue broke/).textContent ?? '';
    expect(shown).toMatch(/^Error: the cue broke #[\da-f]{32}$/);
    expect(facts()).toMatchObject({ event_id: shown.slice(-32) });
  });
});

describe('the way back', () => {
  it('is the button, which renders the children again', () => {
    const onReset = vi.fn();
    breakage = new Error('x');
    render(
      <ErrorBoundary onReset={onReset}>
        <FlakyTable />
      </ErrorBoundary>,
    );
    breakage = undefined;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(screen.getByText('the table')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(onReset).toHaveBeenCalledOnce();
  });

  it('is a changed reset key, but no other render', () => {
    const game = (id: number, broken: unknown) => (
      <ErrorBoundary resetKeys={[id]}>
        <Table broken={broken} />
      </ErrorBoundary>
    );
    const { rerender } = render(game(1, new Error('x')));
    rerender(game(1, undefined));
    expect(screen.queryByRole('alert')).not.toBeNull();
    rerender(game(2, undefined));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('does not loop when the change of a key is what breaks the children', () => {
    const onReset = vi.fn();
    const game = (id: number, broken: unknown) => (
      <ErrorBoundary resetKeys={[id]} onReset={onReset}>
        <Table broken={broken} />
      </ErrorBoundary>
    );
    const { rerender } = render(game(1, undefined));
    rerender(game(2, new Error('x')));
    expect(screen.queryByRole('alert')).not.toBeNull();
    expect(onReset).not.toHaveBeenCalled();
  });
});

describe('the report', () => {
  it('counts once and contains the component stack, the name and what the app adds', () => {
    const onError = vi.fn();
    const error = new Error('x');
    render(
      <ErrorBoundary
        name="table"
        onError={onError}
        beforeCapture={(scope) => {
          scope.setTag('errorBoundary', true);
          scope.setContext('game', { balls: 15 });
        }}
      >
        <Table broken={error} />
      </ErrorBoundary>,
    );
    expect(reports()).toEqual([
      [
        'trackError',
        error,
        expect.objectContaining({
          component_stack: expect.stringContaining('Table'),
          handled: true,
          boundary: 'table',
          errorBoundary: true,
          game: { balls: 15 },
        }),
      ],
    ]);
    expect(onError).toHaveBeenCalledExactlyOnceWith(error, expect.stringContaining('Table'));
  });

  it('counts once in StrictMode', () => {
    render(
      <StrictMode>
        <ErrorBoundary>
          <Table broken={new Error('x')} />
        </ErrorBoundary>
      </StrictMode>,
    );
    expect(reports()).toHaveLength(1);
  });

  it('counts once where an outer boundary sees the same error again', () => {
    const error = new Error('x');
    render(
      <ErrorBoundary>
        <ErrorBoundary
          fallback={() => {
            throw error;
          }}
        >
          <Table broken={error} />
        </ErrorBoundary>
      </ErrorBoundary>,
    );
    expect(screen.getByRole('alert')).toBeTruthy();
    expect(reports()).toHaveLength(1);
  });

  it("is sent even if the app's beforeCapture throws", () => {
    const outer = vi.fn();
    render(
      <ErrorBoundary onError={outer}>
        <ErrorBoundary
          beforeCapture={() => {
            throw new Error('in the hook');
          }}
        >
          <Table broken={new Error('x')} />
        </ErrorBoundary>
      </ErrorBoundary>,
    );
    expect(reports().map(([, error]) => String(error))).toContain('Error: x');
  });

  it('counts a thrown string and a frozen error too', () => {
    for (const broken of ['a word', Object.freeze(new Error('cold'))]) {
      render(
        <ErrorBoundary>
          <Table broken={broken} />
        </ErrorBoundary>,
      );
    }
    expect(reports().map(([, error]) => String(error))).toEqual(['a word', 'Error: cold']);
  });
});

const redirect = Object.assign(new Error('NEXT_REDIRECT'), {
  digest: 'NEXT_REDIRECT;replace;/login;307;',
});

/** Like those of Next: shows where a redirect leads, and passes everything else on. */
class RedirectBoundary extends Component<{ readonly children: ReactNode }> {
  override state: { readonly thrown?: unknown } = {};
  static getDerivedStateFromError(thrown: unknown) {
    return { thrown };
  }
  override render() {
    const { thrown } = this.state;
    return thrown ? <p>{thrown === redirect ? 'redirected' : 'failed'}</p> : this.props.children;
  }
}

describe('the control flow of a framework', () => {
  it.each([
    ['', Fragment],
    [' in StrictMode', StrictMode],
  ])("passes through nested boundaries to the framework's own, and counts nothing%s", (_, wrapper) => {
    const onError = vi.fn();
    render(
      <RedirectBoundary>
        <ErrorBoundary onError={onError}>
          <ErrorBoundary>
            <Table broken={redirect} />
          </ErrorBoundary>
        </ErrorBoundary>
      </RedirectBoundary>,
      { wrapper },
    );
    expect(screen.getByText('redirected')).toBeTruthy();
    expect(reports()).toEqual([]);
    expect(onError).not.toHaveBeenCalled();
  });

  it('passes through when a later render throws it', () => {
    const app = (broken: unknown) => (
      <RedirectBoundary>
        <ErrorBoundary>
          <Table broken={broken} />
        </ErrorBoundary>
      </RedirectBoundary>
    );
    const { rerender } = render(app(undefined));
    rerender(app(redirect));
    expect(screen.getByText('redirected')).toBeTruthy();
    expect(reports()).toEqual([]);
  });
});

// The page of e2e/reactErrors.spec.ts: each scenario throws one error. Which React it is built with, and for development or not,
// the test decides.
import { ErrorBoundary, initTelemetry, reactErrorHandlers, useErrorTracking } from '@artel/telemetry-react';
import { Component, type ReactNode, StrictMode, useEffect, useState, version } from 'react';
import { createRoot } from 'react-dom/client';

const asked = new URLSearchParams(location.search);

const client = initTelemetry({
  endpoint: '/api/metrics',
  app: 'errors',
  debug: false,
  sentry: {
    dsn: asked.get('dsn') ?? '',
    tracesSampleRate: 0,
    replaysSessionSampleRate: 0,
    replaysOnErrorSampleRate: 0,
  },
});

const kept = new Error('kept');
const frozen = Object.freeze(new Error('frozen'));

function Thrower({ thrown }: { readonly thrown: unknown }): ReactNode {
  throw typeof thrown === 'function' ? thrown() : thrown;
}

function EffectThrower(): ReactNode {
  useEffect(() => {
    throw kept;
  }, []);
  return null;
}

function LaterThrower(): ReactNode {
  const [isBroken, setBroken] = useState(false);
  useEffect(() => setBroken(true), []);
  if (isBroken) throw new Error('later');
  return null;
}

function HandlerThrower({ thrown }: { readonly thrown: unknown }): ReactNode {
  return (
    <button
      type="button"
      id="throw"
      onClick={() => {
        throw thrown;
      }}
    >
      throw
    </button>
  );
}

function Catcher(): ReactNode {
  const { captureGameError } = useErrorTracking();
  return (
    <button
      type="button"
      id="throw"
      onClick={() => {
        try {
          throw kept;
        } catch (error) {
          captureGameError(error);
          throw error;
        }
      }}
    >
      throw
    </button>
  );
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

const fresh = () => new Error('fresh');
const rethrow = ({ error }: { readonly error: unknown }): never => {
  throw error;
};
const breakAgain = (): never => {
  throw new Error('of the fallback');
};
const caught = (node: ReactNode) => <ErrorBoundary fallback={<p>caught</p>}>{node}</ErrorBoundary>;

const scenarios: Record<string, () => ReactNode> = {
  'caught: made in each render': () => caught(<Thrower thrown={fresh} />),
  'caught: one object': () => caught(<Thrower thrown={kept} />),
  'caught: frozen': () => caught(<Thrower thrown={frozen} />),
  'caught: a word': () => caught(<Thrower thrown="a word" />),
  'caught: null': () => caught(<Thrower thrown={null} />),
  'caught: in an effect': () => caught(<EffectThrower />),
  'caught: in a later render': () => caught(<LaterThrower />),
  'caught twice: nested boundaries': () =>
    caught(
      <ErrorBoundary fallback={rethrow}>
        <Thrower thrown={fresh} />
      </ErrorBoundary>,
    ),
  'caught: thrown by the fallback': () =>
    caught(
      <ErrorBoundary fallback={breakAgain}>
        <Thrower thrown={fresh} />
      </ErrorBoundary>,
    ),
  "caught: another's boundary within ours": () =>
    caught(
      <ForeignBoundary>
        <Thrower thrown={fresh} />
      </ForeignBoundary>,
    ),
  'uncaught: made in each render': () => <Thrower thrown={fresh} />,
  'uncaught: one object': () => <Thrower thrown={kept} />,
  'uncaught: frozen': () => <Thrower thrown={frozen} />,
  'uncaught: a word': () => <Thrower thrown="a word" />,
  'uncaught: null': () => <Thrower thrown={null} />,
  'uncaught: in an effect': () => <EffectThrower />,
  'handler: an error': () => caught(<HandlerThrower thrown={kept} />),
  'handler: frozen': () => caught(<HandlerThrower thrown={frozen} />),
  'handler: a word': () => caught(<HandlerThrower thrown="a word" />),
  'handler: reported, then thrown on': () => caught(<Catcher />),
};

/** What the test asks of the page. */
export interface ErrorsPage {
  readonly react: string;
  run(scenario: string, options: { readonly handlers: boolean; readonly strict: boolean }): void;
  flush(): Promise<void>;
}

const run: ErrorsPage['run'] = (scenario, { handlers, strict }) => {
  const element = document.body.appendChild(document.createElement('div'));
  const node = scenarios[scenario]?.();
  createRoot(element, handlers ? reactErrorHandlers() : {}).render(
    strict ? <StrictMode>{node}</StrictMode> : node,
  );
};
Object.assign(window, { react: version, run, flush: () => client.flush() } satisfies ErrorsPage);

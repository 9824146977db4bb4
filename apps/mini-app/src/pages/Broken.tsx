import { ErrorBoundary } from '@artel/telemetry-react';
import { useState } from 'react';
import { Crash } from '../components/Crash';

/** Throws while it renders once it is broken, as a faulty component would. */
function Cue({ broken }: { readonly broken: boolean }) {
  if (broken) throw new Error('The cue broke');
  return (
    <svg className="whole-cue" viewBox="0 0 280 40" role="img" aria-label="A cue in one piece">
      <path d="M10 31 120 20.5" className="cue-butt" />
      <path d="M120 20.5 246 9.5" className="cue-tip" />
      <circle cx="262" cy="9" r="8" fill="url(#amber)" />
    </svg>
  );
}

export function Broken() {
  const [broken, setBroken] = useState(false);
  return (
    <ErrorBoundary
      name="cue"
      resetKeys={[broken]}
      fallback={({ resetError, eventId }) => (
        <Crash
          title="The cue is broken"
          eventId={eventId}
          onRetry={() => {
            setBroken(false);
            resetError();
          }}
        />
      )}
    >
      <section className="card lab" data-testid="cue">
        <Cue broken={broken} />
        <h2>Break something</h2>
        <p className="hint">
          This button makes a component fail while it renders. The boundary around it catches the error,
          reports it once, and offers a new cue.
        </p>
        <button
          type="button"
          className="button danger"
          data-testid="break-it"
          onClick={() => setBroken(true)}
        >
          Break the cue
        </button>
      </section>
    </ErrorBoundary>
  );
}

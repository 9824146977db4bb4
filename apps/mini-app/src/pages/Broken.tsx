import { ErrorBoundary } from '@artel/telemetry-react';
import { useState } from 'react';
import { Crash } from '../components/Crash';
import { useTexts } from '../i18n/useTexts';

/** Throws while it renders once it is broken, as a faulty component would. */
function Cue({ broken }: { readonly broken: boolean }) {
  const texts = useTexts().texts.broken;
  if (broken) throw new Error('The cue broke');
  return (
    <svg className="whole-cue" viewBox="0 0 280 40" role="img" aria-label={texts.cue}>
      <path d="M10 31 120 20.5" className="cue-butt" />
      <path d="M120 20.5 246 9.5" className="cue-tip" />
      <circle cx="262" cy="9" r="8" fill="url(#amber)" />
    </svg>
  );
}

export function Broken() {
  const texts = useTexts().texts.broken;
  const [broken, setBroken] = useState(false);
  return (
    <ErrorBoundary
      name="cue"
      resetKeys={[broken]}
      fallback={({ resetError, eventId }) => (
        <Crash
          title={texts.down}
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
        <h2>{texts.title}</h2>
        <p className="hint">{texts.hint}</p>
        <button
          type="button"
          className="button danger"
          data-testid="break-it"
          onClick={() => setBroken(true)}
        >
          {texts.button}
        </button>
      </section>
    </ErrorBoundary>
  );
}

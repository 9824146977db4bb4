import { useState } from 'react';
import { useTexts } from '../i18n/useTexts';
import { type Outcome, probe, probes } from './probe';

/** Calls the game service in good and bad ways, for a look at what telemetry makes of them. */
export function ApiLab() {
  const { lab } = useTexts().texts;
  const [running, setRunning] = useState<string>();
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const [last, ...before] = outcomes;

  const run = async (name: string) => {
    const chosen = probes.find((candidate) => candidate.name === name);
    if (!chosen) return;
    setRunning(name);
    const outcome = await probe(chosen);
    setOutcomes((known) => [{ ...outcome, key: (known[0]?.key ?? 0) + 1 }, ...known].slice(0, 8));
    setRunning(undefined);
  };

  return (
    <div className="stack">
      <section className="card lab" aria-label={lab.calls}>
        <p className="hint">{lab.hint}</p>
        <div className="probes">
          {probes.map(({ name, method, path }) => (
            <button
              key={name}
              type="button"
              className="probe"
              data-testid={`api-${name}`}
              disabled={running !== undefined}
              onClick={() => run(name)}
            >
              <strong>{running === name ? lab.calling : lab.probes[name]}</strong>
              <code>
                {method} {path.replace('/api/game', '…').replace(/\?.*$/, '')}
              </code>
            </button>
          ))}
        </div>
      </section>
      <section className="card" aria-label={lab.answers} aria-live="polite">
        <h2>{lab.answers}</h2>
        {last ? (
          <ul className="answers">
            <Answer outcome={last} testId="api-result" />
            {before.map((outcome) => (
              <Answer key={outcome.key} outcome={outcome} testId="api-earlier" />
            ))}
          </ul>
        ) : (
          <p className="hint">{lab.none}</p>
        )}
      </section>
    </div>
  );
}

function Answer({ outcome, testId }: { readonly outcome: Outcome; readonly testId: string }) {
  const {
    texts: { lab },
    format,
  } = useTexts();
  const { name, status, ms } = outcome;
  return (
    <li className="answer" data-testid={testId} data-status={status} data-name={name}>
      <span className="status" data-good={status >= 200 && status < 400}>
        {status || lab.silence}
      </span>
      <span className="answer-label">{lab.probes[name]}</span>
      <span className="answer-ms">{format.duration(ms)}</span>
    </li>
  );
}

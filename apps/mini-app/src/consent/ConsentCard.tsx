import { useTexts } from '../i18n/useTexts';
import { Link } from '../router/Link';
import type { Consent } from './useConsent';

/** Asks once, on the first start; docked, so that it covers nothing and the game can go on without an answer. */
export function ConsentCard({ consent: { answer, status, decide } }: { readonly consent: Consent }) {
  const { consent } = useTexts().texts;
  if (answer !== undefined) return null;
  return (
    <section className="consent" aria-label={consent.title} data-testid="consent-card">
      <div className="consent-text">
        <h2>{consent.title}</h2>
        <p className="hint">
          {consent.what} {status === 'pending' ? consent.waiting : consent.on}{' '}
          <Link to="/privacy">{consent.more}</Link>
        </p>
      </div>
      <div className="consent-answers">
        <button type="button" className="button" data-testid="consent-deny" onClick={() => decide(false)}>
          {consent.no}
        </button>
        <button type="button" className="button" data-testid="consent-allow" onClick={() => decide(true)}>
          {consent.yes}
        </button>
      </div>
    </section>
  );
}

import { version } from '../../package.json';
import { Icon } from '../components/Icon';
import { Switch } from '../components/Switch';
import { useScheme } from '../components/useScheme';
import type { Consent } from '../consent/useConsent';
import { readPlatform } from '../developer/platform';
import { useLastBatch } from '../developer/useLastBatch';
import { useStats } from '../developer/useStats';
import type { Wire } from '../developer/wire';
import { LanguageChooser } from '../i18n/LanguageChooser';
import { useTexts } from '../i18n/useTexts';
import { Link } from '../router/Link';

interface Props {
  readonly consent: Consent;
  readonly wire: Wire;
  readonly onPanel: () => void;
}

/** What the player decides, and what the app knows of itself. */
export function Settings({ consent, wire, onPanel }: Props) {
  const {
    texts: { settings, titles },
  } = useTexts();
  const scheme = useScheme();
  const { batch } = useLastBatch(wire);
  const source = readPlatform(window).telegram ? settings.byTelegram : settings.byDevice;
  return (
    <div className="stack">
      <UsageData consent={consent} />
      <LanguageChooser />
      <section className="card rows" aria-label={settings.about}>
        <dl>
          <div className="row">
            <dt>{settings.theme}</dt>
            <dd data-testid="settings-theme">
              {settings[scheme]}, {source}
            </dd>
          </div>
          <div className="row">
            <dt>{settings.pseudonym}</dt>
            <dd data-testid="settings-pseudonym">{batch?.user ?? settings.nobody}</dd>
          </div>
          <div className="row">
            <dt>{settings.version}</dt>
            <dd data-testid="settings-version">{version}</dd>
          </div>
        </dl>
        <Link to="/privacy" className="row" data-testid="privacy-link">
          {titles.privacy}
          <Icon name="next" />
        </Link>
        <button type="button" className="row" data-testid="open-panel" onClick={onPanel}>
          {settings.developer}
          <Icon name="pulse" />
        </button>
      </section>
    </div>
  );
}

function UsageData({ consent: { status, decide } }: { readonly consent: Consent }) {
  const {
    texts: { settings },
    format,
  } = useTexts();
  const [stats, look] = useStats();
  const { dropped } = stats;
  const facts = [
    [settings.sent, stats.acknowledged, 'settings-sent'],
    [settings.waiting, stats.pending, 'settings-waiting'],
    [settings.refused, dropped['consent'] ?? 0, 'settings-refused'],
  ] as const;
  return (
    <section className="card usage" aria-label={settings.data} data-consent={status}>
      <h2>{settings.data}</h2>
      <Switch
        label={settings.share}
        hint={settings[status]}
        on={status === 'granted'}
        testId="consent-switch"
        onChange={(granted) => {
          decide(granted);
          look();
        }}
      />
      <p className="hint" id="usage-since">
        {settings.sinceOpening}
      </p>
      <dl className="books three" aria-describedby="usage-since">
        {facts.map(([name, events, testId]) => (
          <div key={testId}>
            <dt>{name}</dt>
            <dd data-testid={testId}>{format.number(events)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

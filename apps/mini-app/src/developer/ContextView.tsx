import type { Stats } from '@artel/telemetry-react';
import { useScheme } from '../components/useScheme';
import { useTexts } from '../i18n/useTexts';
import { readPlatform } from './platform';
import type { LastBatch } from './useLastBatch';

interface Props {
  readonly stats: Stats;
  readonly last: LastBatch;
  /** Name under which telemetry knows the page. */
  readonly page: string;
}

/** Who and where this page is, as far as telemetry knows. */
export function ContextView({ stats, last: { batch }, page }: Props) {
  const {
    language,
    texts: { panel, settings },
    format,
  } = useTexts();
  const scheme = useScheme();
  const { telegram, version } = readPlatform(window);
  const facts: readonly (readonly [name: string, value: string, testId: string])[] = [
    [panel.consent, panel.consents[stats.consent], 'context-consent'],
    [panel.sampled, stats.sampled ? panel.yes : panel.no, 'context-sampled'],
    [panel.page, page, 'context-page'],
    [panel.session, batch?.session ?? panel.unknown, 'context-session'],
    [panel.user, batch ? (batch.user ?? panel.none) : panel.unknown, 'context-user'],
    [panel.producer, batch?.producer ?? panel.unknown, 'context-producer'],
    [panel.batchNumber, batch?.seq === undefined ? panel.unknown : format.number(batch.seq), 'context-seq'],
    [panel.appVersion, batch?.app ?? panel.unknown, 'context-app'],
    [panel.platform, telegram ? `Telegram, ${telegram} ${version ?? ''}` : panel.browser, 'context-platform'],
    [panel.language, language, 'context-language'],
    [panel.theme, settings[scheme], 'context-theme'],
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value, testId]) => (
        <div key={testId}>
          <dt>{name}</dt>
          <dd data-testid={testId}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

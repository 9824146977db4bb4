import { describeError, type Fields } from '@artel/telemetry-protocol';
import { attempt } from './page/environment';
import type {
  AskToken,
  Contribution,
  IntegrationHost,
  TelegramEventData,
  TelemetryOptions,
} from './telemetry';
import type { Report } from './trouble';

/** The integrations of one client, and what they contribute. */
export interface Contributions {
  /** Sets the integrations up, once. */
  setUp(host: IntegrationHost): void;
  /** Returns the facts for log lines and spans. */
  context(): Fields;
  token(): AskToken | undefined;
  beforeHide(): void;
  onTelegramEvent(event: string, data: TelegramEventData): void;
  close(): void;
  stop(): void;
}

interface ContributionsDeps {
  readonly integrations: TelemetryOptions['integrations'];
  readonly report: Report;
}

export function createContributions({ integrations, report }: ContributionsDeps): Contributions {
  let made: readonly Contribution[] | undefined;

  const each = (run: (contribution: Contribution) => void) => {
    for (const contribution of made ?? []) attempt(() => run(contribution));
  };

  return {
    setUp(host) {
      if (made) return;
      const list: Contribution[] = [];
      // Integrations may record while they are set up.
      made = list;
      for (const integration of integrations ?? []) {
        // A conditional integration.
        if (!integration) continue;
        try {
          const contribution = integration.setup(host);
          if (contribution) list.push(contribution);
        } catch (error) {
          report('integration', `${integration.name}: ${describeError(error).message}`);
        }
      }
    },
    context() {
      let context: Fields = {};
      each((one) => {
        context = { ...context, ...one.context?.() };
      });
      return context;
    },
    token: () => made?.find((one) => one.token)?.token,
    beforeHide: () => each((one) => one.beforeHide?.()),
    onTelegramEvent: (event, data) => each((one) => one.onTelegramEvent?.(event, data)),
    close: () => each((one) => one.close?.()),
    stop: () => each((one) => one.stop?.()),
  };
}

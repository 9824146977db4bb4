import { datadogRum } from '@datadog/browser-rum';
import type { Adapter } from './Adapter';

/** Datadog RUM, every session sampled, replay off. */
export const { start, event }: Adapter = {
  start(origin) {
    datadogRum.init({
      applicationId: '00000000-0000-4000-8000-000000000000',
      clientToken: 'pub00000000000000000000000000000000',
      service: 'bench',
      version: '1.0.0',
      proxy: `${origin}/datadog`,
      sessionSampleRate: 100,
      sessionReplaySampleRate: 0,
      telemetrySampleRate: 0,
      trackUserInteractions: true,
    });
  },
  event(action) {
    datadogRum.addAction(action);
  },
};

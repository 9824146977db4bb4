// A module of its own, so that a bundler puts the recorder (a good third of Sentry) into a chunk of its own.
import { replayIntegration } from '@sentry/react';
import { scrubTree } from './scrubTree';

/** Makes the recorder: text masked, media blocked, no bodies of requests, breadcrumbs and spans scrubbed. */
export function createReplay(): ReturnType<typeof replayIntegration> {
  return replayIntegration({
    maskAllText: true,
    maskAllInputs: true,
    blockAllMedia: true,
    maskAttributes: ['title', 'placeholder', 'aria-label', 'alt', 'value'],
    networkDetailAllowUrls: [],
    networkCaptureBodies: false,
    beforeAddRecordingEvent: (event) => scrubTree(event),
  });
}

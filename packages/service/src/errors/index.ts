export { ErrorTracker, type GameContext } from './ErrorTracker';
export { errorCapture } from './errorCapture';
export { createLogListener } from './logListener';
export { scrubEvent } from './scrubEvent';
export { type Errors, type SentrySettings, setupSentry } from './setupSentry';

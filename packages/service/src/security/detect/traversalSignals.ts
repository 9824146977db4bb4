import type { NormalText } from './normalise';
import { matching, type Rule, type Signal } from './rule';

export const traversalRules: readonly Rule[] = [
  {
    name: 'system_file',
    score: 5,
    pattern:
      /^(?:file:\/\/)?\/?(?:\/etc\/(?:passwd|shadow|sudoers)|\/proc\/(?:self|\d{1,10})\/|[a-z]:\/(?:boot\.ini|windows\/))/,
  },
  {
    name: 'stream_wrapper',
    score: 5,
    pattern:
      /^(?:php:\/\/(?:filter|input|data)|expect:\/\/|phar:\/\/|zip:\/\/|file:\/\/\/(?:etc|proc|var|root|[a-z]:))/,
  },
];

const SECRET_FILE =
  /(?:^|\/)etc\/\w|proc\/(?:self|version|cmdline|\d)|(?:win|boot|php)\.ini|windows\/system32|\.(?:ssh|aws|kube)\/|id_rsa|web-inf|web\.config|inetpub|wwwroot|authorized_keys|\.pgpass|\.\w{1,8}_history|var\/(?:log|lib|www|backups?)|wp-config|\.env\b|\.git\/|\.ht(?:access|passwd)|(?:config|database|settings|secrets?)\.(?:php|ya?ml|json|xml|key|ini)|\/root\/|bin\/(?:ba)?sh|manager\/html/;

/** A step up, also as a filter that cuts `../` once makes it of `....//`, and as Tomcat reads `..;/`. */
const STEP = /(?<=^|[/=\\])\.{2,4}[;/]{1,3}/g;

const MAY_HOLD = /\.\.|^(?:\/|[a-z]:[\\/]|file:|php:|expect:|phar:|zip:)/;

export function traversalSignals({ flat, hidPath, hasNul }: NormalText): Signal[] {
  // A path has no space. Who writes about paths, imports them or changes to them, writes more than the path.
  if (!MAY_HOLD.test(flat) || /[\s'"()]/.test(flat)) return [];
  const path = flat.replaceAll('\\', '/');
  const signals = matching(traversalRules, path);
  const steps = path.match(STEP)?.length ?? 0;
  if (steps === 0) return signals;
  if (!path.includes('://')) signals.push({ name: 'steps_up', score: steps >= 5 ? 5 : Math.min(steps, 3) });
  if (SECRET_FILE.test(path)) signals.push({ name: 'secret_file', score: 4 });
  // What a filter that takes `../` out leaves a step of.
  if (/(?:^|[/=])\.{3,4}\//.test(path)) signals.push({ name: 'steps_within_steps', score: 3 });
  if (hidPath) signals.push({ name: 'hidden_steps', score: 3 });
  if (hasNul) signals.push({ name: 'cut_by_nul', score: 3 });
  return signals;
}

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));

/** The folder `observability`. */
export const observabilityFolder = join(folder, '../../..');

/** The policy file of the house. */
export const policyFile = join(observabilityFolder, 'retention/retention-policies.yml');

export const policiesText = readFileSync(policyFile, 'utf8');

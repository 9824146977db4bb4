export { type Access, readAccess } from './access/access';
export {
  alertmanagerVersion,
  type Preparation,
  type Prepared,
  prepareAlertmanager,
  type Version,
} from './alertmanager/prepareAlertmanager';
export type { BackupPlaces } from './backup/backupPlaces';
export type { Surroundings } from './command';
export { formatDuration, parseDuration } from './duration';
export { runOps } from './runOps';
export { makeSecrets } from './secrets/makeSecrets';

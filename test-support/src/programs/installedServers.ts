import { findProgram } from './findProgram';

/** Returns the folder of PostgreSQL's programs. */
export const installedPostgres = (): string | undefined => findProgram('postgres');
